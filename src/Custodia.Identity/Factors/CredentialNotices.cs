using Custodia.Identity.Codes;
using Custodia.Identity.Directories;
using Custodia.Identity.SignIn;
using Custodia.Identity.Users;

namespace Custodia.Identity.Factors;

/// <summary>Tells a person by mail whenever something changes about how they sign in, so that nobody else changes it unseen.</summary>
internal sealed class CredentialNotices(IdentityContext database, UserProfiles profiles, IdentityMails mails)
{
    public Task RecoveryCodeUsedAsync(Directory directory, User user, CancellationToken cancellation) =>
        SendAsync(directory, user, "RecoveryCodeUsed", cancellation);

    /// <summary>Mails the text <c>Notice_{what}</c>; nothing for a person without an address. Part of the caller's transaction where there is one.</summary>
    public async Task SendAsync(Directory directory, User user, string what, CancellationToken cancellation)
    {
        if (await profiles.OpenAsync(user, UserField.Email, ProfileUse.AccountNotices, cancellation) is not { } address) return;
        var text = SignInTexts.Of("Mail_Credential_Text", directory.TitleNow(), SignInTexts.Of("Notice_" + what));
        await database.InTransactionAsync(
            async token =>
            {
                await mails.NoticeAsync(directory, user, address, SignInTexts.Of("Mail_Credential_Subject", directory.TitleNow()), text, token);
                await database.SaveChangesAsync(token);
            },
            cancellation);
    }
}
