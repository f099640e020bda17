using Custodia.Identity.Directories;
using Custodia.Identity.Statistics;
using Custodia.Identity.Users;
using Custodia.Kernel.Deletion;
using Custodia.Kernel.Delivery;

namespace Custodia.Identity.Codes;

/// <summary>The mails of Identity, in the language of the request. Added to the caller's transaction and counted in it.</summary>
internal sealed class IdentityMails(IdentityContext database, OutgoingMessages messages, Increments increments)
{
    public Task SignInCodeAsync(Directory directory, User user, string address, string digits, CancellationToken cancellation) =>
        CodeAsync(directory, user.Id, address, digits, "SignInCode", cancellation);

    public Task SignUpCodeAsync(Directory directory, Guid person, string address, string digits, CancellationToken cancellation) =>
        CodeAsync(directory, person, address, digits, "SignUpCode", cancellation);

    public Task ChangeEmailCodeAsync(Directory directory, User user, string address, string digits, CancellationToken cancellation) =>
        CodeAsync(directory, user.Id, address, digits, "ChangeEmailCode", cancellation);

    public Task ConfirmCodeAsync(Directory directory, User user, string address, string digits, CancellationToken cancellation) =>
        CodeAsync(directory, user.Id, address, digits, "ConfirmCode", cancellation);

    /// <summary>A code to sign in, with a link that serves in its place.</summary>
    public Task SignInLinkAsync(Directory directory, User user, string address, string digits, string link, CancellationToken cancellation) =>
        SendAsync(
            directory,
            user.Id,
            address,
            Texts.Of("Mail_SignInCode_Subject", directory.TitleNow()),
            $"{Texts.Of("Mail_SignInCode_Text", directory.TitleNow(), digits, (int)OneTimeCodes.Lifetime.TotalMinutes)}\n\n{SignIn.SignInTexts.Of("Mail_Link")}\n{link}",
            "identity.code",
            cancellation);

    /// <summary>A code to choose a new password.</summary>
    public Task RecoveryCodeAsync(Directory directory, User user, string address, string digits, CancellationToken cancellation) =>
        SendAsync(
            directory,
            user.Id,
            address,
            SignIn.SignInTexts.Of("Mail_Recovery_Subject", directory.TitleNow()),
            SignIn.SignInTexts.Of("Mail_Recovery_Text", directory.TitleNow(), digits, (int)OneTimeCodes.Lifetime.TotalMinutes),
            "identity.code",
            cancellation);

    public Task ConfirmSignInCodeAsync(Directory directory, User user, string address, string digits, CancellationToken cancellation) =>
        CodeAsync(directory, user.Id, address, digits, "SignInCode", cancellation);

    /// <summary>A notice to a person about their own account.</summary>
    public Task NoticeAsync(Directory directory, User user, string address, string subject, string text, CancellationToken cancellation) =>
        SendAsync(directory, user.Id, address, subject, text, "identity.notice", cancellation);

    /// <summary>To the owner of an address with which somebody tried to sign up again.</summary>
    public Task AlreadyRegisteredAsync(Directory directory, Guid owner, string address, CancellationToken cancellation) =>
        SendAsync(directory, owner, address, Texts.Of("Mail_AlreadyRegistered_Subject", directory.TitleNow()), Texts.Of("Mail_AlreadyRegistered_Text", directory.TitleNow()), "identity.notice", cancellation);

    /// <summary>To the address that a person has just given up.</summary>
    public Task EmailChangedAsync(Directory directory, User user, string oldAddress, CancellationToken cancellation) =>
        SendAsync(directory, user.Id, oldAddress, Texts.Of("Mail_EmailChanged_Subject", directory.TitleNow()), Texts.Of("Mail_EmailChanged_Text", directory.TitleNow()), "identity.notice", cancellation);

    /// <summary>To a person whom staff have added.</summary>
    public Task InvitationAsync(Directory directory, User user, string address, string signInAddress, CancellationToken cancellation) =>
        SendAsync(directory, user.Id, address, Texts.Of("Mail_Invitation_Subject", directory.TitleNow()), Texts.Of("Mail_Invitation_Text", directory.TitleNow(), signInAddress), "identity.invitation", cancellation);

    /// <summary>To a privacy officer: deletion requests come close to their deadline or have passed it.</summary>
    public Task DeadlineAsync(Directory directory, User user, string address, DeletionDeadline deadline, string page, CancellationToken cancellation) =>
        SendAsync(
            directory,
            user.Id,
            address,
            Texts.Of(deadline.Overdue > 0 ? "Mail_Overdue_Subject" : "Mail_DueSoon_Subject"),
            Texts.Of("Mail_Deadline_Text", deadline.DueSoon, deadline.Overdue, page),
            "identity.notice",
            cancellation);

    private Task CodeAsync(Directory directory, Guid person, string address, string digits, string text, CancellationToken cancellation) =>
        SendAsync(
            directory,
            person,
            address,
            Texts.Of($"Mail_{text}_Subject", directory.TitleNow()),
            Texts.Of($"Mail_{text}_Text", directory.TitleNow(), digits, (int)OneTimeCodes.Lifetime.TotalMinutes),
            "identity.code",
            cancellation);

    private async Task SendAsync(Directory directory, Guid person, string address, string subject, string text, string origin, CancellationToken cancellation)
    {
        await messages.AddAsync(database, new OutgoingMessage(Channel.Mail, new Subject(directory.Account, person), address, subject, text, origin), cancellation);
        await increments.SentAsync(directory, Channel.Mail, cancellation);
    }
}
