using Custodia.Kernel.Messaging;
using Custodia.Kernel.Policy;

namespace Custodia.Tickets.Contracts;

/// <summary>A ticket was opened. States, severities and sides are written as in the API (kebab-case).</summary>
/// <param name="TicketId">Id of the ticket; its page is reached by it.</param>
/// <param name="Number">Counts up per account.</param>
/// <param name="Directory">Directory of the person; empty when it is nobody's.</param>
[Event("tickets.ticket.created", 1)]
[Category("tickets.record")]
public sealed record TicketCreated(
    [property: Field("id")] Guid TicketId,
    long Number,
    string Directory,
    string ProductCategory,
    string ProblemType,
    string Severity,
    string Region,
    string State);

/// <summary>A ticket got a reply, a new state or a new assignee.</summary>
/// <param name="Change"><c>reply</c>, <c>state</c> or <c>assignee</c>.</param>
[Event("tickets.ticket.updated", 1)]
[Category("tickets.record")]
public sealed record TicketUpdated(
    [property: Field("id")] Guid TicketId,
    long Number,
    string Directory,
    string Change,
    string State,
    Guid? Assignee);

/// <summary>A ticket was completed, cancelled, found invalid or deleted.</summary>
[Event("tickets.ticket.closed", 1)]
[Category("tickets.record")]
public sealed record TicketClosed(
    [property: Field("id")] Guid TicketId,
    long Number,
    string Directory,
    string State);

/// <summary>The person rated a completed ticket.</summary>
/// <param name="Rating">1 to 5.</param>
[Event("tickets.ticket.rated", 1)]
[Category("tickets.record")]
public sealed record TicketRated(
    [property: Field("id")] Guid TicketId,
    long Number,
    string Directory,
    int Rating);
