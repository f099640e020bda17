using System.Security.Cryptography;

namespace Custodia.Kernel.Vault;

/// <summary>The part of a rotation that goes through the accounts. What is left to do is read from the store each time.</summary>
internal sealed class AccountRotation(KeyStore store, AccountKeys accounts, RootKey old, RootKey next)
{
    private const int BatchSize = 500;

    /// <summary>Accounts that still have a key under the old root, or more than one key.</summary>
    public List<long> Accounts() => store.List(
        "SELECT account FROM account_keys GROUP BY account HAVING count(*) > 1 OR max(wrapped_by = $1) = 1 ORDER BY account",
        static row => row.GetInt64(0),
        old.Id);

    /// <summary>Data keys below account keys that a rotation replaces.</summary>
    public long Remaining() => store.Count(
        """
        SELECT count(*) FROM keys k
        WHERE k.destroyed = 0 AND EXISTS (SELECT 1 FROM account_keys a WHERE a.account = k.account AND a.version = k.wrapped_by AND a.wrapped_by = $1)
        """,
        old.Id);

    /// <summary>
    /// Gives the account a new key, unless it has one already; new data keys are wrapped under it from now on.
    /// An account whose keys are destroyed meanwhile gets none.
    /// </summary>
    public void Renew(long account)
    {
        using var transaction = store.Begin();
        if (store.CurrentAccountKey(account) is { } current && current.WrappedBy != next.Id) accounts.Make(store, account, current.Version + 1, next);
        transaction.Commit();
    }

    /// <summary>Wraps the next data keys of the account under its new key. Zero when all are.</summary>
    public int RewrapBatch(long account)
    {
        using var transaction = store.Begin();
        if (accounts.RentCurrent(store, account) is not (var version, var parent)) return 0;
        using (parent)
        {
            var batch = store.KeysBelowOlder(account, version, BatchSize);
            foreach (var (number, id, row) in batch) Rewrap(account, number, id, row, version, parent);
            transaction.Commit();
            return batch.Count;
        }
    }

    /// <summary>Overwrites and removes the account's former keys; nothing is wrapped under them any more.</summary>
    public void RemoveOld(long account)
    {
        using var transaction = store.Begin();
        if (store.CurrentAccountKey(account) is { } current && store.KeysBelowOlder(account, current.Version, 1).Count == 0)
            store.RemoveAccountKeysBefore(account, current.Version);
        transaction.Commit();
    }

    private void Rewrap(long account, long number, string id, KeyRow row, int version, KeyLease parent)
    {
        using var former = accounts.Rent(store, account, row.WrappedBy) ?? throw new InvalidOperationException($"The account key {account}/{row.WrappedBy} is not in the key store.");
        Span<byte> material = stackalloc byte[ReadyKey.Size];
        KeyWrap.Unwrap(former, KeyRows.Bound(id, row.Version, row.WrappedBy), row.Wrapped, material);
        store.Rewrap(number, version, KeyWrap.Wrap(parent, KeyRows.Bound(id, row.Version, version), material));
        CryptographicOperations.ZeroMemory(material);
    }
}
