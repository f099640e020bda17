using Custodia.Identity.Directories;
using Custodia.Identity.SubAccounts;
using Custodia.Identity.Users;
using Custodia.Kernel.Deletion;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Administration;

/// <summary>Asks for a member of staff to be deleted; an account keeps an owner.</summary>
internal sealed class MemberDeletion(IdentityContext database, AccountDeletion deletion, UserAccess access, StaffRanks ranks)
{
    /// <summary>Null when nobody else is an owner.</summary>
    public async Task<DeletionRequest?> RequestAsync(SubAccount member, string requestedBy, CancellationToken cancellation)
    {
        var staff = await database.Directories.AsNoTracking().FirstAsync(d => d.Account == member.Account && d.Kind == DirectoryKind.Staff, cancellation);
        return await MayLeaveAsync(member, cancellation) ? await deletion.RequestAsync(staff, member.UserId, requestedBy, cancellation) : null;
    }

    // Two owners who delete each other at once: the one who is frozen here does not count for the other any more.
    private Task<bool> MayLeaveAsync(SubAccount member, CancellationToken cancellation) => database.AloneAsync(
        StaffRanks.OwnersOf(member.Account),
        async token =>
        {
            if (await ranks.IsLastOwnerAsync(member, token)) return false;
            if (await database.Users.SingleOrDefaultAsync(u => u.Id == member.UserId, token) is { Status: UserStatus.Normal } user)
                await access.SetStatusAsync(user, UserStatus.Frozen, reason: null, token);
            return true;
        },
        cancellation);
}
