using Microsoft.Data.Sqlite;

namespace Custodia.Kernel.Streams;

/// <summary>A position of a segment: the record, or the leaf of one that was removed.</summary>
internal readonly record struct SegmentRow(long Sequence, StoredRecord? Record, byte[]? Leaf, long Batch);

/// <summary>Reads the rows of a segment.</summary>
internal sealed class SegmentRows(SqliteConnection connection) : IDisposable
{
    private const string Columns = "seq, time, account, person, marks, salt, plain, sealed";

    private const int Chunk = 256;

    private readonly SqliteCommand _one = connection.Prepare($"SELECT {Columns} FROM records WHERE seq = $1", 0L);
    private readonly SqliteCommand _backwards = connection.Prepare($"SELECT {Columns} FROM records WHERE seq BETWEEN $1 AND $2 ORDER BY seq DESC LIMIT {Chunk}", 0L, 0L);

    public StoredRecord? Find(long sequence)
    {
        using var rows = _one.Query(sequence);
        return rows.Read() ? Record(rows) : null;
    }

    /// <summary>
    /// Records from <paramref name="last"/> down to <paramref name="first"/>, both included. Read in chunks, so that a slow taker
    /// does not hold a read transaction, which would keep deleted bytes in the write-ahead log.
    /// </summary>
    public IEnumerable<(long Sequence, StoredRecord Record)> Backwards(long first, long last)
    {
        var chunk = new List<(long Sequence, StoredRecord Record)>(Chunk);
        do
        {
            chunk.Clear();
            using (var rows = _backwards.Query(first, last))
            {
                while (rows.Read()) chunk.Add((rows.GetInt64(0), Record(rows)));
            }

            foreach (var row in chunk) yield return row;
            if (chunk.Count > 0) last = chunk[^1].Sequence - 1;
        }
        while (chunk.Count == Chunk);
    }

    /// <summary>Every position from <paramref name="first"/> on in order, removed records too.</summary>
    public IEnumerable<SegmentRow> FromWithErased(long first)
    {
        using var records = connection.Prepare($"SELECT {Columns} FROM records WHERE seq >= $1 ORDER BY seq", first);
        using var erased = connection.Prepare("SELECT seq, leaf, batch FROM erased WHERE seq >= $1 ORDER BY seq", first);
        using var present = records.ExecuteReader();
        using var removed = erased.ExecuteReader();
        var more = present.Read();
        var moreRemoved = removed.Read();
        while (more || moreRemoved)
        {
            if (!moreRemoved || (more && present.GetInt64(0) <= removed.GetInt64(0)))
            {
                yield return new SegmentRow(present.GetInt64(0), Record(present), null, 0);
                more = present.Read();
            }
            else
            {
                yield return new SegmentRow(removed.GetInt64(0), null, removed.Bytes(1), removed.GetInt64(2));
                moreRemoved = removed.Read();
            }
        }
    }

    public void Dispose()
    {
        _one.Dispose();
        _backwards.Dispose();
    }

    private static StoredRecord Record(SqliteDataReader row) => new(
        row.GetInt64(1),
        row.GetInt64(2),
        row.Bytes(3),
        row.Bytes(4) ?? [],
        row.Bytes(5) ?? [],
        row.Bytes(6) ?? [],
        row.Bytes(7));
}
