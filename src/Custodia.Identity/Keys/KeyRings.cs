using System.Collections.Concurrent;
using Custodia.Identity.Protocol;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Identity.Keys;

/// <summary>
/// The key rings of all directories in memory, read anew every minute, so that a key made by another process is known long
/// before it signs. A warm call does no I/O.
/// </summary>
internal sealed class KeyRings(IServiceScopeFactory scopes, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(1);

    // A token with an unknown key id makes us look again, but not more often than this.
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<Guid, KeyRing> _rings = new();
    private readonly SemaphoreSlim _loading = new(1, 1);

    public DateTimeOffset Now => time.GetUtcNow();

    public ValueTask<KeyRing> GetAsync(Issuer issuer, CancellationToken cancellation) =>
        _rings.TryGetValue(issuer.DirectoryId, out var ring) && time.GetUtcNow() - ring.LoadedAt < Fresh
            ? new ValueTask<KeyRing>(ring)
            : new ValueTask<KeyRing>(LoadAsync(issuer, Fresh, SignatureAlgorithm.Es256, cancellation));

    /// <summary>The key that signs now; made here when the directory has none yet (or the scheduler missed its time).</summary>
    public async ValueTask<LiveKey> SigningAsync(Issuer issuer, string algorithm, CancellationToken cancellation)
    {
        var ring = await GetAsync(issuer, cancellation);
        if (ring.Signing(algorithm, time.GetUtcNow()) is { } key) return key;
        ring = await LoadAsync(issuer, TimeSpan.Zero, algorithm, cancellation);
        return ring.Signing(algorithm, time.GetUtcNow())
            ?? throw new InvalidOperationException($"The directory {issuer.Name} has no {algorithm} key that signs.");
    }

    /// <summary>The ring, read again when it does not know the key id.</summary>
    public async ValueTask<KeyRing> KnowingAsync(Issuer issuer, string? kid, CancellationToken cancellation)
    {
        var ring = await GetAsync(issuer, cancellation);
        return kid is null || ring.Find(kid) is not null ? ring : await LoadAsync(issuer, LookAgain, SignatureAlgorithm.Es256, cancellation);
    }

    /// <summary>Call after the keys of a directory were changed.</summary>
    public void Forget(Guid directory) => _rings.TryRemove(directory, out _);

    public void Dispose() => _loading.Dispose();

    private async Task<KeyRing> LoadAsync(Issuer issuer, TimeSpan unlessYoungerThan, string algorithm, CancellationToken cancellation)
    {
        await _loading.WaitAsync(cancellation);
        try
        {
            var now = time.GetUtcNow();
            if (_rings.TryGetValue(issuer.DirectoryId, out var known) && now - known.LoadedAt < unlessYoungerThan) return known;
            await using var scope = scopes.CreateAsyncScope();
            var stock = scope.ServiceProvider.GetRequiredService<KeyStock>();
            var stored = await stock.PublishedAsync(issuer.DirectoryId, cancellation);
            if (!stored.Exists(k => k.Algorithm == algorithm && k.ActiveFrom <= now && now < k.ActiveUntil)
                && await stock.EnsureAsync(issuer, algorithm, cancellation))
                stored = await stock.PublishedAsync(issuer.DirectoryId, cancellation);
            var keys = new List<LiveKey>(stored.Count);
            foreach (var key in stored)
                keys.Add(Reusable(known, key, now) ?? new LiveKey(key, await stock.OpenAsync(key, cancellation)));
            return _rings[issuer.DirectoryId] = new KeyRing(keys, now);
        }
        finally
        {
            _loading.Release();
        }
    }

    // Keeps the signers a key has warmed up; a key that has just retired is made anew without its private part.
    private static LiveKey? Reusable(KeyRing? known, SigningKey stored, DateTimeOffset now) =>
        stored.ActiveUntil > now ? known?.Find(stored.Kid) : null;
}
