using Custodia.Identity.Protocol;
using Custodia.Kernel.Vault;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Keys;

/// <summary>The stored signing keys: makes, opens and removes them.</summary>
internal sealed class KeyStock(IdentityContext context, DataVault vault, TimeProvider time)
{
    private const string Use = "token-signing";
    private const int Batch = 100;

    /// <summary>Every key still in the key set.</summary>
    public Task<List<SigningKey>> PublishedAsync(Guid directory, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        return context.SigningKeys.AsNoTracking()
            .Where(k => k.DirectoryId == directory && k.PublishedUntil > now)
            .OrderBy(k => k.ActiveFrom)
            .ToListAsync(cancellation);
    }

    /// <summary>
    /// Makes the key that is missing: one that signs at once where none does, or the successor that is due.
    /// Looks again inside the write transaction, so two callers make one key.
    /// </summary>
    /// <returns>Whether a key was made.</returns>
    public Task<bool> EnsureAsync(Issuer issuer, string algorithm, CancellationToken cancellation) =>
        context.InTransactionAsync(
            async token =>
            {
                var now = time.GetUtcNow();
                var latest = await context.SigningKeys.AsNoTracking()
                    .Where(k => k.DirectoryId == issuer.DirectoryId && k.Algorithm == algorithm && k.ActiveUntil > now)
                    .OrderByDescending(k => k.ActiveUntil)
                    .FirstOrDefaultAsync(token);
                if (latest is not null && now < KeyLife.SuccessorDue(latest.ActiveUntil)) return false;
                context.SigningKeys.Add(await MakeAsync(issuer, algorithm, latest?.ActiveUntil ?? now, token));
                await context.SaveChangesAsync(token);
                return true;
            },
            cancellation);

    /// <summary>The private part, for keys that sign now or later; null for retired ones.</summary>
    public async ValueTask<byte[]?> OpenAsync(SigningKey key, CancellationToken cancellation)
    {
        if (key.ActiveUntil <= time.GetUtcNow()) return null;
        return await vault.OpenAsync(key.PrivateKeyPlace, key.PrivateKey, Use, cancellation);
    }

    /// <summary>Removes keys that are published no more.</summary>
    public Task<int> RemoveExpiredAsync(DateTimeOffset moment, CancellationToken cancellation) =>
        RemoveAsync(context.SigningKeys.Where(k => k.PublishedUntil <= moment), "signing key expired", cancellation);

    /// <summary>Removes keys with the vault's keys they were sealed under, until none is left.</summary>
    public async Task<int> RemoveAsync(IQueryable<SigningKey> keys, string reason, CancellationToken cancellation)
    {
        var all = 0;
        while (await keys.AsNoTracking().OrderBy(k => k.Id).Take(Batch).ToListAsync(cancellation) is { Count: > 0 } due)
        {
            foreach (var key in due)
            {
                await vault.DestroyAsync(key.OwnKey, reason, cancellation);
                await context.InTransactionAsync(token => context.SigningKeys.Where(k => k.Id == key.Id).ExecuteDeleteAsync(token), cancellation);
            }

            all += due.Count;
        }

        return all;
    }

    private async Task<SigningKey> MakeAsync(Issuer issuer, string algorithm, DateTimeOffset activeFrom, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var (activeUntil, publishedUntil) = KeyLife.From(activeFrom);
        using var pair = SignatureAlgorithm.Generate(algorithm);
        var key = new SigningKey
        {
            Id = Guid.CreateVersion7(now),
            Account = issuer.Account,
            DirectoryId = issuer.DirectoryId,
            Algorithm = algorithm,
            PublicKey = pair.ExportSubjectPublicKeyInfo(),
            PublishedAt = now,
            ActiveFrom = activeFrom,
            ActiveUntil = activeUntil,
            PublishedUntil = publishedUntil,
        };
        key.PrivateKey = await vault.SealAsync(key.PrivateKeyPlace, pair.ExportPkcs8PrivateKey(), cancellation);
        return key;
    }
}
