namespace Custodia.Kernel.Vault;

/// <summary>A data key as stored. Without <paramref name="Wrapped"/> it is destroyed.</summary>
/// <param name="WrappedBy">Version of the account key that wraps it.</param>
internal sealed record KeyRow(int Version, int WrappedBy, byte[]? Wrapped);

/// <summary>A version of an account's key; account 0 is the server itself.</summary>
/// <param name="WrappedBy">Id of the root key that wraps it.</param>
internal sealed record AccountKeyRow(int Version, string WrappedBy, byte[] Wrapped);

/// <param name="Handover">The other root, sealed under this one; only in the middle of a rotation.</param>
internal sealed record RootRow(string Id, byte[] Verifier, byte[]? Handover);

internal sealed record KeyCount(string Kind, int Version, long Present, long Destroyed);

/// <summary>The statements of the key store. Every wrapped value is bound to its name, version and parent.</summary>
internal static class KeyRows
{
    public const int WrappedSize = ReadyKey.Size + KeyWrap.Overhead;

    public static string Bound(string key, int version, int wrappedBy) => $"key/{key}/{version}/{wrappedBy}";

    public static string BoundAccount(long account, int version, string root) => $"account/{account}/{version}/{root}";

    public static KeyRow? FindKey(this KeyStore store, string id) => store.Read(
        "SELECT version, wrapped_by, wrapped, destroyed FROM keys WHERE id = $1",
        static row => new KeyRow(row.GetInt32(0), row.GetInt32(1), row.GetInt64(3) == 0 ? row.GetFieldValue<byte[]>(2) : null),
        id);

    public static void AddKey(this KeyStore store, KeyId key, KeyRow row, DateTimeOffset now) => store.Execute(
        "INSERT INTO keys (id, kind, account, version, wrapped_by, wrapped, created_at, destroyed) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        key.ToString(), key.Kind, key.Account, row.Version, row.WrappedBy, row.Wrapped ?? new byte[WrappedSize], now.ToUnixTimeMilliseconds(), row.Wrapped is null ? 1 : 0);

    /// <summary>Overwrites the wrapped key in place and writes the tombstone.</summary>
    public static void Bury(this KeyStore store, string id, DateTimeOffset now, string reason)
    {
        store.Execute("UPDATE keys SET wrapped = zeroblob(length(wrapped)), destroyed = 1 WHERE id = $1", id);
        store.Execute("INSERT INTO tombstones (key, destroyed_at, reason) VALUES ($1, $2, $3)", id, now.ToUnixTimeMilliseconds(), reason);
    }

    public static DateTimeOffset? DestroyedAt(this KeyStore store, string id) => store.Read<DateTimeOffset?>(
        "SELECT destroyed_at FROM tombstones WHERE key = $1", static row => DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(0)), id);

    /// <summary>Tombstones newer than <paramref name="after"/>, by number.</summary>
    public static List<(long Number, string Key)> TombstonesAfter(this KeyStore store, long after) => store.List(
        "SELECT number, key FROM tombstones WHERE number > $1 ORDER BY number", static row => (row.GetInt64(0), row.GetString(1)), after);

    public static long LastTombstone(this KeyStore store) => store.Count("SELECT coalesce(max(number), 0) FROM tombstones");

    public static AccountKeyRow? FindAccountKey(this KeyStore store, long account, int version) => store.Read(
        "SELECT version, wrapped_by, wrapped FROM account_keys WHERE account = $1 AND version = $2", AccountKey, account, version);

    public static AccountKeyRow? CurrentAccountKey(this KeyStore store, long account) => store.Read(
        "SELECT version, wrapped_by, wrapped FROM account_keys WHERE account = $1 ORDER BY version DESC LIMIT 1", AccountKey, account);

    public static void AddAccountKey(this KeyStore store, long account, AccountKeyRow row, DateTimeOffset now) => store.Execute(
        "INSERT INTO account_keys (account, version, wrapped_by, wrapped, created_at) VALUES ($1, $2, $3, $4, $5)",
        account, row.Version, row.WrappedBy, row.Wrapped, now.ToUnixTimeMilliseconds());

