namespace Custodia.Kernel.Messaging;

/// <summary>
/// Opens tickets for other services, and answers on them. Tickets implements it; nobody references Tickets. Where no module does, the operation that
/// needs it does not exist.
/// </summary>
public interface ITicketIntake
{
    /// <summary>Opens a ticket, once a key: a second call with the same key returns the first ticket.</summary>
    /// <returns>The ticket's id; null when the ticket was refused (its text, or a person whom Tickets does not know).</returns>
    Task<Guid?> CreateAsync(IncomingTicket ticket, CancellationToken cancellation);

    /// <summary>Answers on a ticket, once a key: a second call with the same key returns the first message.</summary>
    /// <returns>The message's id; null when it was refused (no such open ticket in the account, or its text).</returns>
    Task<Guid?> ReplyAsync(IncomingReply reply, CancellationToken cancellation);
}

/// <summary>A ticket that another service opens.</summary>
/// <param name="Account">The account's <c>uin</c>.</param>
/// <param name="Person">Whose ticket it is; null for nobody's.</param>
/// <param name="Title">1 to 200 characters.</param>
/// <param name="Description">1 to 20,000 characters.</param>
/// <param name="IdempotencyKey">8 to 100 characters, unique within the account.</param>
public sealed record IncomingTicket(long Account, Guid? Person, string Title, string Description, string IdempotencyKey);

/// <summary>A message of another service on a ticket.</summary>
/// <param name="Account">The account's <c>uin</c>.</param>
/// <param name="Text">1 to 20,000 characters.</param>
/// <param name="Internal">A note for staff only.</param>
/// <param name="IdempotencyKey">1 to 100 characters, unique within the ticket.</param>
public sealed record IncomingReply(long Account, Guid Ticket, string Text, bool Internal, string IdempotencyKey);
