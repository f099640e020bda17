using System.Globalization;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Custodia.Kernel.Vault;

/// <summary>
/// One connection to the key store, <c>keys.db</c>: a SQLite file of its own, never part of a data backup. Not safe for concurrent use.
/// Durable at commit; what is deleted or replaced is overwritten, in the file at once and in the write-ahead log by <see cref="Truncate"/>.
/// </summary>
internal sealed class KeyStore : IDisposable
{
    public const string FileName = "keys.db";

    private const string Pragmas =
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; PRAGMA busy_timeout=10000; PRAGMA temp_store=MEMORY; PRAGMA wal_autocheckpoint=1000;";

    /// <summary>
    /// Rows of <c>keys</c> are only ever appended and changed in place, at the same length: SQLite then never moves a wrapped key
    /// to another page, where a copy could stay behind.
    /// </summary>
    private const string Schema = """
        CREATE TABLE IF NOT EXISTS roots (
          number INTEGER PRIMARY KEY AUTOINCREMENT,
          id TEXT NOT NULL UNIQUE,
          verifier BLOB NOT NULL,
          handover BLOB,
          created_at INTEGER NOT NULL);
        CREATE TABLE IF NOT EXISTS account_keys (
          account INTEGER NOT NULL,
          version INTEGER NOT NULL,
          wrapped_by TEXT NOT NULL,
          wrapped BLOB NOT NULL,
          created_at INTEGER NOT NULL,
          PRIMARY KEY (account, version));
        CREATE TABLE IF NOT EXISTS keys (
          number INTEGER PRIMARY KEY AUTOINCREMENT,
          id TEXT NOT NULL UNIQUE,
          kind TEXT NOT NULL,
          account INTEGER NOT NULL,
          version INTEGER NOT NULL,
          wrapped_by INTEGER NOT NULL,
          wrapped BLOB NOT NULL,
          created_at INTEGER NOT NULL,
          destroyed INTEGER NOT NULL);
        CREATE INDEX IF NOT EXISTS keys_of_account ON keys (account, wrapped_by) WHERE destroyed = 0;
        CREATE INDEX IF NOT EXISTS keys_of_days ON keys (created_at) WHERE kind = 'day' AND destroyed = 0;
        CREATE TABLE IF NOT EXISTS tombstones (
          number INTEGER PRIMARY KEY AUTOINCREMENT,
          key TEXT NOT NULL UNIQUE,
          destroyed_at INTEGER NOT NULL,
          reason TEXT NOT NULL);
        CREATE INDEX IF NOT EXISTS tombstones_by_time ON tombstones (destroyed_at);
        CREATE TABLE IF NOT EXISTS documents (
          name TEXT PRIMARY KEY,
          content TEXT NOT NULL,
          created_at INTEGER NOT NULL);
        """;

    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, SqliteCommand> _commands = new(StringComparer.Ordinal);

    private KeyStore(SqliteConnection connection) => _connection = connection;

    public static KeyStore Open(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path)) CreatePrivately(path);
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        connection.Open();
        var store = new KeyStore(connection);
        store.Run(Pragmas);
        return store;
    }

    public void CreateSchema() => Run(Schema);

    public bool HasSchema() => Read("SELECT count(*) FROM sqlite_master WHERE name = 'roots'", static row => row.GetInt64(0), []) == 1;

    /// <summary>A transaction that holds the write lock from its start.</summary>
    public Transaction Begin()
    {
        Execute("BEGIN IMMEDIATE");
        return new Transaction(this);
    }

    /// <summary>Changes whenever another connection has committed.</summary>
    public long DataVersion() => Read("PRAGMA data_version", static row => row.GetInt64(0), []);

    /// <summary>
    /// Moves the write-ahead log into the file and cuts it to nothing. False when a reader is in the way: try again.
    /// </summary>
    public bool Truncate() => Read("PRAGMA wal_checkpoint(TRUNCATE)", static row => row.GetInt64(0) == 0, []);

    public void Execute(string sql, params ReadOnlySpan<object> values) => Prepared(sql, values).ExecuteNonQuery();

    public long Count(string sql, params ReadOnlySpan<object> values) => Convert.ToInt64(Prepared(sql, values).ExecuteScalar(), CultureInfo.InvariantCulture);

    public T? Read<T>(string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<object> values)
    {
        using var reader = Prepared(sql, values).ExecuteReader();
        return reader.Read() ? read(reader) : default;
    }

    public List<T> List<T>(string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<object> values)
    {
        using var reader = Prepared(sql, values).ExecuteReader();
        var rows = new List<T>();
        while (reader.Read()) rows.Add(read(reader));
        return rows;
    }

    public void Dispose()
    {
        foreach (var command in _commands.Values) command.Dispose();
        _connection.Dispose();
    }

    private static void CreatePrivately(string path)
    {
        try
        {
            DurableFile.Write(path, []);
            DurableFile.FlushFolder(Path.GetDirectoryName(path)!);
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another process was faster.
        }
    }

    private void Run(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private SqliteCommand Prepared(string sql, ReadOnlySpan<object> values)
    {
        if (!_commands.TryGetValue(sql, out var command))
        {
            command = _connection.CreateCommand();
            command.CommandText = sql;
            for (var i = 0; i < values.Length; i++) command.Parameters.Add(new SqliteParameter { ParameterName = $"${i + 1}" });
            _commands[sql] = command;
        }

        for (var i = 0; i < values.Length; i++) command.Parameters[i].Value = values[i];
        return command;
    }

    /// <summary>Rolls back unless committed.</summary>
    public sealed class Transaction(KeyStore store) : IDisposable
    {
        private bool _ended;

        public void Commit()
        {
            store.Execute("COMMIT");
            _ended = true;
        }

        public void Dispose()
        {
            // An I/O error has already rolled back: then there is nothing left to end (sqlite.org/lang_transaction.html, section 3).
            if (!_ended && raw.sqlite3_get_autocommit(store._connection.Handle) == 0) store.Execute("ROLLBACK");
            _ended = true;
        }
    }
}
