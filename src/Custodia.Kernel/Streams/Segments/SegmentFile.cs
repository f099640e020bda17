using Custodia.Kernel.Vault;
using Microsoft.Data.Sqlite;

namespace Custodia.Kernel.Streams;

/// <summary>
/// The file of a segment. Records lie in the order of their arrival and have no index of their own: a day only grows at its end, and
/// random inserts into index trees would cost more than everything else. Instead every 4096 records make a block:
/// <code>
///   header    what the segment is; the checkpoint that signed it last
///   records   the leaves of the tree, by position
///   blocks    per 4096 records: root of their subtree, span of time, accounts (few: which; many: null)
///   marks     per block 64 buckets by the first bits of a mark: sorted pairs of 32 further bits and the position in the block
///   erased    leaves of records that were removed one by one, by erasure
/// </code>
/// A lookup reads one bucket a block and scans only the last, incomplete block.
/// </summary>
internal static class SegmentFile
{
    private const string Schema = """
        CREATE TABLE IF NOT EXISTS header (id INTEGER PRIMARY KEY CHECK (id = 1), text TEXT NOT NULL, signed BLOB);
        CREATE TABLE IF NOT EXISTS records (seq INTEGER PRIMARY KEY, time INTEGER NOT NULL, account INTEGER NOT NULL, person BLOB,
          marks BLOB NOT NULL, salt BLOB NOT NULL, plain BLOB NOT NULL, sealed BLOB);
        CREATE TABLE IF NOT EXISTS blocks (number INTEGER PRIMARY KEY, root BLOB NOT NULL, min_time INTEGER NOT NULL, max_time INTEGER NOT NULL, accounts BLOB);
        CREATE TABLE IF NOT EXISTS marks (id INTEGER PRIMARY KEY, entries BLOB NOT NULL);
        CREATE TABLE IF NOT EXISTS erased (seq INTEGER PRIMARY KEY, leaf BLOB NOT NULL, batch INTEGER NOT NULL);
        """;

    /// <summary>Durable commits, readers beside the writer, deleted bytes overwritten.</summary>
    private const string Pragmas =
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; PRAGMA busy_timeout=10000; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-4000; PRAGMA wal_autocheckpoint=4000;";

    public static SqliteConnection OpenForWriting(string path, SegmentHeader header)
    {
        var isNew = !File.Exists(path);
        var connection = Open(path, SqliteOpenMode.ReadWriteCreate);
        try
        {
            connection.Run(Pragmas);
            connection.Run("BEGIN IMMEDIATE");
            connection.Run(Schema);
            connection.Run("INSERT OR IGNORE INTO header (id, text) VALUES (1, $1)", header.Text);
            connection.Run("COMMIT");
            if (isNew) DurableFile.FlushFolder(Path.GetDirectoryName(path)!);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public static SqliteConnection OpenForReading(string path)
    {
        var connection = Open(path, SqliteOpenMode.ReadOnly);
        connection.Run("PRAGMA busy_timeout=10000; PRAGMA cache_size=-2000;");
        return connection;
    }

    public static SegmentHeader? Header(SqliteConnection connection)
    {
        try
        {
            return connection.Scalar("SELECT text FROM header WHERE id = 1") is string text ? SegmentHeader.Parse(text) : null;
        }
        catch (SqliteException failure) when (failure.SqliteErrorCode == 1)
        {
            // Begun and interrupted before its first commit: there are no tables.
            return null;
        }
    }

    /// <summary>Moves the write-ahead log into the file and cuts it, so that nothing deleted stays behind in it.</summary>
    public static void Truncate(SqliteConnection connection) => connection.Scalar("PRAGMA wal_checkpoint(TRUNCATE)");

    /// <summary>
    /// The name goes at once. Giving back the blocks of a large file may take a disk seconds; that begins when the last handle closes,
    /// so one is kept until then, and nobody waits. A process that ends before leaves nothing behind: the system closes it.
    /// </summary>
    public static void Delete(string path)
    {
        var held = File.Exists(path) ? File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete) : null;
        foreach (var suffix in (ReadOnlySpan<string>)["", "-wal", "-shm", "-journal"]) File.Delete(path + suffix);
        if (held is not null) ThreadPool.QueueUserWorkItem(static handle => handle.Dispose(), held, preferLocal: false);
    }

    /// <summary>Without pooling: a handle that nobody uses would keep a dropped day on the disk.</summary>
    private static SqliteConnection Open(string path, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false }.ToString());
        try
        {
            connection.Open();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
