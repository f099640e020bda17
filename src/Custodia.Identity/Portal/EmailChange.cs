using Custodia.Identity.Codes;
using Custodia.Identity.Sessions;
using Custodia.Identity.Users;

namespace Custodia.Identity.Portal;

/// <summary>Changes a person's address when they show that they read its mail.</summary>
internal sealed class EmailChange(IdentityContext database, UserLookup users, OneTimeCodes codes, IdentityMails mails, EmailSwap swap)
{
    /// <summary>Mails a code to the new address. If that is somebody else's, its owner is told instead; the answer is the same.</summary>
    public async Task<Guid> SendAsync(LiveSession live, string email, CancellationToken cancellation)
    {
        var owner = await users.FindAsync(live.Directory, UserField.Email, email, cancellation);
        return await database.InTransactionAsync(
            async token =>
            {
                var (code, digits) = await codes.AddAsync(live.Directory, CodePurpose.ChangeEmail, live.User.Id, email, token);
                if (owner is null || owner.Id == live.User.Id) await mails.ChangeEmailCodeAsync(live.Directory, live.User, email, digits, token);
                else await mails.AlreadyRegisteredAsync(live.Directory, owner.Id, email, token);
                await database.SaveChangesAsync(token);
                return code.Id;
            },
            cancellation);
    }

    /// <summary>Redeems the code and stores the new address. False when the code is not right or the address was taken meanwhile.</summary>
    public async Task<bool> RedeemAsync(LiveSession live, Guid id, string digits, CancellationToken cancellation)
    {
        var code = await codes.RedeemAsync(live.Directory, CodePurpose.ChangeEmail, id, digits, cancellation);
        if (code is null || code.UserId != live.User.Id) return false;
        return await codes.TargetAsync(code, cancellation) is { } email && await swap.ApplyAsync(live, email, cancellation);
    }
}

/// <summary>Stores a verified address in place of the old one and tells the old one.</summary>
internal sealed class EmailSwap(IdentityContext database, UserProfiles profiles, ProfileChanges changes, IdentityMails mails)
{
    public Task<bool> ApplyAsync(LiveSession live, string email, CancellationToken cancellation) => database.InTransactionAsync(
        async token =>
        {
            var before = await profiles.OpenAsync(live.User, UserField.Email, ProfileUse.AccountNotices, token);
            var outcome = await changes.ApplyAsync(live.Directory, live.User.Id, new Dictionary<UserField, string?> { [UserField.Email] = email }, emailVerified: true, token);
            if (outcome is not ProfileChangeOutcome.Changed) return false;
            if (before is not null) await mails.EmailChangedAsync(live.Directory, live.User, before, token);
            await database.SaveChangesAsync(token);
            return true;
        },
        cancellation);
}
