using System.Globalization;
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
        var text = SignInTexts.Of(
            "Mail_NewDevice_Text",
            directory.TitleNow(),
            DeviceLabel.Of(http.Request.Headers.UserAgent),
            country ?? SignInTexts.Of("UnknownPlace"),
            time.GetUtcNow().ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture));
        await mails.NoticeAsync(directory, user, address, SignInTexts.Of("Mail_NewDevice_Subject", directory.TitleNow()), text, cancellation);
    }
}
