using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace Custodia.Identity.SignIn;

/// <summary>
/// Counts attempts in windows of 15 minutes, in bounded memory. A window ends by itself, so nobody is locked out for good;
/// keys are kept as hashes, so names and addresses do not lie about in memory.
/// </summary>
internal sealed class Attempts(TimeProvider time)
{
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(15);

    private const int Capacity = 100_000;

    private readonly ConcurrentDictionary<UInt128, Entry> _entries = new();

    /// <summary>Takes one attempt. Null when it is allowed, else how long to wait. Parallel attempts are counted before any is let through.</summary>
    public TimeSpan? Take(string key, int limit)
    {
        var now = time.GetUtcNow();
        if (_entries.Count >= Capacity) Sweep(now);
        var entry = _entries.AddOrUpdate(
            Hash(key),
            _ => new Entry(1, now),
            (_, old) => old.Since + Window <= now ? new Entry(1, now) : old with { Count = old.Count + 1 });
        return entry.Count <= limit ? null : entry.Since + Window - now;
    }

    /// <summary>The attempt was none to worry about: a sign-in that succeeded.</summary>
    public void Return(string key)
    {
        var hash = Hash(key);
        while (_entries.TryGetValue(hash, out var entry))
        {
            if (entry.Count <= 1 ? _entries.TryRemove(new(hash, entry)) : _entries.TryUpdate(hash, entry with { Count = entry.Count - 1 }, entry)) return;
        }
    }

    /// <summary>Forgets all attempts of a key.</summary>
    public void Forget(string key) => _entries.TryRemove(Hash(key), out _);

    // Over capacity after the ended windows are gone: somebody invents keys. The oldest half goes; the limits per address still hold them.
    private void Sweep(DateTimeOffset now)
    {
        foreach (var (key, entry) in _entries)
        {
            if (entry.Since + Window <= now) _entries.TryRemove(key, out _);
        }

        if (_entries.Count < Capacity) return;
        foreach (var (key, _) in _entries.OrderBy(e => e.Value.Since).Take(Capacity / 2)) _entries.TryRemove(key, out _);
    }

    private static UInt128 Hash(string key)
    {
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(Encoding.UTF8.GetBytes(key), hash);
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt128LittleEndian(hash);
    }

    private readonly record struct Entry(int Count, DateTimeOffset Since);
}
