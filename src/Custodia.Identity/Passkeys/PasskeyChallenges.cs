using Custodia.Identity.Directories;
using Custodia.Identity.Protocol;
using Custodia.Identity.Users;
using Custodia.Kernel.Vault;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Passkeys;

/// <summary>Keeps challenges between question and answer.</summary>
internal sealed class PasskeyChallenges(IdentityContext database, DataVault vault, TimeProvider time)
{
    private const string Use = "sign-in";

    private static readonly TimeSpan Life = TimeSpan.FromMinutes(10);

    /// <summary>Stores it and returns the reference for the browser.</summary>
    public async Task<string> AddAsync(Directory directory, User? user, bool registers, string state, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var (reference, hash) = OpaqueToken.Create();
        var challenge = new PasskeyChallenge
        {
            ReferenceHash = hash,
            Account = directory.Account,
            DirectoryId = directory.Id,
            UserId = user?.Id,
            Registers = registers,
            CreatedAt = now,
            ExpiresAt = now + Life,
        };
        challenge.State = await vault.SealAsync(challenge.StatePlace, state, cancellation);
        database.PasskeyChallenges.Add(challenge);
        await database.SaveChangesAsync(cancellation);
        return reference;
    }

    /// <summary>Takes a challenge out: whatever the answer is worth, it is the only one. Null when it is unknown, of somebody else or too old.</summary>
    public async Task<string?> TakeAsync(Directory directory, Guid? user, bool registers, string reference, CancellationToken cancellation)
    {
        if (!OpaqueToken.Looks(reference)) return null;
        var hash = OpaqueToken.Hash(reference);
        var now = time.GetUtcNow();
        var open = database.PasskeyChallenges.Where(c =>
            c.ReferenceHash == hash && c.DirectoryId == directory.Id && c.UserId == user && c.Registers == registers && c.ExpiresAt > now);
        var challenge = await open.AsNoTracking().FirstOrDefaultAsync(cancellation);
        if (challenge is null || await database.InTransactionAsync(token => open.ExecuteDeleteAsync(token), cancellation) == 0) return null;
        return await vault.OpenAsync(challenge.StatePlace, challenge.State, Use, cancellation);
    }
}
