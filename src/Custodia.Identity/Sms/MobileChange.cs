using Custodia.Identity.Codes;
using Custodia.Identity.Factors;
using Custodia.Identity.Sessions;
using Custodia.Identity.Users;

namespace Custodia.Identity.Sms;

/// <summary>Verifies the number of somebody who is signed in, and puts it into their profile.</summary>
internal sealed class MobileChange(IdentityContext database, OneTimeCodes codes, CodeSms sms, MobileSwap swap)
{
    public Task<Guid> SendAsync(LiveSession live, string number, CancellationToken cancellation) => database.InTransactionAsync(
        async token =>
        {
            var (code, digits) = await codes.AddAsync(live.Directory, CodePurpose.VerifyMobile, live.User.Id, number, token);
            await sms.VerifyAsync(live.Directory, live.User, number, digits, token);
            await database.SaveChangesAsync(token);
            return code.Id;
        },
        cancellation);

    /// <summary>Redeems the code. False when it is not right.</summary>
    public async Task<bool> RedeemAsync(LiveSession live, Guid id, string digits, CancellationToken cancellation)
    {
        var code = await codes.RedeemAsync(live.Directory, CodePurpose.VerifyMobile, id, digits, cancellation);
        if (code is null || code.UserId != live.User.Id) return false;
        return await codes.TargetAsync(code, cancellation) is { } number && await swap.ApplyAsync(live, number, cancellation);
    }
}

/// <summary>Stores a number that its holder has verified, and tells them by mail.</summary>
internal sealed class MobileSwap(IdentityContext database, ProfileChanges changes, VerifiedMobiles mobiles, CredentialNotices notices)
{
    public Task<bool> ApplyAsync(LiveSession live, string number, CancellationToken cancellation) => database.InTransactionAsync(
        async token =>
        {
            var outcome = await changes.ApplyAsync(live.Directory, live.User.Id, new Dictionary<UserField, string?> { [UserField.Mobile] = number }, null, token);
            if (outcome is not ProfileChangeOutcome.Changed) return false;
            await mobiles.VerifyAsync(live.User, number, token);
            await notices.SendAsync(live.Directory, live.User, "MobileVerified", token);
            return true;
        },
        cancellation);
}
