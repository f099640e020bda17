using Custodia.Kernel.Access;
using Custodia.Kernel.Vault;
using Custodia.Tickets.Contacts;
using Custodia.Tickets.Retention;
using Custodia.Tickets.Tickets;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Tickets.Authorisations;

/// <param name="Until">End of the grant; at most 30 days ahead.</param>
internal sealed record NewGrant(string? Scope, string? Host, string? SystemAccount, string? Password, Guid? GrantedTo, DateTimeOffset? Until);

/// <summary>A person lends access to a system to one member of staff, and takes it back.</summary>
internal sealed class Grants(TicketsContext context, DataVault vault, Participants participants, Forgetting forgetting, TimeProvider time)
{
    private const int MostAtOnce = 10;

    public async Task<TicketOutcome> GrantAsync(Caller caller, Ticket ticket, NewGrant input, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        if (Transitions.IsClosed(ticket.State)) return new TicketOutcome.NotAllowed(ticket.State, []);
        var findings = Findings(input, now);
        if (input.GrantedTo is not { } staff || !await participants.IsStaffAsync(ticket.Account, staff, cancellation)) findings.Add(("grantedTo", "must be a member of staff"));
        if (findings.Count > 0) return new TicketOutcome.Invalid(findings);
        if (await context.Authorisations.CountAsync(a => a.TicketId == ticket.Id, cancellation) >= MostAtOnce)
            return new TicketOutcome.Invalid("host", $"at most {MostAtOnce} authorisations at once");
        var grant = await MakeAsync(caller, ticket, input, now, cancellation);
        return await context.InTransactionAsync<TicketOutcome>(
            async token =>
            {
                if (!await context.Tickets.AnyAsync(t => t.Id == ticket.Id && !Transitions.Closed.Contains(t.State), token)) return new TicketOutcome.Conflict();
                context.Authorisations.Add(grant);
                await context.SaveChangesAsync(token);
                return new TicketOutcome.Done(ticket);
            },
            cancellation);
    }

    /// <returns>False when there is no such grant (any more).</returns>
    public async Task<bool> RevokeAsync(Ticket ticket, Guid id, CancellationToken cancellation)
    {
        var removed = await context.InTransactionAsync(
            token => forgetting.RemoveAsync(context.Authorisations.Where(a => a.Id == id && a.TicketId == ticket.Id), "grant-revoked", token),
            cancellation);
        await forgetting.DestroyKeysAsync(cancellation);
        return removed > 0;
    }

    private static List<(string Field, string Rule)> Findings(NewGrant input, DateTimeOffset now)
    {
        var findings = new List<(string, string)>();
        if (!TicketProblems.TryWord<AccessScope>(input.Scope, out _)) findings.Add(("scope", "must be look, change or administer"));
        if (input.Host is not { Length: >= 1 and <= 500 }) findings.Add(("host", "must be 1 to 500 characters"));
        if (input.SystemAccount is not { Length: >= 1 and <= 200 }) findings.Add(("systemAccount", "must be 1 to 200 characters"));
        if (input.Password is not { Length: >= 1 and <= 500 }) findings.Add(("password", "must be 1 to 500 characters"));
        if (input.Until is not { } until || until <= now || until > now + Authorisation.Longest)
            findings.Add(("until", $"must lie ahead, at most {Authorisation.Longest.Days} days"));
        return findings;
    }

    private async Task<Authorisation> MakeAsync(Caller caller, Ticket ticket, NewGrant input, DateTimeOffset now, CancellationToken cancellation)
    {
        TicketProblems.TryWord<AccessScope>(input.Scope, out var scope);
        var id = Guid.CreateVersion7(now);
        var place = new Place(SecretKeys.Of(ticket.Account, id), Authorisation.Category, "", id.ToString("N"));
        return new Authorisation
        {
            Id = id,
            Account = ticket.Account,
            TicketId = ticket.Id,
            Person = caller.Person!.Value,
            GrantedTo = input.GrantedTo!.Value,
            Scope = scope,
            Host = await vault.SealAsync(place with { Field = "host" }, input.Host!, cancellation),
            SystemAccount = await vault.SealAsync(place with { Field = "system-account" }, input.SystemAccount!, cancellation),
            Password = await vault.SealAsync(place with { Field = "password" }, input.Password!, cancellation),
            ValidFrom = now,
            ValidUntil = input.Until!.Value,
        };
    }
}
