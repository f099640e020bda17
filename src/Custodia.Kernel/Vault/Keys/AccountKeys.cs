using System.Security.Cryptography;

namespace Custodia.Kernel.Vault;

/// <summary>The keys of accounts, ready: they wrap everything below. Each caller brings the connection it works on.</summary>
internal sealed class AccountKeys(RootKeys roots, TimeProvider time)
{
    /// <summary>
    /// Versions start at 2: SQLite stores 2 to 127 in one byte, but 1 in none. So re-wrapping a key never changes the length of its row
    /// (see <see cref="KeyStore"/>).
    /// </summary>
    public const int FirstVersion = 2;

    private const int Kept = 1024;

    private readonly KeyCache<(long Account, int Version)> _ready = new(Kept);

    /// <summary>A version of an account's key; null when a rotation has removed it.</summary>
    public KeyLease? Rent(KeyStore store, long account, int version)
    {
        if (_ready.TryRent((account, version), out var lease)) return lease;
        return store.FindAccountKey(account, version) is { } row ? Unwrap(store, account, row) : null;
    }

    /// <summary>
    /// The version that new keys are wrapped under, made when the account has none; null when all its keys were destroyed.
    /// Call it inside a write transaction.
    /// </summary>
    public (int Version, KeyLease Lease)? RentCurrent(KeyStore store, long account)
    {
        var row = store.CurrentAccountKey(account);
        if (row is null && store.IsEnded(account)) return null;
        row ??= Make(store, account, FirstVersion, roots.Newest(store));
        if (_ready.TryRent((account, row.Version), out var lease) && lease is not null) return (row.Version, lease);
        return (row.Version, Unwrap(store, account, row));
    }

    /// <summary>Makes a version of an account's key under a root. Call it inside a write transaction.</summary>
    public AccountKeyRow Make(KeyStore store, long account, int version, RootKey root)
    {
        Span<byte> material = stackalloc byte[ReadyKey.Size];
        RandomNumberGenerator.Fill(material);
        var row = new AccountKeyRow(version, root.Id, root.Wrap(KeyRows.BoundAccount(account, version, root.Id), material));
        CryptographicOperations.ZeroMemory(material);
        store.AddAccountKey(account, row, time.GetUtcNow());
        return row;
    }

    /// <summary>Zeroes what is ready of an account.</summary>
    public void Forget(long account) => _ready.RemoveWhere(name => name.Account == account);

    public void Clear() => _ready.Clear();

    private KeyLease Unwrap(KeyStore store, long account, AccountKeyRow row)
    {
        Span<byte> material = stackalloc byte[ReadyKey.Size];
        roots.Get(row.WrappedBy, store).Unwrap(KeyRows.BoundAccount(account, row.Version, row.WrappedBy), row.Wrapped, material);
        var key = new ReadyKey(material);
        CryptographicOperations.ZeroMemory(material);
        var lease = key.TryRent()!;
        _ready.Put((account, row.Version), key);
        return lease;
    }
}
