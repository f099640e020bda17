using System.Globalization;
using System.Runtime.CompilerServices;
using Custodia.Kernel.Deletion;
using Custodia.Kernel.Vault;
using Custodia.Tickets.Authorisations;
using Custodia.Tickets.Confidential;
using Custodia.Tickets.Contacts;
using Custodia.Tickets.Content;
using Custodia.Tickets.Tickets;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Tickets.Erasure;

/// <summary>Everything held about a person in tickets, opened for the person.</summary>
internal sealed class SubjectExportReader(TicketsContext context, TicketContent content, DataVault vault)
{
    private const string Use = "subject-rights";

    public async IAsyncEnumerable<ExportedItem> ReadAsync(Subject subject, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (await context.Participants.AsNoTracking().FirstOrDefaultAsync(p => p.Person == subject.Person && p.Account == subject.Account, cancellation) is { } participant)
            yield return Item("tickets.user-name", participant.Person, ("user-name", participant.UserName));
        if (await context.RegisteredContacts.AsNoTracking().FirstOrDefaultAsync(c => c.Person == subject.Person && c.Account == subject.Account, cancellation) is { } registered)
            yield return await RegisteredAsync(registered, cancellation);
        await foreach (var secret in SecretsAsync(subject, cancellation)) yield return secret;
        await foreach (var ticket in context.Tickets.AsNoTracking().Where(t => t.Account == subject.Account && t.Person == subject.Person).OrderBy(t => t.Number).AsAsyncEnumerable().WithCancellation(cancellation))
        {
            yield return Item(
                TicketContent.Category,
                ticket.Id,
                ("number", ticket.Number.ToString(CultureInfo.InvariantCulture)),
                ("state", TicketProblems.Word(ticket.State)),
                ("created-at", ticket.CreatedAt.ToString("O", CultureInfo.InvariantCulture)),
                ("title", await content.ReadAsync(ticket.TitlePlace, ticket.Title, cancellation)),
                (TicketContent.Description, await content.ReadAsync(ticket.DescriptionPlace, ticket.Description, cancellation)));
        }

        await foreach (var item in SpokenAsync(subject, cancellation)) yield return item;
    }

    private async IAsyncEnumerable<ExportedItem> SpokenAsync(Subject subject, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var own = context.Tickets.Where(t => t.Account == subject.Account && t.Person == subject.Person).Select(t => t.Id);
        await foreach (var message in context.Messages.AsNoTracking().Where(m => own.Contains(m.TicketId)).OrderBy(m => m.TicketId).ThenBy(m => m.Id).AsAsyncEnumerable().WithCancellation(cancellation))
        {
            yield return Item(
                TicketContent.Category,
                message.Id,
                ("ticket", message.TicketId.ToString("N")),
                ("author", TicketProblems.Word(message.AuthorKind)),
                ("created-at", message.CreatedAt.ToString("O", CultureInfo.InvariantCulture)),
                (TicketContent.Messages, await content.ReadAsync(message.BodyPlace, message.Body, cancellation)));
        }

        await foreach (var file in context.Attachments.AsNoTracking().Where(a => own.Contains(a.TicketId)).OrderBy(a => a.TicketId).ThenBy(a => a.Id).AsAsyncEnumerable().WithCancellation(cancellation))
        {
            yield return Item(
                TicketContent.Category,
                file.Id,
                ("ticket", file.TicketId.ToString("N")),
                (TicketContent.Files, await content.ReadAsync(file.NamePlace, file.FileName, cancellation)),
                ("media-type", file.MediaType),
                ("size", file.Size.ToString(CultureInfo.InvariantCulture)));
        }
    }

    private async IAsyncEnumerable<ExportedItem> SecretsAsync(Subject subject, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var c in Of<ContactEmail>(subject).WithCancellation(cancellation)) yield return Item(ContactEmail.Category, c.Id, (ContactEmail.Field, await OpenAsync(c.Place, c.Email, cancellation)));
        await foreach (var c in Of<ContactMobile>(subject).WithCancellation(cancellation)) yield return Item(ContactMobile.Category, c.Id, (ContactMobile.Field, await OpenAsync(c.Place, c.Mobile, cancellation)));
        await foreach (var n in Of<ConfidentialNote>(subject).WithCancellation(cancellation)) yield return Item(ConfidentialNote.Category, n.Id, (ConfidentialNote.Field, await OpenAsync(n.Place, n.Text, cancellation)));
        await foreach (var g in Of<Authorisation>(subject).WithCancellation(cancellation))
        {
            yield return Item(
                Authorisation.Category,
                g.Id,
                ("host", await OpenAsync(g.Place("host"), g.Host, cancellation)),
                ("system-account", await OpenAsync(g.Place("system-account"), g.SystemAccount, cancellation)),
                ("password", await OpenAsync(g.Place("password"), g.Password, cancellation)));
        }
    }

    private IAsyncEnumerable<T> Of<T>(Subject subject)
        where T : class, ITicketSecret => context.Set<T>().AsNoTracking()
        .Where(s => EF.Property<long>(s, "Account") == subject.Account && EF.Property<Guid>(s, "Person") == subject.Person)
        .OrderBy(s => EF.Property<Guid>(s, "Id"))
        .AsAsyncEnumerable();

    private async Task<ExportedItem> RegisteredAsync(RegisteredContact contact, CancellationToken cancellation) => Item(
        RegisteredContact.Category,
        contact.Person,
        ("email", await OpenAsync(contact.Place("email"), contact.Email, cancellation)),
        ("mobile", await OpenAsync(contact.Place("mobile"), contact.Mobile, cancellation)),
        ("display-name", await OpenAsync(contact.Place("display-name"), contact.DisplayName, cancellation)),
        ("locale", await OpenAsync(contact.Place("locale"), contact.Locale, cancellation)));

    private async ValueTask<string?> OpenAsync(Place place, Sealed<string>? value, CancellationToken cancellation) =>
        value is null ? null : await vault.OpenAsync(place, value, Use, cancellation);

    private static ExportedItem Item(string category, Guid id, params (string Field, string? Value)[] values) =>
        new(category, id.ToString("N"), [.. values.Select(v => KeyValuePair.Create(v.Field, v.Value))]);
}
