using Custodia.Identity.Users;
using Custodia.Kernel.Vault;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Passkeys;

/// <summary>Keeps the passkeys of people.</summary>
internal sealed class PasskeyStore(IdentityContext database, DataVault vault, TimeProvider time)
{
    private const string Use = "sign-in";

    public Task<List<Passkey>> OfAsync(Guid user, CancellationToken cancellation) =>
        database.Passkeys.AsNoTracking().Where(p => p.UserId == user).OrderBy(p => p.Id).Take(Passkey.Most).ToListAsync(cancellation);

    public ValueTask<string?> NameAsync(Passkey passkey, CancellationToken cancellation) => vault.OpenAsync(passkey.NamePlace, passkey.Name, Use, cancellation);

    /// <summary>Adds what an authenticator has made. Part of the caller's transaction.</summary>
    /// <returns>False when the person has as many as they may, or the same one was added at the same time, here or for somebody else.</returns>
    public async Task<bool> AddAsync(User user, UserPasskeyInfo made, string name, CancellationToken cancellation)
    {
        await database.HoldAsync($"passkeys/{user.Id:N}", cancellation);
        if (await database.Passkeys.CountAsync(p => p.UserId == user.Id, cancellation) >= Passkey.Most) return false;
        var now = time.GetUtcNow();
        var passkey = new Passkey
        {
            Id = Guid.CreateVersion7(now),
            Account = user.Account,
            DirectoryId = user.DirectoryId,
            UserId = user.Id,
            CredentialId = made.CredentialId,
            PublicKey = made.PublicKey,
            SignCount = made.SignCount,
            Transports = string.Join(' ', made.Transports ?? []),
            BackupEligible = made.IsBackupEligible,
            BackedUp = made.IsBackedUp,
            CreatedAt = now,
        };
        passkey.Name = await vault.SealAsync(passkey.NamePlace, name, cancellation);
        database.Passkeys.Add(passkey);
        try
        {
            await database.SaveChangesAsync(cancellation);
            return true;
        }
        catch (DbUpdateException exception) when (UniqueConflict.Caused(exception))
        {
            // The transaction goes on from its savepoint.
            database.Entry(passkey).State = EntityState.Detached;
            return false;
        }
    }

    /// <summary>Notes a use. False when the counter has not grown although it counts: somebody else used it meanwhile.</summary>
    public async Task<bool> UsedAsync(Passkey passkey, UserPasskeyInfo now, CancellationToken cancellation)
    {
        var moment = time.GetUtcNow();
        var count = (long)now.SignCount;
        return await database.InTransactionAsync(
            token => database.Passkeys.Where(p => p.Id == passkey.Id && (p.SignCount < count || (p.SignCount == 0 && count == 0)))
                .ExecuteUpdateAsync(set => set.SetProperty(p => p.SignCount, count).SetProperty(p => p.BackedUp, now.IsBackedUp).SetProperty(p => p.LastUsedAt, moment), token),
            cancellation) == 1;
    }

    public async Task<bool> RenameAsync(Guid user, Guid id, string name, CancellationToken cancellation)
    {
        if (await database.Passkeys.FirstOrDefaultAsync(p => p.Id == id && p.UserId == user, cancellation) is not { } passkey) return false;
        passkey.Name = await vault.SealAsync(passkey.NamePlace, name, cancellation);
        await database.SaveChangesAsync(cancellation);
        return true;
    }

    /// <summary>Removes one. False when the person has none of this number. Part of the caller's transaction.</summary>
    public async Task<bool> RemoveAsync(Guid user, Guid id, CancellationToken cancellation) =>
        await database.Passkeys.Where(p => p.Id == id && p.UserId == user).ExecuteDeleteAsync(cancellation) == 1;

    public Task RemoveAllAsync(Guid user, CancellationToken cancellation) =>
        database.Passkeys.Where(p => p.UserId == user).ExecuteDeleteAsync(cancellation);
}
