using Custodia.Identity.Directories;
using Custodia.Identity.Users;
using Custodia.Kernel.Deletion;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Scim;

/// <summary>Deletes users for a provisioning client, and gives their names free for it at once (RFC 7644, section 3.6).</summary>
internal sealed class ScimUserDeletion(IdentityContext database, UserProfiles profiles, AccountDeletion deletion, DeletionRequests requests, TimeProvider time)
{
    /// <summary>Begins the person's deletion; for the client the user is gone at once.</summary>
    public async Task DeleteAsync(Directory directory, Guid id, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        await database.InTransactionAsync(
            async token =>
            {
                if (await database.Set<ProvisionedUser>().Where(p => p.UserId == id).ExecuteUpdateAsync(set => set.SetProperty(p => p.DeletedAt, now), token) > 0) return;
                database.Add(new ProvisionedUser { UserId = id, Account = directory.Account, DirectoryId = directory.Id, DeletedAt = now });
                await database.SaveChangesAsync(token);
            },
            cancellation);
        await deletion.RequestAsync(directory, id, "scim", cancellation);
    }

    /// <summary>
    /// Takes user name and address from users that a client has deleted and whose deletion is not done yet. They are not found by
    /// them any more; what is stored of them stays theirs until it is erased.
    /// </summary>
    public async Task ReleaseAsync(Directory directory, Profile wanted, CancellationToken cancellation)
    {
        foreach (var user in await HoldersAsync(directory, wanted, cancellation))
        {
            // Who has taken their deletion back within the grace keeps everything.
            if (await requests.OfAsync(new Subject(directory.Account, user), cancellation) is not { State: not DeletionState.Withdrawn }) continue;
            await database.Users.Where(u => u.Id == user).ExecuteUpdateAsync(
                set => set.SetProperty(u => u.UserNameIndex, (byte[]?)null).SetProperty(u => u.EmailIndex, (byte[]?)null), cancellation);
        }
    }

    private async Task<List<Guid>> HoldersAsync(Directory directory, Profile wanted, CancellationToken cancellation)
    {
        var name = wanted.UserName is { } text ? await profiles.IndexAsync(directory.Account, UserField.UserName, text, cancellation) : null;
        var email = wanted.Email is { } address ? await profiles.IndexAsync(directory.Account, UserField.Email, address, cancellation) : null;
        return await database.Users.AsNoTracking()
            .Where(u => u.DirectoryId == directory.Id
                && ((name != null && u.UserNameIndex == name) || (email != null && u.EmailIndex == email))
                && database.Set<ProvisionedUser>().Any(p => p.UserId == u.Id && p.DeletedAt != null))
            .Select(u => u.Id)
            .ToListAsync(cancellation);
    }
}
