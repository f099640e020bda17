using Custodia.Kernel.Access;
using Custodia.Kernel.Hosting;
using Custodia.Kernel.Messaging;
using Custodia.Tickets.Content;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Custodia.Tickets.Tickets;

/// <summary>Tickets that other services open on the account's behalf: by the same rules as everybody's.</summary>
internal sealed class TicketIntake(TicketsContext context, CreateTicket create, IOptions<CustodiaOptions> options) : ITicketIntake
{
    private const string Category = "service";
    private const string ProblemType = "request";

    public async Task<Guid?> CreateAsync(IncomingTicket ticket, CancellationToken cancellation)
    {
        var directory = "";
        if (ticket.Person is { } person)
        {
            var known = await context.Participants.Where(p => p.Person == person && p.Account == ticket.Account).Select(p => p.Directory).FirstOrDefaultAsync(cancellation);
            if (known is null) return null;
            directory = known;
        }

        var input = new NewTicket(ticket.Person, directory, Category, ProblemType, "normal", FreeText.Line(ticket.Title), FreeText.Clean(ticket.Description))
        {
            Id = Guid.CreateVersion7(),
            ContentKey = Guid.CreateVersion7(),
            IdempotencyKey = ticket.IdempotencyKey,
        };
        return await create.RunAsync(Caller.System(ticket.Account), input, options.Value.Region, cancellation) is TicketOutcome.Done done ? done.Ticket.Id : null;
    }
}
