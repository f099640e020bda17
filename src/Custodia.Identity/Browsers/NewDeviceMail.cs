using Custodia.Identity.Codes;
using Custodia.Identity.Directories;
using Custodia.Identity.Sessions;
using Custodia.Identity.SignIn;
using Custodia.Identity.Users;
using Microsoft.AspNetCore.Http;

namespace Custodia.Identity.Browsers;

/// <summary>Tells a person of a sign-in from a browser that they have not used before.</summary>
internal sealed class NewDeviceMail(UserProfiles profiles, IdentityMails mails, TimeProvider time)
{
    /// <summary>Adds the mail to the caller's transaction; nothing for a person without an address.</summary>
    public async Task AddAsync(HttpContext http, Directory directory, User user, string? country, CancellationToken cancellation)
    {
        if (await profiles.OpenAsync(user, UserField.Email, ProfileUse.AccountNotices, cancellation) is not { } address) return;
        var seen = new SeenSignIn(DeviceLabel.Of(http.Request.Headers.UserAgent), country ?? SignInTexts.Of("UnknownPlace"), time.GetUtcNow());
        await mails.NewDeviceAsync(directory, user, address, seen, cancellation);
    }
}
