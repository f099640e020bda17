using System.Buffers.Binary;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Custodia.Kernel.Streams;

/// <summary>
/// The open end of a segment: numbers records, adds them to the tree and commits. For one user at a time. After a failure it is
/// thrown away and opened again, so that what is in memory never differs from the disk.
/// </summary>
internal sealed class SegmentWriter : IDisposable
{
    private const string InsertRecord = "INSERT INTO records (seq, time, account, person, marks, salt, plain, sealed) VALUES (?, ?, ?, ?, ?, ?, ?, ?)";

    private readonly SqliteConnection _connection;
    private readonly sqlite3_stmt _insert;
    private readonly SqliteCommand _insertBlock;
    private readonly SqliteCommand _insertMarks;
    private readonly BlockMarks _marks = new();
    private readonly BlockSummary _summary = new();

    private SegmentWriter(string path, SegmentHeader header, SqliteConnection connection)
    {
        Path = path;
        Header = header;
        _connection = connection;
        Check(raw.sqlite3_prepare_v2(connection.Handle, InsertRecord, out _insert));
        _insertBlock = connection.Prepare("INSERT INTO blocks (number, root, min_time, max_time, accounts) VALUES ($1, $2, $3, $4, $5)", 0, 0, 0, 0, 0);
        _insertMarks = connection.Prepare("INSERT INTO marks (id, entries) VALUES ($1, $2)", 0, 0);
    }

    public string Path { get; }

    public SegmentHeader Header { get; }

    public SegmentId Id => Header.Id;

    public MerkleFrontier Tree { get; } = new();

    public SqliteConnection Connection => _connection;

    /// <summary>When it was used last, by the clock's timestamp; the longest idle is closed first.</summary>
    public long LastUsed { get; set; }

    /// <summary>Opens or begins the segment. The header on disk may say another shape than the one wanted: the caller looks.</summary>
    /// <exception cref="FormatException">The segment is damaged: nothing can be added to it.</exception>
    public static SegmentWriter Open(string path, SegmentHeader wanted)
    {
        var connection = SegmentFile.OpenForWriting(path, wanted);
        try
        {
            var header = SegmentFile.Header(connection) ?? throw new FormatException("The segment has no header.");
            var writer = new SegmentWriter(path, header, connection);
            writer.Load();
            return writer;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>All of the batch in one durable transaction.</summary>
    public void Commit(SealedBatch batch)
    {
        _connection.Run("BEGIN IMMEDIATE");
        try
        {
            for (var i = 0; i < batch.Entries.Count; i++)
            {
                Insert(batch, batch.Entries[i]);
                Tree.Append(batch.Leaf(i));
                if (Tree.AtBlockEnd) WriteBlock();
            }

            _connection.Run("COMMIT");
        }
        catch
        {
            raw.sqlite3_reset(_insert);
            if (raw.sqlite3_get_autocommit(_connection.Handle) == 0) _connection.Run("ROLLBACK");
            throw;
        }
    }

    /// <summary>Notes in the segment itself which checkpoint signed it last: a checkpoint file that was cut is then noticed.</summary>
    public void NoteSigned(byte[] checkpoint) => _connection.Run("UPDATE header SET signed = $1 WHERE id = 1", checkpoint);

    public void Dispose()
    {
        _insert.Dispose();
        _insertBlock.Dispose();
        _insertMarks.Dispose();
        _connection.Dispose();
    }

    /// <summary>Rebuilds the tree from the roots of the blocks and the records behind them.</summary>
    private void Load()
    {
        using (var blocks = _connection.Prepare("SELECT number, root FROM blocks ORDER BY number"))
        using (var rows = blocks.ExecuteReader())
        {
            while (rows.Read())
            {
                var root = rows.Bytes(1);
                if (rows.GetInt64(0) * MerkleFrontier.BlockSize != Tree.Size || root?.Length != MerkleHash.Size) throw new FormatException("The blocks of the segment are damaged.");
                Tree.AppendBlock(root);
            }
        }

        using var records = new SegmentRows(_connection);
        foreach (var row in records.FromWithErased(Tree.Size))
        {
            if (row.Sequence != Tree.Size) throw new FormatException("A record of the segment is missing.");
            if (row.Record is { } record) Count(record);
            Tree.Append(row.Record?.Leaf() ?? row.Leaf!);
        }
    }

    private void Count(in StoredRecord record)
    {
        var position = (int)(Tree.Size % MerkleFrontier.BlockSize);
        _summary.Add(record.Time, record.Account);
        if (record.Person is { } person) _marks.Add(BinaryPrimitives.ReadUInt64BigEndian(person), position);
        for (var i = 0; i < record.Marks.Length / StoredRecord.MarkSize; i++) _marks.Add(record.Mark(i), position);
    }

    private void Insert(SealedBatch batch, in SealedEntry entry)
    {
        var position = (int)(Tree.Size % MerkleFrontier.BlockSize);
        var person = entry.HasPerson ? batch.Bytes(entry.Start + LeafForm.PersonAt, StoredRecord.PersonSize) : default;
        var marks = batch.Bytes(entry.MarksAt, entry.PlainAt - 4 - entry.MarksAt);
        _summary.Add(entry.Time, entry.Account);
        if (entry.HasPerson) _marks.Add(BinaryPrimitives.ReadUInt64BigEndian(person), position);
        for (var at = 0; at < marks.Length; at += StoredRecord.MarkSize) _marks.Add(BinaryPrimitives.ReadUInt64BigEndian(marks[at..]), position);

        raw.sqlite3_bind_int64(_insert, 1, Tree.Size);
        raw.sqlite3_bind_int64(_insert, 2, entry.Time);
        raw.sqlite3_bind_int64(_insert, 3, entry.Account);
        if (entry.HasPerson) raw.sqlite3_bind_blob(_insert, 4, person);
        else raw.sqlite3_bind_null(_insert, 4);
        if (marks.IsEmpty) raw.sqlite3_bind_zeroblob(_insert, 5, 0);
        else raw.sqlite3_bind_blob(_insert, 5, marks);
        raw.sqlite3_bind_blob(_insert, 6, batch.Bytes(entry.Start + LeafForm.SaltAt, StoredRecord.SaltSize));
        if (entry.PlainLength == 0) raw.sqlite3_bind_zeroblob(_insert, 7, 0);
        else raw.sqlite3_bind_blob(_insert, 7, batch.Bytes(entry.PlainAt, entry.PlainLength));
        if (entry.SealedLength == 0) raw.sqlite3_bind_null(_insert, 8);
        else raw.sqlite3_bind_blob(_insert, 8, batch.Bytes(entry.PlainAt + entry.PlainLength, entry.SealedLength));
        var step = raw.sqlite3_step(_insert);
        if (step != raw.SQLITE_DONE) Check(step);
        raw.sqlite3_reset(_insert);
    }

    private void WriteBlock()
    {
        var number = (Tree.Size / MerkleFrontier.BlockSize) - 1;
        _insertBlock.Bind(number, Tree.LastBlock.ToArray(), _summary.MinTime, _summary.MaxTime, (object?)_summary.Accounts() ?? DBNull.Value);
        _insertBlock.ExecuteNonQuery();
        foreach (var (id, entries) in _marks.Sorted(number))
        {
            _insertMarks.Bind(id, entries);
            _insertMarks.ExecuteNonQuery();
        }

        _summary.Clear();
        _marks.Clear();
    }

    private void Check(int result)
    {
        if (result != raw.SQLITE_OK) SqliteException.ThrowExceptionForRC(result, _connection.Handle);
    }
}
