using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Custodia.Kernel.Vault;

/// <summary>Keys that are made of others and stored nowhere: combined keys, and keys of indexes.</summary>
internal sealed partial class KeyRing
{
    private readonly KeyCache<(KeyId, KeyId)> _pairs = new(Kept);
    private readonly KeyCache<(long Account, string Category, string Field)> _indexes = new(Kept);
    private int _destructions;

    /// <summary>A key that only both keys together give (e.g. a segment's and a person's): destroying either destroys it.</summary>
    /// <exception cref="KeyDestroyedException">One was destroyed.</exception>
    public ValueTask<KeyLease> RentAsync(KeyId first, KeyId second, CancellationToken cancellation) =>
        _pairs.TryRent((first, second), out var lease) && lease is not null ? new ValueTask<KeyLease>(lease) : new ValueTask<KeyLease>(CombineAsync(first, second, cancellation));

    /// <summary>The combined key; null when either was destroyed.</summary>
    public ValueTask<KeyLease?> FindAsync(KeyId first, KeyId second, CancellationToken cancellation) =>
        _pairs.TryRent((first, second), out var lease) && lease is not null ? new ValueTask<KeyLease?>(lease) : new ValueTask<KeyLease?>(FindCombinedAsync(first, second, cancellation));

    /// <summary>The key of the exact-match index of a field: derived from the account's index key, so it outlives rotations.</summary>
    public ValueTask<KeyLease> RentIndexAsync(long account, string category, string field, CancellationToken cancellation) =>
        TryRentIndex(account, category, field, out var lease) ? new ValueTask<KeyLease>(lease) : new ValueTask<KeyLease>(DeriveIndexAsync(account, category, field, cancellation));

    /// <summary>The key of a field's index if it is ready, without any I/O.</summary>
    public bool TryRentIndex(long account, string category, string field, [NotNullWhen(true)] out KeyLease? lease) =>
        _indexes.TryRent((account, category, field), out lease) && lease is not null;

    private async Task<KeyLease> CombineAsync(KeyId first, KeyId second, CancellationToken cancellation)
    {
        var before = Volatile.Read(ref _destructions);
        using var one = await RentAsync(first, cancellation);
        using var two = await RentAsync(second, cancellation);
        return KeepPair(first, second, one, two, before);
    }

    private async Task<KeyLease?> FindCombinedAsync(KeyId first, KeyId second, CancellationToken cancellation)
    {
        var before = Volatile.Read(ref _destructions);
        using var one = await FindAsync(first, cancellation);
        if (one is null) return null;
        try
        {
            using var two = await FindAsync(second, cancellation);
            return two is null ? null : KeepPair(first, second, one, two, before);
        }
        catch (KeyMissingException)
        {
            // The first is there, so the store is the right one: the second was destroyed so long ago that its name is forgotten.
            return null;
        }
    }

    private KeyLease KeepPair(KeyId first, KeyId second, KeyLease one, KeyLease two, int before)
    {
        Span<byte> material = stackalloc byte[ReadyKey.Size];
        KeyLease.Combine(one, two, "custodia combined key"u8, material);
        var key = new ReadyKey(material);
        CryptographicOperations.ZeroMemory(material);
        var lease = key.TryRent()!;
        _pairs.Put((first, second), key);

        // Destroyed while we combined: its eviction may have run before our Put.
        if (Volatile.Read(ref _destructions) != before) _pairs.Remove((first, second));
        return lease;
    }

    private async Task<KeyLease> DeriveIndexAsync(long account, string category, string field, CancellationToken cancellation)
    {
        using var parent = await RentAsync(KeyId.Index(account), cancellation);
        Span<byte> material = stackalloc byte[ReadyKey.Size];
        parent.Derive(Encoding.UTF8.GetBytes($"custodia index/{category}/{field}"), material);
        var key = new ReadyKey(material);
        CryptographicOperations.ZeroMemory(material);
        var lease = key.TryRent()!;
        _indexes.Put((account, category, field), key);
        return lease;
    }

    /// <summary>Called once <paramref name="key"/> is known as destroyed: the order matters to <see cref="KeepPair"/>.</summary>
    private void EvictCombined(KeyId key)
    {
        Interlocked.Increment(ref _destructions);
        _pairs.RemoveWhere(pair => pair.Item1 == key || pair.Item2 == key);
    }

    private void ClearDerived()
    {
        _pairs.Clear();
        _indexes.Clear();
    }
}
