using Custodia.Kernel.Messaging;
using Custodia.Tickets.Contracts;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Tickets.Tickets;

/// <summary>The person's judgement of a completed ticket; a second one replaces the first.</summary>
internal sealed class RateTicket(TicketsContext context, Outbox outbox)
{
    public async Task<TicketOutcome> RunAsync(Ticket ticket, int rating, CancellationToken cancellation)
    {
        if (rating is < 1 or > 5) return new TicketOutcome.Invalid("rating", "must be 1 to 5");
        if (ticket.State != TicketState.Completed) return new TicketOutcome.NotAllowed(ticket.State, []);
        var done = await context.InTransactionAsync(
            async token =>
            {
                var changed = await context.Tickets
                    .Where(t => t.Id == ticket.Id && t.State == TicketState.Completed)
                    .ExecuteUpdateAsync(set => set.SetProperty(t => t.Rating, rating), token);
                if (changed == 0) return false;
                await outbox.PublishAsync(context, ticket.Account, ticket.Person, new TicketRated(ticket.Id, ticket.Number, ticket.Directory, rating), token);
                await context.SaveChangesAsync(token);
                return true;
            },
            cancellation);
        return done ? new TicketOutcome.Done(ticket) : new TicketOutcome.Conflict();
    }
}