    /// <summary>Oldest first; two of them in the middle of a rotation.</summary>
    public static List<RootRow> Roots(this KeyStore store) => store.List(
        "SELECT id, verifier, handover FROM roots ORDER BY number",
        static row => new RootRow(row.GetString(0), row.GetFieldValue<byte[]>(1), row.IsDBNull(2) ? null : row.GetFieldValue<byte[]>(2)));

    public static void AddRoot(this KeyStore store, RootRow row, DateTimeOffset now) => store.Execute(
        "INSERT INTO roots (id, verifier, handover, created_at) VALUES ($1, $2, $3, $4)",
        row.Id, row.Verifier, (object?)row.Handover ?? DBNull.Value, now.ToUnixTimeMilliseconds());

    public static void SetHandover(this KeyStore store, string root, byte[] handover) => store.Execute("UPDATE roots SET handover = $2 WHERE id = $1", root, handover);

    public static void ClearHandover(this KeyStore store, string root)
    {
        store.Execute("UPDATE roots SET handover = zeroblob(length(handover)) WHERE id = $1", root);
        store.Execute("UPDATE roots SET handover = NULL WHERE id = $1", root);
    }

    /// <summary>Overwrites before it deletes, so that no page keeps a copy.</summary>
    public static void RemoveRoot(this KeyStore store, string id)
    {
        store.Execute("UPDATE roots SET verifier = zeroblob(length(verifier)), handover = zeroblob(length(handover)) WHERE id = $1", id);
        store.Execute("DELETE FROM roots WHERE id = $1", id);
    }

    /// <summary>Data keys of an account that are wrapped under an older version of its key.</summary>
    public static List<(long Number, string Id, KeyRow Row)> KeysBelowOlder(this KeyStore store, long account, int version, int limit) => store.List(
        "SELECT number, id, version, wrapped_by, wrapped FROM keys WHERE account = $1 AND wrapped_by < $2 AND destroyed = 0 LIMIT $3",
        static row => (row.GetInt64(0), row.GetString(1), new KeyRow(row.GetInt32(2), row.GetInt32(3), row.GetFieldValue<byte[]>(4))),
        account, version, limit);

    public static void Rewrap(this KeyStore store, long number, int wrappedBy, byte[] wrapped) =>
        store.Execute("UPDATE keys SET wrapped = $3, wrapped_by = $2 WHERE number = $1", number, wrappedBy, wrapped);

    /// <summary>Overwrites before it deletes, so that no page keeps a copy.</summary>
    public static void RemoveAccountKeysBefore(this KeyStore store, long account, int version)
    {
        store.Execute("UPDATE account_keys SET wrapped = zeroblob(length(wrapped)) WHERE account = $1 AND version < $2", account, version);
        store.Execute("DELETE FROM account_keys WHERE account = $1 AND version < $2", account, version);
    }

    /// <summary>Whether all keys of the account were destroyed and none is ever made again.</summary>
    public static bool IsEnded(this KeyStore store, long account) =>
        store.Count("SELECT count(*) FROM tombstones WHERE key = $1", AccountTombstone(account)) > 0;

    /// <summary>Accounts whose keys were all destroyed.</summary>
    public static List<long> EndedAccounts(this KeyStore store) => store.List(
        "SELECT substr(key, 9) FROM tombstones WHERE key >= 'account/' AND key < 'account0'", static row => row.GetInt64(0));

    /// <summary>Overwrites and removes every version of the account's key, and writes the tombstone that keeps a new one from being made.</summary>
    public static void EndAccount(this KeyStore store, long account, DateTimeOffset now, string reason)
    {
        store.RemoveAccountKeysBefore(account, int.MaxValue);
        store.Execute(
            "INSERT INTO tombstones (key, destroyed_at, reason) VALUES ($1, $2, $3) ON CONFLICT (key) DO NOTHING",
            AccountTombstone(account), now.ToUnixTimeMilliseconds(), reason);
    }

