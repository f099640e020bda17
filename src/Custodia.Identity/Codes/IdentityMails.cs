using System.Globalization;
using Custodia.Identity.Directories;
using Custodia.Identity.Templates;
using Custodia.Identity.Users;
using Custodia.Kernel.Deletion;

namespace Custodia.Identity.Codes;

/// <summary>The mails of Identity, each by its template. Added to the caller's transaction and counted in it.</summary>
internal sealed class IdentityMails(DirectoryMessages messages)
{
    private static readonly string Minutes = OneTimeCodes.Lifetime.TotalMinutes.ToString(CultureInfo.InvariantCulture);

    public Task SignInCodeAsync(Directory directory, User user, string address, string digits, CancellationToken cancellation) =>
        CodeAsync(directory, MessageReceiver.Of(user, address), MessageCatalogue.SignInCode, digits, cancellation);

    public Task SignUpCodeAsync(Directory directory, Guid person, string address, string digits, CancellationToken cancellation) =>
        CodeAsync(directory, new MessageReceiver(person, address, null), MessageCatalogue.SignUpCode, digits, cancellation);

    public Task ChangeEmailCodeAsync(Directory directory, User user, string address, string digits, CancellationToken cancellation) =>
        CodeAsync(directory, MessageReceiver.Of(user, address), MessageCatalogue.ChangeEmailCode, digits, cancellation);

    public Task ConfirmCodeAsync(Directory directory, User user, string address, string digits, CancellationToken cancellation) =>
        CodeAsync(directory, MessageReceiver.Of(user, address), MessageCatalogue.ConfirmCode, digits, cancellation);

    /// <summary>A code to sign in, with a link that serves in its place.</summary>
    public Task SignInLinkAsync(Directory directory, User user, string address, string digits, string link, CancellationToken cancellation) =>
        messages.SendAsync(
            directory,
            MessageReceiver.Of(user, address),
            MessageCatalogue.SignInLink,
            cancellation,
            (Placeholders.Code, digits),
            (Placeholders.Minutes, Minutes),
            (Placeholders.Link, link));

    /// <summary>A code to choose a new password.</summary>
    public Task RecoveryCodeAsync(Directory directory, User user, string address, string digits, CancellationToken cancellation) =>
        CodeAsync(directory, MessageReceiver.Of(user, address), MessageCatalogue.RecoveryCode, digits, cancellation);

    public Task ConfirmSignInCodeAsync(Directory directory, User user, string address, string digits, CancellationToken cancellation) =>
        SignInCodeAsync(directory, user, address, digits, cancellation);

    /// <summary>To a person about how they sign in, see <see cref="MessageCatalogue.CredentialNotice"/>.</summary>
    public Task CredentialNoticeAsync(Directory directory, User user, string address, string what, CancellationToken cancellation) =>
        messages.SendAsync(directory, MessageReceiver.Of(user, address), MessageCatalogue.CredentialNotice(what), cancellation);

    /// <summary>To a person about a sign-in from a browser that they have not used before.</summary>
    public Task NewDeviceAsync(Directory directory, User user, string address, SeenSignIn seen, CancellationToken cancellation) =>
        messages.SendAsync(
            directory,
            MessageReceiver.Of(user, address),
            MessageCatalogue.NewDevice,
            cancellation,
            (Placeholders.Browser, seen.Browser),
            (Placeholders.Country, seen.Country),
            (Placeholders.Time, seen.At.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture)));

    /// <summary>To the owner of an address with which somebody tried to sign up again.</summary>
    public Task AlreadyRegisteredAsync(Directory directory, Guid owner, string address, CancellationToken cancellation) =>
        messages.SendAsync(directory, new MessageReceiver(owner, address, null), MessageCatalogue.AlreadyRegistered, cancellation);

    /// <summary>To the address that a person has just given up.</summary>
    public Task EmailChangedAsync(Directory directory, User user, string oldAddress, CancellationToken cancellation) =>
        messages.SendAsync(directory, MessageReceiver.Of(user, oldAddress), MessageCatalogue.EmailChanged, cancellation);

    /// <summary>To a person whom staff have added.</summary>
    public Task InvitationAsync(Directory directory, User user, string address, string signInAddress, CancellationToken cancellation) =>
        messages.SendAsync(directory, MessageReceiver.Of(user, address), MessageCatalogue.AccountCreated, cancellation, (Placeholders.Link, signInAddress));

    /// <summary>To a privacy officer: deletion requests come close to their deadline or have passed it.</summary>
    public Task DeadlineAsync(Directory directory, User user, string address, DeletionDeadline deadline, string page, CancellationToken cancellation) =>
        messages.SendAsync(
            directory,
            MessageReceiver.Of(user, address),
            deadline.Overdue > 0 ? MessageCatalogue.DeletionOverdue : MessageCatalogue.DeletionDueSoon,
            cancellation,
            (Placeholders.DueSoon, deadline.DueSoon.ToString(CultureInfo.InvariantCulture)),
            (Placeholders.Overdue, deadline.Overdue.ToString(CultureInfo.InvariantCulture)),
            (Placeholders.Link, page));

    private Task CodeAsync(Directory directory, MessageReceiver receiver, MessageKind kind, string digits, CancellationToken cancellation) =>
        messages.SendAsync(directory, receiver, kind, cancellation, (Placeholders.Code, digits), (Placeholders.Minutes, Minutes));
}

/// <summary>A sign-in as its mail tells of it.</summary>
internal readonly record struct SeenSignIn(string Browser, string Country, DateTimeOffset At);
