using Custodia.Identity.Directories;
using Custodia.Identity.Passkeys;
using Custodia.Identity.RecoveryCodes;
using Custodia.Identity.Sessions;
using Custodia.Identity.Totp;
using Custodia.Identity.Users;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;

namespace Custodia.Identity.Factors;

/// <summary>Sets second factors up: while signing in, and in the portal. The first one comes with recovery codes.</summary>
internal sealed class FactorEnrolment(TotpFactors apps, PasskeyCeremonies passkeys, PasskeyStore store, RecoveryCodeSet codes, EnrolmentMail mail)
{
    public async Task<TotpEnrolment> BeginAppAsync(Directory directory, User user, CancellationToken cancellation)
    {
        var (_, secret) = await apps.BeginAsync(user, cancellation);
        return TotpEnrolment.Of(secret, directory.TitleNow(), await mail.NameOfAsync(user, cancellation));
    }

    /// <summary>Part of the caller's transaction.</summary>
    /// <returns>New recovery codes, none where the person has some; null when the code is not right.</returns>
    public async Task<IReadOnlyList<string>?> ConfirmAppAsync(Directory directory, User user, string typed, CancellationToken cancellation)
    {
        if (!await apps.ConfirmAsync(user, typed, cancellation)) return null;
        await mail.SendAsync(directory, user, "AppAdded", cancellation);
        return await FirstCodesAsync(user, cancellation);
    }

    public async Task<PasskeyQuestion> AskPasskeyAsync(HttpContext http, Directory directory, User user, CancellationToken cancellation) =>
        await passkeys.AskToMakeAsync(http, directory, user, await mail.NameOfAsync(user, cancellation), cancellation);

    /// <summary>Part of the caller's transaction.</summary>
    /// <param name="name">What the person calls it; null takes the browser's name.</param>
    /// <returns>New recovery codes, none where the person has some; null when somebody has this passkey.</returns>
    public async Task<IReadOnlyList<string>?> AddPasskeyAsync(
        HttpContext http, Directory directory, User user, UserPasskeyInfo made, string? name, CancellationToken cancellation)
    {
        if (!await store.AddAsync(user, made, string.IsNullOrWhiteSpace(name) ? DeviceLabel.Of(http.Request.Headers.UserAgent) : name, cancellation)) return null;
        await mail.SendAsync(directory, user, "PasskeyAdded", cancellation);
        return await FirstCodesAsync(user, cancellation);
    }

    private async Task<IReadOnlyList<string>> FirstCodesAsync(User user, CancellationToken cancellation) =>
        await codes.AnyAsync(user.Id, cancellation) ? [] : await codes.RenewAsync(user, cancellation);
}

/// <summary>What enrolment says about a person and to them.</summary>
internal sealed class EnrolmentMail(UserProfiles profiles, CredentialNotices notices)
{
    /// <summary>What authenticators show beside the directory's name.</summary>
    public async Task<string> NameOfAsync(User user, CancellationToken cancellation) =>
        await profiles.OpenAsync(user, UserField.Email, ProfileUse.SignIn, cancellation)
        ?? await profiles.OpenAsync(user, UserField.UserName, ProfileUse.SignIn, cancellation)
        ?? user.Id.ToString("N");

    public Task SendAsync(Directory directory, User user, string what, CancellationToken cancellation) => notices.SendAsync(directory, user, what, cancellation);
}
