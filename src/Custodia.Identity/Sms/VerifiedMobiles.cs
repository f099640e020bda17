using Custodia.Identity.Directories;
using Custodia.Identity.Users;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Sms;

/// <summary>Keeps which people have shown to hold their number.</summary>
internal sealed class VerifiedMobiles(IdentityContext database, UserProfiles profiles, TimeProvider time)
{
    /// <summary>The person whom a number signs in: the one who verified it and still has it in their profile.</summary>
    public async Task<User?> FindAsync(Directory directory, string number, CancellationToken cancellation)
    {
        var index = await profiles.IndexAsync(directory.Account, UserField.Mobile, number, cancellation);
        return await (
            from mobile in database.VerifiedMobiles
            where mobile.DirectoryId == directory.Id && mobile.MobileIndex == index
            join user in database.Users on mobile.UserId equals user.Id
            where user.MobileIndex == index
            select user).FirstOrDefaultAsync(cancellation);
    }

    public Task<bool> IsVerifiedAsync(User user, CancellationToken cancellation) =>
        database.VerifiedMobiles.AnyAsync(m => m.UserId == user.Id && m.MobileIndex == user.MobileIndex, cancellation);

    /// <summary>Notes that a person holds a number; whoever verified it before no longer does. Part of the caller's transaction.</summary>
    public async Task VerifyAsync(User user, string number, CancellationToken cancellation)
    {
        var index = await profiles.IndexAsync(user.Account, UserField.Mobile, number, cancellation);
        await database.VerifiedMobiles.Where(m => m.UserId == user.Id || (m.DirectoryId == user.DirectoryId && m.MobileIndex == index)).ExecuteDeleteAsync(cancellation);
        database.VerifiedMobiles.Add(new VerifiedMobile
        {
            UserId = user.Id,
            Account = user.Account,
            DirectoryId = user.DirectoryId,
            MobileIndex = index,
            CreatedAt = time.GetUtcNow(),
        });
        await database.SaveChangesAsync(cancellation);
    }
}
