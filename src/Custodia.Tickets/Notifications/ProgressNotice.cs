using Custodia.Kernel.Deletion;
using Custodia.Kernel.Delivery;
using Custodia.Kernel.Hosting;
using Custodia.Kernel.Vault;
using Custodia.Tickets.Contacts;
using Custodia.Tickets.Tickets;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Custodia.Tickets.Notifications;

internal enum Progress
{
    Replied,
    StateChanged,
}

/// <summary>
/// Tells the person how the ticket goes: to the contact verified on the ticket page; to the registered one only if the person
/// ticked it. The message says that there is news and where, never what it says.
/// </summary>
internal sealed class ProgressNotice(TicketsContext context, DataVault vault, OutgoingMessages outgoing, IOptions<CustodiaOptions> options)
{
    private const string Origin = "tickets.progress";
    private const string Use = "progress-notification";

    /// <summary>Adds the messages to the current transaction.</summary>
    /// <param name="state">The state to tell.</param>
    public async Task AddAsync(Ticket ticket, Progress progress, TicketState state, CancellationToken cancellation)
    {
        if (ticket.Person is not { } person) return;
        var (email, mobile, language) = await ContactsAsync(ticket, person, cancellation);
        if (email is null && mobile is null) return;
        var to = new Subject(ticket.Account, person);
        using var _ = Texts.In(language);
        var subject = Texts.Of("NoticeSubject", ticket.Number);
        var sentence = progress == Progress.Replied
            ? Texts.Of("NoticeReplied", ticket.Number)
            : Texts.Of("NoticeState", ticket.Number, Texts.Of($"State_{state}"));
        var link = $"{options.Value.PublicUrl}/support/{Uri.EscapeDataString(ticket.Directory)}/tickets/{ticket.Number}";
        if (email is not null)
            await outgoing.AddAsync(context, new OutgoingMessage(Channel.Mail, to, email, subject, $"{sentence}\n\n{link}\n", Origin), cancellation);
        if (mobile is not null)
            await outgoing.AddAsync(context, new OutgoingMessage(Channel.Sms, to, mobile, "", $"{sentence} {link}", Origin), cancellation);
    }

    private async Task<(string? Email, string? Mobile, string Language)> ContactsAsync(Ticket ticket, Guid person, CancellationToken cancellation)
    {
        var email = await context.ContactEmails.AsNoTracking().FirstOrDefaultAsync(c => c.TicketId == ticket.Id, cancellation);
        var mobile = await context.ContactMobiles.AsNoTracking().FirstOrDefaultAsync(c => c.TicketId == ticket.Id, cancellation);
        var registered = await context.RegisteredContacts.AsNoTracking().FirstOrDefaultAsync(c => c.Person == person, cancellation);
        var language = registered?.Locale is { } locale
            ? await vault.OpenAsync(registered.Place("locale"), locale, RegisteredContact.UseEmergency, cancellation)
            : null;
        var openEmail = email is null ? null : await vault.OpenAsync(email.Place, email.Email, Use, cancellation);
        var openMobile = mobile is null ? null : await vault.OpenAsync(mobile.Place, mobile.Mobile, Use, cancellation);
        if (openEmail is null && openMobile is null && ticket.UseRegisteredContact && registered is { Email: { } sealedEmail, EmailVerified: true })
            openEmail = await vault.OpenAsync(registered.Place("email"), sealedEmail, RegisteredContact.UseEmergency, cancellation);
        return (openEmail, openMobile, language ?? "en");
    }
}
