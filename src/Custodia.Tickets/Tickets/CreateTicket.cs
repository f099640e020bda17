using System.Security.Cryptography;
using System.Text;
using Custodia.Kernel.Access;
using Custodia.Kernel.Messaging;
using Custodia.Tickets.Contracts;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Tickets.Tickets;

/// <summary>Opens tickets.</summary>
internal sealed class CreateTicket(TicketsContext context, TicketTexts texts, Participants participants, Outbox outbox, TimeProvider time)
{
    /// <param name="region">Region of a ticket that names none.</param>
    public async Task<TicketOutcome> RunAsync(Caller caller, NewTicket input, string region, CancellationToken cancellation)
    {
        var findings = input.Findings();
        if (findings.Count > 0) return new TicketOutcome.Invalid(findings);
        var key = KeyHash(caller, input.IdempotencyKey);
        if (await ExistingAsync(caller.Account, key, cancellation) is { } earlier) return new TicketOutcome.Done(earlier, Repeated: true);
        if (caller.Person != input.Person && input.Person is { } other && !await IsKnownAsync(caller.Account, other, input.Directory, cancellation))
            return new TicketOutcome.Invalid("person", "is not a known person of the directory");
        var screened = texts.Examine(input.Confirmed, input.Files, ("title", input.Title), ("description", input.Description));
        if (screened.Count > 0) return new TicketOutcome.Screened(screened);
        return await StoreAsync(caller, input, key, region, cancellation);
    }

    private async Task<TicketOutcome> StoreAsync(Caller caller, NewTicket input, string? key, string region, CancellationToken cancellation)
    {
        var ticket = await MakeAsync(caller, input, key, region, cancellation);
        try
        {
            var repeated = await context.InTransactionAsync(
                async token =>
                {
                    if (await ExistingAsync(caller.Account, key, token) is { } earlier) return earlier;
                    await participants.EnsureAsync(caller, token);
                    ticket.Number = await NextNumberAsync(caller.Account, token);
                    context.Tickets.Add(ticket);
                    await texts.AddFilesAsync(caller, ticket, null, input.Files, token);
                    if (input.Confidential is { Length: > 0 } secret) await texts.AddConfidentialAsync(ticket, secret, token);
                    await outbox.PublishAsync(context, ticket.Account, ticket.Person, EventOf(ticket), token);
                    await context.SaveChangesAsync(token);
                    return null;
                },
                cancellation);
            if (repeated is not null) return new TicketOutcome.Done(repeated, Repeated: true);
        }
        catch (DbUpdateException) when (key is not null)
        {
            // Another server committed the same key first (PostgreSQL; on SQLite writers take turns).
            context.ChangeTracker.Clear();
            if (await ExistingAsync(caller.Account, key, cancellation) is { } earlier) return new TicketOutcome.Done(earlier, Repeated: true);
            throw;
        }

        foreach (var file in input.Files) file.Keep();
        return new TicketOutcome.Done(ticket);
    }

    private async Task<Ticket> MakeAsync(Caller caller, NewTicket input, string? key, string region, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        TicketProblems.TryWord<Severity>(input.Severity, out var severity);
        var ticket = new Ticket
        {
            Id = input.Id,
            Account = caller.Account,
            Directory = input.Directory,
            Person = input.Person,
            ContentKey = input.ContentKey,
            ProductCategory = input.ProductCategory,
            ProblemType = input.ProblemType,
            Severity = severity,
            Region = input.Region ?? region,
            State = TicketState.ToBeProcessed,
            UseRegisteredContact = input.UseRegisteredContact,
            CreatedAt = now,
            UpdatedAt = now,
            IdempotencyKey = key,
            Version = 1,
        };
        ticket.Title = await texts.Content.WriteAsync(ticket.TitlePlace, input.Title, cancellation);
        ticket.Description = await texts.Content.WriteAsync(ticket.DescriptionPlace, input.Description, cancellation);
        return ticket;
    }

    private async Task<long> NextNumberAsync(long account, CancellationToken cancellation)
    {
        // The row is locked until the transaction ends, so numbers neither repeat nor leave gaps.
        var counted = await context.AccountSettings.Where(a => a.Account == account)
            .ExecuteUpdateAsync(set => set.SetProperty(a => a.LastNumber, a => a.LastNumber + 1), cancellation);
        if (counted == 0)
        {
            context.AccountSettings.Add(new AccountSettings { Account = account, LastNumber = 1 });
            await context.SaveChangesAsync(cancellation);
            return 1;
        }

        return await context.AccountSettings.Where(a => a.Account == account).Select(a => a.LastNumber).SingleAsync(cancellation);
    }

    private Task<bool> IsKnownAsync(long account, Guid person, string directory, CancellationToken cancellation) =>
        context.Participants.AnyAsync(p => p.Person == person && p.Account == account && p.Directory == directory && p.Side == Side.Customer, cancellation);

    private async Task<Ticket?> ExistingAsync(long account, string? key, CancellationToken cancellation) =>
        key is null ? null : await context.Tickets.AsNoTracking().FirstOrDefaultAsync(t => t.Account == account && t.IdempotencyKey == key, cancellation);

    private static string? KeyHash(Caller caller, string? key) =>
        key is null ? null : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{caller.Kind}\n{caller.Person?.ToString("N") ?? caller.Name}\n{key}")));

    private static TicketCreated EventOf(Ticket ticket) => new(
        ticket.Id,
        ticket.Number,
        ticket.Directory,
        ticket.ProductCategory,
        ticket.ProblemType,
        TicketProblems.Word(ticket.Severity),
        ticket.Region,
        TicketProblems.Word(ticket.State));
}
