using System.Buffers.Binary;
using Microsoft.Data.Sqlite;

namespace Custodia.Kernel.Streams;

/// <summary>
/// Removes records one by one: signs which leaves stay behind for them, then deletes rows and marks in one transaction. The tree keeps
/// its shape, and the leaf of a record whose salt is gone tells nothing about it.
/// </summary>
internal sealed class RecordRemoval(LogWriter writer, StreamServices services)
{
    private const int BatchSize = 2000;

    private readonly SegmentSigning _signing = new(services);

    /// <returns>Records removed now.</returns>
    public async Task<long> RemoveAsync(SegmentId id, IEnumerable<long> sequences, string why, List<CheckpointReference> signed, CancellationToken cancellation)
    {
        var removed = 0L;
        foreach (var batch in sequences.Order().Chunk(BatchSize))
        {
            removed += await writer.AloneAsync(
                open =>
                {
                    var (count, checkpoint) = Remove(open, id, batch, why);
                    if (checkpoint is not null) signed.Add(checkpoint.Reference());
                    return Task.FromResult(count);
                },
                cancellation);
        }

        return removed;
    }

    private (long Count, SignedCheckpoint? Signed) Remove(OpenSegments open, SegmentId id, long[] sequences, string why)
    {
        var segment = open.Borrow(id, out var isOpen);
        if (segment is null) return (0, null);
        try
        {
            var rows = Load(segment.Connection, sequences);
            if (rows.Count == 0) return (0, null);
            var before = open.Checkpoints.Latest(id)?.Erased ?? ErasedChain.None;
            if (before.Batches != Batches(segment.Connection)) before = ErasedChain.Of(segment.Connection);
            var after = ErasedChain.Add(before, [.. rows.Select(r => (r.Sequence, r.Record.Leaf()))]);
            var signed = _signing.Sign(open, segment, CheckpointReason.Erased, draft => draft with { Why = why, Erased = after });
            Delete(segment.Connection, rows, after.Batches);
            SegmentFile.Truncate(segment.Connection);
            return (rows.Count, signed);
        }
        finally
        {
            // The open end remembers marks of its last block: it is read again without the removed ones.
            if (isOpen) open.Release(id);
            else segment.Dispose();
        }
    }

    private static List<(long Sequence, StoredRecord Record)> Load(SqliteConnection connection, long[] sequences)
    {
        using var rows = new SegmentRows(connection);
        var found = new List<(long, StoredRecord)>(sequences.Length);
        foreach (var sequence in sequences)
        {
            if (rows.Find(sequence) is { } record) found.Add((sequence, record));
        }

        return found;
    }

    private static long Batches(SqliteConnection connection) => connection.Number("SELECT coalesce(max(batch), 0) FROM erased");

    private static void Delete(SqliteConnection connection, List<(long Sequence, StoredRecord Record)> rows, long batch)
    {
        var blocks = connection.Number("SELECT coalesce(max(number) + 1, 0) FROM blocks");
        using var transaction = connection.BeginTransaction(deferred: false);
        using var keep = connection.Prepare("INSERT INTO erased (seq, leaf, batch) VALUES ($1, $2, $3)", 0L, 0, batch);
        using var delete = connection.Prepare("DELETE FROM records WHERE seq = $1", 0L);
        (keep.Transaction, delete.Transaction) = (transaction, transaction);
        var buckets = new Dictionary<long, HashSet<int>>();
        foreach (var (sequence, record) in rows)
        {
            keep.Bind(sequence, record.Leaf(), batch);
            keep.ExecuteNonQuery();
            delete.Bind(sequence);
            delete.ExecuteNonQuery();
            var block = sequence / MerkleFrontier.BlockSize;
            if (block < blocks) Collect(buckets, block, (int)(sequence % MerkleFrontier.BlockSize), record);
        }

        CleanBuckets(connection, transaction, buckets);
        transaction.Commit();
    }

    private static void Collect(Dictionary<long, HashSet<int>> buckets, long block, int position, in StoredRecord record)
    {
        if (record.Person is { } person) AddTo(buckets, BlockMarks.RowId(block, BinaryPrimitives.ReadUInt64BigEndian(person)), position);
        for (var i = 0; i < record.Marks.Length / StoredRecord.MarkSize; i++)
        {
            if (record.Mark(i) is not 0 and var mark) AddTo(buckets, BlockMarks.RowId(block, mark), position);
        }
    }

    private static void AddTo(Dictionary<long, HashSet<int>> buckets, long id, int position)
    {
        if (!buckets.TryGetValue(id, out var positions)) buckets.Add(id, positions = []);
        positions.Add(position);
    }

    private static void CleanBuckets(SqliteConnection connection, SqliteTransaction transaction, Dictionary<long, HashSet<int>> buckets)
    {
        using var read = connection.Prepare("SELECT entries FROM marks WHERE id = $1", 0L);
        using var write = connection.Prepare("UPDATE marks SET entries = $2 WHERE id = $1", 0L, 0);
        (read.Transaction, write.Transaction) = (transaction, transaction);
        foreach (var (id, positions) in buckets)
        {
            read.Bind(id);
            if (read.ExecuteScalar() is not byte[] entries) continue;
            write.Bind(id, BlockMarks.Without(entries, positions));
            write.ExecuteNonQuery();
        }
    }
}
