using Custodia.Identity.Codes;
using Custodia.Identity.Directories;
using Custodia.Identity.Users;

namespace Custodia.Identity.SignIn;

/// <summary>The mailed code that serves as a second proof where a person has set nothing up.</summary>
internal sealed class SecondCode(IdentityContext database, OneTimeCodes codes, IdentityMails mails, UserProfiles profiles)
{
    /// <summary>Mails a code to the person's verified address.</summary>
    /// <returns>The id under which the digits are redeemed.</returns>
    public async Task<Guid> SendAsync(Directory directory, User user, CancellationToken cancellation)
    {
        var address = await profiles.OpenAsync(user, UserField.Email, ProfileUse.SignIn, cancellation);
        return await database.InTransactionAsync(
            async token =>
            {
                var (code, digits) = await codes.AddAsync(directory, CodePurpose.SecondFactor, user.Id, null, token);
                await mails.ConfirmSignInCodeAsync(directory, user, address!, digits, token);
                await database.SaveChangesAsync(token);
                return code.Id;
            },
            cancellation);
    }
}
