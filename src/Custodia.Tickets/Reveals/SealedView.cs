using Custodia.Kernel.Vault;
using Custodia.Tickets.Authorisations;
using Custodia.Tickets.Contacts;
using Custodia.Tickets.Tickets;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Tickets.Reveals;

/// <summary>What is sealed in a ticket, as masks.</summary>
/// <param name="WaitingForCode">A contact whose code was sent and can still be entered.</param>
internal sealed record SealedView(
    MaskedContact? Email,
    MaskedContact? Mobile,
    string? RegisteredEmail,
    string? RegisteredMobile,
    IReadOnlyList<MaskedNote> Confidential,
    IReadOnlyList<MaskedGrant> Authorisations,
    ContactKind? WaitingForCode);

internal sealed record MaskedContact(string Mask, DateTimeOffset VerifiedAt);

internal sealed record MaskedNote(Guid Id, DateTimeOffset CreatedAt);

internal sealed record MaskedGrant(Guid Id, AccessScope Scope, Guid GrantedTo, string? GrantedToName, DateTimeOffset ValidFrom, DateTimeOffset ValidUntil);

internal sealed class SealedReader(TicketsContext context, DataVault vault, Participants participants, TimeProvider time)
{
    public const string Bullets = "••••••";

    public async Task<SealedView> ReadAsync(Ticket ticket, CancellationToken cancellation)
    {
        var email = await context.ContactEmails.AsNoTracking().FirstOrDefaultAsync(c => c.TicketId == ticket.Id, cancellation);
        var mobile = await context.ContactMobiles.AsNoTracking().FirstOrDefaultAsync(c => c.TicketId == ticket.Id, cancellation);
        var registered = ticket.Person is not { } person
            ? null
            : await context.RegisteredContacts.AsNoTracking().FirstOrDefaultAsync(c => c.Person == person && c.Account == ticket.Account, cancellation);
        var notes = await context.ConfidentialNotes.AsNoTracking().Where(n => n.TicketId == ticket.Id).OrderBy(n => n.Id).Take(100).ToListAsync(cancellation);
        return new SealedView(
            email is null ? null : new MaskedContact(await MaskAsync(email.Place, email.Email, cancellation), email.VerifiedAt),
            mobile is null ? null : new MaskedContact(await MaskAsync(mobile.Place, mobile.Mobile, cancellation), mobile.VerifiedAt),
            registered?.Email is { } e ? await MaskAsync(registered.Place(ContactEmail.Field), e, cancellation) : null,
            registered?.Mobile is { } m ? await MaskAsync(registered.Place(ContactMobile.Field), m, cancellation) : null,
            notes.ConvertAll(n => new MaskedNote(n.Id, n.CreatedAt)),
            await GrantsAsync(ticket, cancellation),
            await WaitingAsync(ticket, cancellation));
    }

    private async Task<IReadOnlyList<MaskedGrant>> GrantsAsync(Ticket ticket, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var grants = await context.Authorisations.AsNoTracking().Where(a => a.TicketId == ticket.Id && a.ValidUntil > now).OrderBy(a => a.Id).ToListAsync(cancellation);
        var names = await participants.NamesAsync(ticket.Account, grants.Select(g => (Guid?)g.GrantedTo), cancellation);
        return grants.ConvertAll(g => new MaskedGrant(g.Id, g.Scope, g.GrantedTo, names.GetValueOrDefault(g.GrantedTo), g.ValidFrom, g.ValidUntil));
    }

    private async Task<ContactKind?> WaitingAsync(Ticket ticket, CancellationToken cancellation)
    {
        var notBefore = time.GetUtcNow() - ContactCode.Lifetime;
        var code = await context.ContactCodes.AsNoTracking()
            .Where(c => c.TicketId == ticket.Id && c.CreatedAt > notBefore && c.Tries < ContactCode.MostTries)
            .OrderByDescending(c => c.CreatedAt)
            .FirstOrDefaultAsync(cancellation);
        return code?.Kind;
    }

    private async ValueTask<string> MaskAsync(Place place, Sealed<string> value, CancellationToken cancellation) =>
        await vault.MaskAsync(place, value, cancellation) ?? Bullets;
}
