using Custodia.Kernel.Access;
using Custodia.Kernel.Messaging;
using Custodia.Tickets.Contracts;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Tickets.Tickets;

/// <summary>Gives a ticket to a member of staff, or to nobody.</summary>
internal sealed class AssignTicket(TicketsContext context, Participants participants, Outbox outbox)
{
    public async Task<TicketOutcome> RunAsync(Caller caller, Ticket ticket, Guid? assignee, DateTimeOffset now, CancellationToken cancellation)
    {
        if (assignee is { } person && person != caller.Person && !await participants.IsStaffAsync(caller.Account, person, cancellation))
            return new TicketOutcome.Invalid("assignee", "is not a known member of staff");
        var done = await context.InTransactionAsync(
            async token =>
            {
                var changed = await context.Tickets
                    .Where(t => t.Id == ticket.Id && t.Version == ticket.Version)
                    .ExecuteUpdateAsync(
                        set => set.SetProperty(t => t.Assignee, assignee).SetProperty(t => t.UpdatedAt, now).SetProperty(t => t.Version, t => t.Version + 1),
                        token);
                if (changed == 0) return false;
                await participants.EnsureAsync(caller, token);
                var message = new TicketUpdated(ticket.Id, ticket.Number, ticket.Directory, "assignee", TicketProblems.Word(ticket.State), assignee);
                await outbox.PublishAsync(context, ticket.Account, ticket.Person, message, token);
                await context.SaveChangesAsync(token);
                return true;
            },
            cancellation);
        if (!done) return new TicketOutcome.Conflict();
        ticket.Assignee = assignee;
        ticket.Version++;
        return new TicketOutcome.Done(ticket);
    }
}
