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

    private readonly Dictionary<UInt128, Entry> _entries = [];
    private readonly Lock _lock = new();

    /// <summary>How many keys are counted at the moment.</summary>
    public int Kept
    {
        get
        {
            lock (_lock) return _entries.Count;
        }
    }

    /// <summary>Takes one attempt. Null when it is allowed, else how long to wait. Parallel attempts are counted before any is let through.</summary>
    public TimeSpan? Take(string key, int limit)
    {
        var (hash, now) = (Hash(key), time.GetUtcNow());
        lock (_lock)
        {
            if (_entries.Count >= Capacity) Sweep(now);
            var entry = _entries.TryGetValue(hash, out var old) && old.Since + Window > now ? old with { Count = old.Count + 1 } : new Entry(1, now);
            _entries[hash] = entry;
            return entry.Count <= limit ? null : entry.Since + Window - now;
        }
    }

    /// <summary>The attempt was none to worry about: a sign-in that succeeded.</summary>
    public void Return(string key)
    {
        var hash = Hash(key);
        lock (_lock)
        {
            if (!_entries.TryGetValue(hash, out var entry)) return;
            if (entry.Count <= 1) _entries.Remove(hash);
            else _entries[hash] = entry with { Count = entry.Count - 1 };
        }
    }

    /// <summary>Forgets all attempts of a key.</summary>
    public void Forget(string key)
    {
        var hash = Hash(key);
        lock (_lock) _entries.Remove(hash);
    }

    // Over capacity after the ended windows are gone: somebody invents keys. The oldest half goes; the limits per address still hold them.
    private void Sweep(DateTimeOffset now)
    {
        foreach (var (key, entry) in _entries)
        {
            if (entry.Since + Window <= now) _entries.Remove(key);
        }

        if (_entries.Count < Capacity) return;
        foreach (var (key, _) in _entries.OrderBy(e => e.Value.Since).Take(Capacity / 2).ToList()) _entries.Remove(key);
    }

    private static UInt128 Hash(string key)
    {
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(Encoding.UTF8.GetBytes(key), hash);
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt128LittleEndian(hash);
    }

    private readonly record struct Entry(int Count, DateTimeOffset Since);
}
