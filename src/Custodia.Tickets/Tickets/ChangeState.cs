using Custodia.Kernel.Access;
using Custodia.Kernel.Messaging;
using Custodia.Tickets.Contracts;
using Custodia.Tickets.Notifications;
using Custodia.Tickets.Retention;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Tickets.Tickets;

/// <summary>Takes steps of the life cycle. Closing forgets, in the same transaction, what was lent for the ticket.</summary>
internal sealed class ChangeState(TicketsContext context, Participants participants, Outbox outbox, ProgressNotice notice, Forgetting forgetting)
{
    /// <param name="ticket">As read for this caller.</param>
    /// <param name="version">The version the caller saw; null takes the one just read.</param>
    public async Task<TicketOutcome> RunAsync(Caller caller, Ticket ticket, string action, int? version, DateTimeOffset now, CancellationToken cancellation)
    {
        var side = Participants.SideOf(caller);
        if (version is { } seen && seen != ticket.Version) return new TicketOutcome.Conflict();
        if (Transitions.Find(ticket.State, action, side, ticket.ClosedAt, now) is not { } step)
            return new TicketOutcome.NotAllowed(ticket.State, [.. Transitions.Allowed(ticket.State, side, ticket.ClosedAt, now).Select(t => t.Action)]);
        var done = await context.InTransactionAsync(token => StoreAsync(caller, ticket, step, now, token), cancellation);
        if (!done) return new TicketOutcome.Conflict();
        if (Transitions.IsClosed(step.To)) await forgetting.DestroyKeysAsync(cancellation);
        ticket.State = step.To;
        ticket.Version++;
        ticket.UpdatedAt = now;
        ticket.ClosedAt = ClosedAt(ticket, step, now);
        return new TicketOutcome.Done(ticket);
    }

    private async Task<bool> StoreAsync(Caller caller, Ticket ticket, Transition step, DateTimeOffset now, CancellationToken cancellation)
    {
        var closedAt = ClosedAt(ticket, step, now);
        var takes = step.Action == TicketAction.Accept && caller.Kind == CallerKind.SubAccount ? caller.Person : null;
        // The version decides a race: of two steps that read the same ticket, one changes it.
        var changed = await context.Tickets
            .Where(t => t.Id == ticket.Id && t.Version == ticket.Version)
            .ExecuteUpdateAsync(
                set => set
                    .SetProperty(t => t.State, step.To)
                    .SetProperty(t => t.Version, t => t.Version + 1)
                    .SetProperty(t => t.UpdatedAt, now)
                    .SetProperty(t => t.ClosedAt, closedAt)
                    .SetProperty(t => t.Assignee, t => t.Assignee ?? takes),
                cancellation);
        if (changed == 0) return false;
        await participants.EnsureAsync(caller, cancellation);
        var word = TicketProblems.Word(step.To);
        await outbox.PublishAsync(context, ticket.Account, ticket.Person, new TicketUpdated(ticket.Id, ticket.Number, ticket.Directory, "state", word, ticket.Assignee ?? takes), cancellation);
        if (Participants.SideOf(caller) == Side.Staff) await notice.AddAsync(ticket, Progress.StateChanged, step.To, cancellation);
        if (Transitions.IsClosed(step.To))
        {
            if (!Transitions.IsClosed(step.From))
                await outbox.PublishAsync(context, ticket.Account, ticket.Person, new TicketClosed(ticket.Id, ticket.Number, ticket.Directory, word), cancellation);
            await forgetting.CloseAsync(ticket.Id, now, cancellation);
        }

        await context.SaveChangesAsync(cancellation);
        return true;
    }

    // The clock runs from the first close: deleting a completed ticket does not restart it.
    private static DateTimeOffset? ClosedAt(Ticket ticket, Transition step, DateTimeOffset now) =>
        Transitions.IsClosed(step.To) ? ticket.ClosedAt ?? now : null;
}
