using Custodia.Identity.Codes;
using Custodia.Identity.Directories;
using Custodia.Identity.Users;

namespace Custodia.Identity.Factors;

/// <summary>Tells a person by mail whenever something changes about how they sign in, so that nobody else changes it unseen.</summary>
internal sealed class CredentialNotices(IdentityContext database, UserProfiles profiles, IdentityMails mails)
{
    public Task RecoveryCodeUsedAsync(Directory directory, User user, CancellationToken cancellation) =>
        SendAsync(directory, user, "RecoveryCodeUsed", cancellation);

    /// <summary>Mails the notice of this name; nothing for a person without an address. Part of the caller's transaction where there is one.</summary>
    public async Task SendAsync(Directory directory, User user, string what, CancellationToken cancellation)
    {
        if (await profiles.OpenAsync(user, UserField.Email, ProfileUse.AccountNotices, cancellation) is not { } address) return;
        await database.InTransactionAsync(
            async token =>
            {
                await mails.CredentialNoticeAsync(directory, user, address, what, token);
                await database.SaveChangesAsync(token);
            },
            cancellation);
    }
}