    /// <summary>Data keys of an account that are not destroyed.</summary>
    public static List<KeyId> KeysOf(this KeyStore store, long account, int limit) => store.List(
        "SELECT id FROM keys WHERE account = $1 AND destroyed = 0 LIMIT $2", static row => KeyId.Parse(row.GetString(0)), account, limit);

    /// <summary>All keys of an account that are not destroyed: its own and those below.</summary>
    public static long CountKeysOf(this KeyStore store, long account) => store.Count(
        "SELECT (SELECT count(*) FROM keys WHERE account = $1 AND destroyed = 0) + (SELECT count(*) FROM account_keys WHERE account = $1)", account);

    /// <summary>When the oldest key of an account was made; null when there is none. The server's own keys are no account's.</summary>
    public static DateTimeOffset? OldestKey(this KeyStore store) => store.Read<DateTimeOffset?>(
        "SELECT created_at FROM keys WHERE destroyed = 0 AND account <> 0 ORDER BY number LIMIT 1",
        static row => DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(0)));

    public static (long Count, DateTimeOffset? Oldest) TombstonesBefore(this KeyStore store, DateTimeOffset moment) => (
        store.Count("SELECT count(*) FROM tombstones WHERE destroyed_at < $1", moment.ToUnixTimeMilliseconds()),
        store.Read<DateTimeOffset?>("SELECT destroyed_at FROM tombstones ORDER BY destroyed_at LIMIT 1", static row => DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(0))));

    /// <summary>Forgets the names of keys that were destroyed before a moment. Their rows stay where they are, without name and key.</summary>
    /// <returns>How many, at most <paramref name="limit"/>.</returns>
    public static int ForgetDestroyed(this KeyStore store, DateTimeOffset before, int limit)
    {
        var names = store.List(
            "SELECT key FROM tombstones WHERE destroyed_at < $1 LIMIT $2", static row => row.GetString(0), before.ToUnixTimeMilliseconds(), limit);
        foreach (var name in names)
        {
            // As long as it was: see KeyStore.
            store.Execute("UPDATE keys SET id = printf('%-' || length(id) || 's', '#' || number) WHERE id = $1", name);
            store.Execute("DELETE FROM tombstones WHERE key = $1", name);
        }

        return names.Count;
    }

    /// <summary>Keys of days that were made before a moment and are not destroyed.</summary>
    public static List<KeyId> DayKeysBefore(this KeyStore store, DateTimeOffset moment) => store.List(
        "SELECT id FROM keys WHERE kind = 'day' AND destroyed = 0 AND created_at < $1", static row => KeyId.Parse(row.GetString(0)), moment.ToUnixTimeMilliseconds());

    /// <summary>How many keys there are, by kind and version; account keys and roots too. Nothing of the keys themselves.</summary>
    public static List<KeyCount> CountKeys(this KeyStore store) => store.List(
        """
        SELECT 'root', 1, count(*), 0, 1 FROM roots
        UNION ALL SELECT 'account', version, count(*), 0, 2 FROM account_keys GROUP BY version
        UNION ALL SELECT kind, version, sum(destroyed = 0), sum(destroyed = 1), 3 FROM keys GROUP BY kind, version
        ORDER BY 5, 1, 2
        """,
        static row => new KeyCount(row.GetString(0), row.GetInt32(1), row.GetInt64(2), row.GetInt64(3)));

    public static List<string> Documents(this KeyStore store) => store.List("SELECT content FROM documents ORDER BY created_at, name", static row => row.GetString(0));

    public static void AddDocument(this KeyStore store, string name, string content, DateTimeOffset now) => store.Execute(
        "INSERT INTO documents (name, content, created_at) VALUES ($1, $2, $3) ON CONFLICT (name) DO UPDATE SET content = excluded.content",
        name, content, now.ToUnixTimeMilliseconds());

    private static string AccountTombstone(long account) => $"account/{account}";

    private static AccountKeyRow AccountKey(Microsoft.Data.Sqlite.SqliteDataReader row) =>
        new(row.GetInt32(0), row.GetString(1), row.GetFieldValue<byte[]>(2));
}
