using Custodia.Kernel.Access;
using Custodia.Kernel.Http;
using Custodia.Kernel.Vault;
using Custodia.Tickets.Authorisations;
using Custodia.Tickets.Contacts;
using Custodia.Tickets.Tickets;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Tickets.Reveals;

/// <summary>What of a ticket somebody asks to see.</summary>
internal abstract record RevealTarget
{
    public sealed record Email : RevealTarget;

    public sealed record Mobile : RevealTarget;

    public sealed record RegisteredEmail : RevealTarget;

    public sealed record RegisteredMobile : RevealTarget;

    public sealed record Note(Guid Id) : RevealTarget;

    /// <param name="Field"><c>host</c>, <c>system-account</c> or <c>password</c>.</param>
    public sealed record Grant(Guid Id, string Field) : RevealTarget;

    /// <summary>Target of a contact as the API names it.</summary>
    public static RevealTarget? Contact(string? name) => name switch
    {
        "email" => new Email(),
        "mobile" => new Mobile(),
        "registered-email" => new RegisteredEmail(),
        "registered-mobile" => new RegisteredMobile(),
        _ => null,
    };
}

/// <summary>Who asks, from where, for what and why.</summary>
internal sealed record RevealReason(Caller Caller, RequestFacts Facts, string? Purpose, string? Words);

/// <summary>Opens sealed values of tickets for staff; the vault decides by the policy's whitelist and keeps the record.</summary>
internal sealed class RevealSecret(TicketsContext context, DataVault vault, TimeProvider time)
{
    /// <summary>What the reveal log calls a ticket.</summary>
    public static string ObjectOf(Guid ticketId) => $"ticket/{ticketId:N}";

    /// <summary>Null when there is nothing of the kind in the ticket.</summary>
    public async Task<RevealOutcome<string>?> RunAsync(Ticket ticket, RevealTarget target, RevealReason why, CancellationToken cancellation)
    {
        if (await FindAsync(ticket, target, cancellation) is not { } found) return null;
        var request = new RevealRequest(found.Place, found.Person, why.Caller, why.Facts, why.Purpose ?? "", why.Words ?? "", ObjectOf(ticket.Id)) { OnlyFor = found.OnlyFor };
        return await vault.RevealAsync(request, found.Value, cancellation);
    }

    private async Task<Found?> FindAsync(Ticket ticket, RevealTarget target, CancellationToken cancellation)
    {
        switch (target)
        {
            case RevealTarget.Email:
                return await context.ContactEmails.AsNoTracking().FirstOrDefaultAsync(c => c.TicketId == ticket.Id, cancellation) is { } email
                    ? new Found(email.Place, email.Email, email.Person)
                    : null;
            case RevealTarget.Mobile:
                return await context.ContactMobiles.AsNoTracking().FirstOrDefaultAsync(c => c.TicketId == ticket.Id, cancellation) is { } mobile
                    ? new Found(mobile.Place, mobile.Mobile, mobile.Person)
                    : null;
            case RevealTarget.RegisteredEmail:
                return await RegisteredAsync(ticket, cancellation) is { Email: { } value } byEmail ? new Found(byEmail.Place(ContactEmail.Field), value, byEmail.Person) : null;
            case RevealTarget.RegisteredMobile:
                return await RegisteredAsync(ticket, cancellation) is { Mobile: { } number } byMobile ? new Found(byMobile.Place(ContactMobile.Field), number, byMobile.Person) : null;
            case RevealTarget.Note note:
                return await context.ConfidentialNotes.AsNoTracking().FirstOrDefaultAsync(n => n.Id == note.Id && n.TicketId == ticket.Id, cancellation) is { } text
                    ? new Found(text.Place, text.Text, text.Person)
                    : null;
            case RevealTarget.Grant grant:
                return await GrantAsync(ticket, grant, cancellation);
            default:
                throw new ArgumentOutOfRangeException(nameof(target));
        }
    }

    // A grant past its date is as good as gone, although its row waits for the next round of retention.
    private async Task<Found?> GrantAsync(Ticket ticket, RevealTarget.Grant target, CancellationToken cancellation)
    {
        if (!Authorisation.Fields.Contains(target.Field)) return null;
        var now = time.GetUtcNow();
        var grant = await context.Authorisations.AsNoTracking().FirstOrDefaultAsync(a => a.Id == target.Id && a.TicketId == ticket.Id && a.ValidUntil > now, cancellation);
        return grant is null ? null : new Found(grant.Place(target.Field), grant.Value(target.Field), grant.Person, grant.GrantedTo);
    }

    private Task<RegisteredContact?> RegisteredAsync(Ticket ticket, CancellationToken cancellation) =>
        context.RegisteredContacts.AsNoTracking().FirstOrDefaultAsync(c => c.Person == ticket.Person && c.Account == ticket.Account, cancellation);

    private sealed record Found(Place Place, Sealed<string> Value, Guid Person, Guid? OnlyFor = null);
}
