using System.Text.Json;
using Custodia.Kernel.Messaging;
using Custodia.Kernel.Vault;
using Custodia.Tickets.Tickets;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Tickets.Contacts;

/// <summary>Keeps user names and registered contacts as Identity tells them.</summary>
internal sealed class RegisteredContacts(TicketsContext context, DataVault vault) : IEventSubscriber
{
    private const string Registered = "identity.user.registered";
    private const string Changed = "identity.user.profile-changed";
    private const string Deleted = "identity.user.deleted";

    public string Name => "tickets.registered-contacts";

    public bool Wants(string eventType) => eventType is Registered or Changed or Deleted;

    public Task HandleAsync(EventEnvelope message, CancellationToken cancellation)
    {
        if (message.Data.Deserialize<UserEvent>(JsonSerializerOptions.Web) is not { } user) return Task.CompletedTask;
        return message.Type == Deleted
            ? ForgetAsync(user.UserId, cancellation)
            : KeepAsync(message, user, cancellation);
    }

    private async Task KeepAsync(EventEnvelope message, UserEvent user, CancellationToken cancellation)
    {
        var contact = await context.RegisteredContacts.FindAsync([user.UserId], cancellation);
        if (contact is not null && contact.UpdatedAt >= message.Time) return;
        try
        {
            contact ??= context.RegisteredContacts.Add(new RegisteredContact { Person = user.UserId, Account = message.Account, Directory = user.Directory }).Entity;
            await FillAsync(contact, user, cancellation);
        }
        catch (KeyDestroyedException)
        {
            // The person was erased while this was on its way: there is nothing to keep.
            context.ChangeTracker.Clear();
            return;
        }

        contact.UpdatedAt = message.Time;
        var participant = await context.Participants.FindAsync([user.UserId], cancellation);
        participant ??= context.Participants.Add(new Participant { Person = user.UserId, Account = message.Account, Directory = user.Directory, Side = Side.Customer }).Entity;
        participant.UserName = user.UserName;
        participant.UpdatedAt = message.Time;
        await context.SaveChangesAsync(cancellation);
    }

    private async Task FillAsync(RegisteredContact contact, UserEvent user, CancellationToken cancellation)
    {
        contact.Email = await SealAsync(contact, ContactEmail.Field, user.Email, cancellation);
        contact.EmailVerified = user.EmailVerified && user.Email is { Length: > 0 };
        contact.EmailIndex = user.Email is { Length: > 0 } email
            ? await vault.IndexAsync(contact.Account, RegisteredContact.Category, ContactEmail.Field, Normalise.Email(email), cancellation)
            : null;
        contact.Mobile = await SealAsync(contact, ContactMobile.Field, user.Mobile, cancellation);
        contact.MobileIndex = user.Mobile is { Length: > 0 } mobile
            ? await vault.IndexAsync(contact.Account, RegisteredContact.Category, ContactMobile.Field, Normalise.Mobile(mobile), cancellation)
            : null;
        contact.DisplayName = await SealAsync(contact, "display-name", user.DisplayName, cancellation);
        contact.Locale = await SealAsync(contact, "locale", user.Locale, cancellation);
    }

    private async ValueTask<Sealed<string>?> SealAsync(RegisteredContact contact, string field, string? value, CancellationToken cancellation) =>
        string.IsNullOrEmpty(value) ? null : await vault.SealAsync(contact.Place(field), value, cancellation);

    private Task ForgetAsync(Guid person, CancellationToken cancellation) => context.InTransactionAsync(
        async token =>
        {
            await context.RegisteredContacts.Where(c => c.Person == person).ExecuteDeleteAsync(token);
            await context.Participants.Where(p => p.Person == person).ExecuteDeleteAsync(token);
        },
        cancellation);

    private sealed record UserEvent(Guid UserId, string Directory)
    {
        public string? UserName { get; init; }

        public string? DisplayName { get; init; }

        public string? Email { get; init; }

        public bool EmailVerified { get; init; }

        public string? Mobile { get; init; }

        public string? Locale { get; init; }
    }
}
