using Custodia.Kernel.Deletion;
using Custodia.Kernel.Vault;
using Custodia.Tickets.Contacts;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Tickets.Erasure;

/// <summary>Opens everything that this service knows a person by, while their key still exists.</summary>
internal sealed class IdentifierReader(TicketsContext context, DataVault vault)
{
    private const string Use = "subject-rights";

    public async Task<Identifiers> ReadAsync(Subject subject, CancellationToken cancellation)
    {
        var names = new List<string?>();
        var exact = new List<string?>();
        var mobiles = new List<string?>();
        names.Add(await context.Participants.Where(p => p.Person == subject.Person).Select(p => p.UserName).FirstOrDefaultAsync(cancellation));
        if (await context.RegisteredContacts.AsNoTracking().FirstOrDefaultAsync(c => c.Person == subject.Person, cancellation) is { } registered)
        {
            names.Add(await OpenAsync(registered.Place("display-name"), registered.DisplayName, cancellation));
            exact.Add(await OpenAsync(registered.Place(ContactEmail.Field), registered.Email, cancellation));
            mobiles.Add(await OpenAsync(registered.Place(ContactMobile.Field), registered.Mobile, cancellation));
        }

        foreach (var contact in await context.ContactEmails.AsNoTracking().Where(c => c.Account == subject.Account && c.Person == subject.Person).ToListAsync(cancellation))
            exact.Add(await OpenAsync(contact.Place, contact.Email, cancellation));
        foreach (var contact in await context.ContactMobiles.AsNoTracking().Where(c => c.Account == subject.Account && c.Person == subject.Person).ToListAsync(cancellation))
            mobiles.Add(await OpenAsync(contact.Place, contact.Mobile, cancellation));
        return new Identifiers(names, exact, mobiles);
    }

    private async ValueTask<string?> OpenAsync(Place place, Sealed<string>? value, CancellationToken cancellation) =>
        value is null ? null : await vault.OpenAsync(place, value, Use, cancellation);
}
