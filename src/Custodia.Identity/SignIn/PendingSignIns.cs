using Custodia.Identity.Directories;
using Custodia.Identity.Protocol;
using Custodia.Identity.Users;
using Custodia.Kernel.Vault;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.SignIn;

/// <summary>Keeps sign-ins that wait for more.</summary>
internal sealed class PendingSignIns(IdentityContext database, DataVault vault, TimeProvider time)
{
    /// <summary>Tries at the second factor that one first proof buys.</summary>
    public const int Tries = 5;

    private const string Use = "sign-in";

    /// <summary>Stores it and gives the browser the secret.</summary>
    /// <param name="session">The session to strengthen; null for a sign-in.</param>
    public async Task<PendingSignIn> AddAsync(
        HttpContext http, Directory directory, User user, PendingProof proof, Guid? session, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var (secret, hash) = OpaqueToken.Create();
        var pending = new PendingSignIn
        {
            SecretHash = hash,
            Account = user.Account,
            DirectoryId = directory.Id,
            UserId = user.Id,
            SessionId = session,
            Methods = string.Join(' ', proof.Methods),
            Need = proof.Need,
            SecurityStamp = user.SecurityStamp,
            CodeId = proof.Code,
            TriesLeft = Tries,
            CreatedAt = now,
            ExpiresAt = now + PendingSignIn.Life,
        };
        if (proof.Return is not null) pending.ReturnPath = await vault.SealAsync(pending.ReturnPlace, proof.Return, cancellation);
        database.PendingSignIns.Add(pending);
        await database.SaveChangesAsync(cancellation);
        PendingCookie.Write(http, directory.Name, secret, pending.ExpiresAt);
        return pending;
    }

    /// <summary>The sign-in that waits in this browser, with its person (tracked); null when there is none or it is over.</summary>
    public async Task<WaitingPerson?> FindAsync(HttpContext http, Directory directory, CancellationToken cancellation)
    {
        if (PendingCookie.HashFor(http, directory.Name) is not { } hash) return null;
        var now = time.GetUtcNow();
        var pending = await database.PendingSignIns.AsNoTracking()
            .FirstOrDefaultAsync(p => p.SecretHash == hash && p.DirectoryId == directory.Id && p.UsedAt == null && p.ExpiresAt > now, cancellation);
        if (pending is null) return null;
        var user = await database.Users.SingleOrDefaultAsync(u => u.Id == pending.UserId, cancellation);
        return user is { Status: UserStatus.Normal } && user.SecurityStamp == pending.SecurityStamp ? new WaitingPerson(pending, user) : null;
    }

    /// <summary>Takes one try. False when none is left. Counted before anything is compared, so parallel guesses get no more.</summary>
    public async Task<bool> TakeTryAsync(PendingSignIn pending, CancellationToken cancellation) =>
        await database.InTransactionAsync(
            token => database.PendingSignIns.Where(p => p.SecretHash == pending.SecretHash && p.TriesLeft > 0)
                .ExecuteUpdateAsync(set => set.SetProperty(p => p.TriesLeft, p => p.TriesLeft - 1), token),
            cancellation) == 1;

    /// <summary>Uses it up. False when somebody was faster. Part of the caller's transaction.</summary>
    public async Task<bool> UseAsync(PendingSignIn pending, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        return await database.PendingSignIns.Where(p => p.SecretHash == pending.SecretHash && p.UsedAt == null && p.ExpiresAt > now)
            .ExecuteUpdateAsync(set => set.SetProperty(p => p.UsedAt, now), cancellation) == 1;
    }

    public ValueTask<string?> ReturnPathAsync(PendingSignIn pending, CancellationToken cancellation) =>
        pending.ReturnPath is { } path ? vault.OpenAsync(pending.ReturnPlace, path, Use, cancellation) : ValueTask.FromResult<string?>(null);
}

/// <summary>What a person has proved and what is still asked of them.</summary>
/// <param name="Code">The mailed code that is asked for.</param>
/// <param name="Return">Where they wanted to go.</param>
internal readonly record struct PendingProof(IReadOnlyList<string> Methods, PendingNeed Need, Guid? Code, string? Return);
