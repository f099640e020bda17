using Custodia.Identity.Protocol;
using Microsoft.EntityFrameworkCore;
using Directory = Custodia.Identity.Directories.Directory;

namespace Custodia.Identity.Keys;

/// <summary>How a change of a directory's keys by staff ends.</summary>
internal abstract record KeyOutcome
{
    public sealed record Done : KeyOutcome;

    public sealed record NotFound : KeyOutcome;

    /// <summary>The key that signs has only just taken over: somebody else was faster.</summary>
    public sealed record TooSoon : KeyOutcome;
}

/// <summary>What staff see and change of the signing keys of their directories.</summary>
internal sealed class KeyAdministration(IdentityContext context, KeyStock stock, KeyRings rings, Issuers issuers, TimeProvider time)
{
    /// <summary>A key signs at least so long before it is replaced by hand; also what makes of parallel changes one.</summary>
    public static readonly TimeSpan Least = TimeSpan.FromMinutes(1);

    public Task<Directory?> DirectoryAsync(long account, string name, CancellationToken cancellation) =>
        context.Directories.AsNoTracking().SingleOrDefaultAsync(d => d.Account == account && d.Name == name, cancellation);

    /// <summary>Every key that is still published, the one that signs last first.</summary>
    public async Task<IReadOnlyList<KeyView>> ListAsync(Directory directory, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var keys = await stock.PublishedAsync(directory.Id, cancellation);
        return [.. keys.OrderByDescending(k => k.ActiveFrom).Select(k => KeyView.Of(k, now))];
    }

    /// <summary>
    /// Lets the next key sign at once. The present one stays published, so everything it signed stays good. Clients that meet the
    /// new key id read the key set again (OpenID Connect Core section 10.1.1).
    /// </summary>
    public async Task<KeyOutcome> RotateAsync(Directory directory, string algorithm, CancellationToken cancellation)
    {
        if (await issuers.FindAsync(directory.Name, cancellation) is not { } issuer) return new KeyOutcome.NotFound();
        var outcome = await context.InTransactionAsync<KeyOutcome>(
            async token =>
            {
                var now = time.GetUtcNow();
                var keys = await context.SigningKeys.Where(k => k.DirectoryId == directory.Id && k.Algorithm == algorithm && k.ActiveUntil > now).ToListAsync(token);
                if (keys.Exists(k => k.ActiveFrom <= now && k.ActiveFrom + Least > now)) return new KeyOutcome.TooSoon();
                foreach (var key in keys.Where(k => k.ActiveFrom <= now)) key.Retire(now);
                if (keys.Find(k => k.ActiveFrom > now) is { } next) next.Activate(now);
                await context.SaveChangesAsync(token);
                await stock.EnsureAsync(issuer, algorithm, token);
                return new KeyOutcome.Done();
            },
            cancellation);
        rings.Forget(directory.Id);
        return outcome;
    }

    /// <summary>
    /// Takes a key back that somebody else may have: it leaves the key set, and whatever it signed is worth nothing from now on.
    /// Where it was signing, a new key does so with the next token. Other processes of the server follow within a minute.
    /// </summary>
    public async Task<KeyOutcome> RevokeAsync(Directory directory, Guid id, CancellationToken cancellation)
    {
        var removed = await stock.RemoveAsync(context.SigningKeys.Where(k => k.Id == id && k.DirectoryId == directory.Id), "signing key revoked", cancellation);
        if (removed == 0) return new KeyOutcome.NotFound();
        rings.Forget(directory.Id);
        return new KeyOutcome.Done();
    }
}

/// <summary>A signing key as the API shows it; never its private part.</summary>
/// <param name="Id">Without dashes it is the <c>kid</c>.</param>
/// <param name="Algorithm"><c>ES256</c> or <c>RS256</c>.</param>
/// <param name="ActiveFrom">When it starts to sign.</param>
/// <param name="ActiveUntil">When it stops signing.</param>
/// <param name="PublishedUntil">When it leaves the key set.</param>
internal sealed record KeyView(
    Guid Id, string Algorithm, KeyState State, DateTimeOffset PublishedAt, DateTimeOffset ActiveFrom, DateTimeOffset ActiveUntil, DateTimeOffset PublishedUntil)
{
    public string Kid => Id.ToString("N");

    public static KeyView Of(SigningKey key, DateTimeOffset now) => new(
        key.Id,
        key.Algorithm,
        now < key.ActiveFrom ? KeyState.Prepublished : now < key.ActiveUntil ? KeyState.Active : KeyState.Retired,
        key.PublishedAt,
        key.ActiveFrom,
        key.ActiveUntil,
        key.PublishedUntil);
}

internal enum KeyState
{
    /// <summary>In the key set, and does not sign yet.</summary>
    Prepublished,

    /// <summary>Signs.</summary>
    Active,

    /// <summary>Signs no more; what it signed is still good.</summary>
    Retired,
}
