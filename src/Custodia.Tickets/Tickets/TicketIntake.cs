using System.Security.Cryptography;
using System.Text;
using Custodia.Kernel.Access;
using Custodia.Kernel.Hosting;
using Custodia.Kernel.Messaging;
using Custodia.Tickets.Content;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Custodia.Tickets.Tickets;

/// <summary>Tickets that other services open and answer on the account's behalf: by the same rules as everybody's.</summary>
internal sealed class TicketIntake(TicketsContext context, CreateTicket create, Reply reply, IOptions<CustodiaOptions> options, TimeProvider time) : ITicketIntake
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

    public async Task<Guid?> ReplyAsync(IncomingReply incoming, CancellationToken cancellation)
    {
        if (await context.Tickets.AsNoTracking().FirstOrDefaultAsync(t => t.Account == incoming.Account && t.Id == incoming.Ticket, cancellation) is not { } ticket) return null;
        // The message's number says which key it came with, so the table itself knows what was said already.
        var id = IdOf(incoming);
        if (await context.Messages.AnyAsync(m => m.Id == id, cancellation)) return id;
        var input = new NewReply(FreeText.Clean(incoming.Text), incoming.Internal, Confirmed: false) { Id = id };
        return await reply.RunAsync(Caller.System(incoming.Account), ticket, input, time.GetUtcNow(), cancellation) is TicketOutcome.Done ? id : null;
    }

    /// <summary>Version 8 of RFC 9562: a hash.</summary>
    private static Guid IdOf(IncomingReply reply)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{reply.Ticket:N}\n{reply.IdempotencyKey}"));
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash.AsSpan(0, 16), bigEndian: true);
    }
}
