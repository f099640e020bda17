using Custodia.Console;
using Custodia.Tickets.Reveals;
using Custodia.Tickets.Screening;
using Custodia.Tickets.Tickets;

namespace Custodia.Tickets.Portal;

internal sealed record OwnTicketsModel(string Directory, TicketPage Page);

internal sealed record NewTicketModel(string Directory, FormState Form, IReadOnlyList<FieldFinding> Findings);

/// <summary>One ticket as its person sees it.</summary>
internal sealed record OwnTicketModel(
    string Directory,
    Ticket Ticket,
    Conversation Conversation,
    SealedView Sealed,
    IReadOnlyList<PastReveal> Reveals,
    IReadOnlyList<string> Actions,
    IReadOnlyList<Named> Staff,
    OwnTicketForms Forms)
{
    public string Path => $"/support/{Directory}/tickets/{Ticket.Number}";

    public bool IsOpen => !Transitions.IsClosed(Ticket.State);
}

/// <summary>The forms of the page; the one that was posted carries values and errors.</summary>
internal sealed record OwnTicketForms
{
    public FormState Reply { get; init; } = new();

    public IReadOnlyList<FieldFinding> Findings { get; init; } = [];

    public FormState Contact { get; init; } = new();

    public FormState Code { get; init; } = new();

    public FormState Confidential { get; init; } = new();

    public FormState Grant { get; init; } = new();

    public FormState Rating { get; init; } = new();

    /// <summary>What is wrong with the page as a whole, e.g. a step that is not possible any more.</summary>
    public FormState General { get; init; } = new();
}
