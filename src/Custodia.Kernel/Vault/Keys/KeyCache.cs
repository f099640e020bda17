using System.Collections.Concurrent;

namespace Custodia.Kernel.Vault;

/// <summary>
/// Ready keys by name, at most about <paramref name="capacity"/> of them. Reading takes no lock; when full, the tenth part that was
/// not used for longest leaves and is zeroed. A destroyed key is remembered as such.
/// </summary>
internal sealed class KeyCache<TName>(int capacity)
    where TName : notnull
{
    private readonly ConcurrentDictionary<TName, ReadyKey?> _keys = new();
    private readonly Lock _sweep = new();
    private int _count;

    /// <summary>What is kept at the moment.</summary>
    public IEnumerable<TName> Names => _keys.Select(static pair => pair.Key);

    public int Count => Volatile.Read(ref _count);

    /// <summary>True when the cache knows: <paramref name="lease"/> is the key, or null for a destroyed one.</summary>
    public bool TryRent(TName name, out KeyLease? lease)
    {
        lease = null;
        if (!_keys.TryGetValue(name, out var key)) return false;
        if (key is null) return true;
        lease = key.TryRent();
        return lease is not null;
    }

    /// <summary>Keeps a key; null says that it is destroyed. What was kept under the name is retired.</summary>
    public void Put(TName name, ReadyKey? key)
    {
        while (true)
        {
            if (_keys.TryAdd(name, key))
            {
                if (Interlocked.Increment(ref _count) > capacity) Sweep();
                return;
            }

            if (_keys.TryGetValue(name, out var before) && _keys.TryUpdate(name, key, before))
            {
                before?.Retire();
                return;
            }
        }
    }

    public void Remove(TName name)
    {
        if (!_keys.TryRemove(name, out var key)) return;
        Interlocked.Decrement(ref _count);
        key?.Retire();
    }

    public void RemoveWhere(Func<TName, bool> matches)
    {
        foreach (var (name, _) in _keys)
        {
            if (matches(name)) Remove(name);
        }
    }

    public void Clear() => RemoveWhere(static _ => true);

    private void Sweep()
    {
        lock (_sweep)
        {
            if (Count <= capacity) return;
            // ToArray is one consistent copy; a query over the dictionary itself would fail beside a concurrent Put.
            var oldest = _keys.ToArray().OrderBy(static pair => pair.Value?.LastUsed ?? 0).Take(Math.Max(1, capacity / 10)).Select(static pair => pair.Key).ToArray();
            foreach (var name in oldest) Remove(name);
        }
    }
}
