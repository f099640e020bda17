using System.Security.Cryptography;
using Custodia.Kernel.Vault;
using Microsoft.Data.Sqlite;

namespace Custodia.Kernel.Streams;

/// <summary>How many records one page may look at. What exceeds it goes to the next page.</summary>
internal sealed class ScanBudget(long rows)
{
    private long _left = rows;

    public bool Spend() => --_left >= 0;
}

/// <summary>Reads one segment, beside its writer. For one user at a time.</summary>
internal sealed class SegmentReader : IDisposable
{
    private const int Damaged = 11;
    private const int NotADatabase = 26;

    private readonly SqliteConnection _connection;
    private readonly SegmentRows _rows;
    private readonly SqliteCommand _bucket;
    private readonly Dictionary<Guid, KeyId> _subjects = [];
    private readonly KeyRing _ring;

    private SegmentReader(SqliteConnection connection, SegmentHeader header, SegmentCipher? cipher, KeyRing ring)
    {
        _connection = connection;
        _ring = ring;
        Header = header;
        Cipher = cipher;
        _rows = new SegmentRows(connection);
        _bucket = connection.Prepare("SELECT entries FROM marks WHERE id = $1", 0L);
    }

    public SegmentHeader Header { get; }

    /// <summary>Null when the segment's key is gone.</summary>
    public SegmentCipher? Cipher { get; }

    /// <summary>Null when the segment was dropped meanwhile, or holds nothing yet.</summary>
    public static async ValueTask<SegmentReader?> OpenAsync(StreamFolder folder, SegmentId id, KeyRing ring, CancellationToken cancellation)
    {
        var path = folder.PathOf(id);
        SqliteConnection? connection = null;
        try
        {
            connection = SegmentFile.OpenForReading(path);
            if (SegmentFile.Header(connection) is { } header)
            {
                var reader = new SegmentReader(connection, header, await SegmentCipher.FindAsync(ring, header, cancellation), ring);
                connection = null;
                return reader;
            }
        }
        catch (Exception gone) when (gone is FormatException or SqliteException { SqliteErrorCode: Damaged or NotADatabase } || !File.Exists(path))
        {
            // Dropped between listing and opening; a damaged file is for verification to report.
        }
        finally
        {
            connection?.Dispose();
        }

        return null;
    }

    /// <summary>Matching records before a position, latest first. Stops when the budget is spent, and says where.</summary>
    public IEnumerable<(long Sequence, StoredRecord? Record)> Find(SegmentFilter filter, long before, ScanBudget budget)
    {
        var blocks = _connection.Number("SELECT coalesce(max(number) + 1, 0) FROM blocks");
        foreach (var (sequence, record) in Candidates(filter, before, blocks))
        {
            if (!budget.Spend())
            {
                yield return (sequence, null);
                yield break;
            }

            if (filter.Matches(record)) yield return (sequence, record);
        }
    }

    /// <summary>Positions of at most <paramref name="count"/> matching records before a position, latest first.</summary>
    public long[] Find(SegmentFilter filter, long before, int count) =>
        [.. Find(filter, before, new ScanBudget(long.MaxValue)).Take(count).Select(f => f.Sequence)];

    /// <summary>All of them, so that records may be removed between the batches.</summary>
    public IEnumerable<long[]> FindInBatches(SegmentFilter filter)
    {
        var before = long.MaxValue;
        while (Find(filter, before, 10_000) is { Length: > 0 } batch)
        {
            yield return batch;
            before = batch[^1];
        }
    }

    /// <summary>Time of the oldest record, looked for among the first ones present; null when there are none.</summary>
    public long? Oldest() => _connection.Scalar("SELECT min(time) FROM (SELECT time FROM records ORDER BY seq LIMIT 1024)") as long?;

    /// <summary>Records present: counted from their positions, not by walking through them.</summary>
    public long Count() => _connection.Number(
        "SELECT max((SELECT coalesce(max(seq), -1) FROM records), (SELECT coalesce(max(seq), -1) FROM erased)) + 1 - (SELECT count(*) FROM erased)");

    /// <summary>Whether every record belongs to one account: from the blocks, and the records behind them.</summary>
    public bool HoldsOnly(long account)
    {
        var only = new byte[8];
        System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(only, account);
        return _connection.Scalar("SELECT 1 FROM blocks WHERE accounts IS NOT $1 LIMIT 1", only) is null
            && _connection.Scalar($"SELECT 1 FROM records WHERE seq >= (SELECT coalesce(max(number) + 1, 0) FROM blocks) * {MerkleFrontier.BlockSize} AND account <> $1 LIMIT 1", account) is null;
    }

    public async ValueTask<StreamEntry> OpenAsync(long sequence, StoredRecord record, CancellationToken cancellation)
    {
        var shape = Header.Shape;
        var person = record.Person is { Length: StoredRecord.PersonSize } token && Cipher is not null ? Cipher.Unhide(token) : (Guid?)null;
        var plain = FieldCodec.Read(record.Plain, shape.PlainCount);
        var opened = shape.SealedCount == 0 ? [] : await UnsealAsync(record, person, cancellation);
        var fields = new KeyValuePair<string, object?>[shape.Fields.Count];
        var (nextPlain, nextSealed) = (0, 0);
        var time = DateTimeOffset.FromUnixTimeMilliseconds(record.Time);
        for (var i = 0; i < fields.Length; i++)
        {
            var field = shape.Fields[i];
            fields[i] = new(field.Name, field.Place switch
            {
                FieldPlace.Time => FieldValue.Moment(time),
                FieldPlace.Plain => plain[nextPlain++],
                _ => opened?[nextSealed++],
            });
        }

        return new StreamEntry(Header.Id.Day, sequence, time, person, fields, Shredded: opened is null);
    }

    public void Dispose()
    {
        _bucket.Dispose();
        _rows.Dispose();
        Cipher?.Dispose();
        _connection.Dispose();
    }

    private IEnumerable<(long Sequence, StoredRecord Record)> Candidates(SegmentFilter filter, long before, long blocks)
    {
        foreach (var candidate in _rows.Backwards(blocks * MerkleFrontier.BlockSize, before - 1)) yield return candidate;
        var above = before >= blocks * MerkleFrontier.BlockSize ? blocks : (before + MerkleFrontier.BlockSize - 1) / MerkleFrontier.BlockSize;
        foreach (var block in Blocks(filter, above))
        {
            var first = block * MerkleFrontier.BlockSize;
            var found = filter.Best is { } mark ? Marked(first, block, mark) : _rows.Backwards(first, Math.Min(first + MerkleFrontier.BlockSize, before) - 1);
            foreach (var candidate in found)
            {
                if (candidate.Sequence < before) yield return candidate;
            }
        }
    }

    private IEnumerable<(long Sequence, StoredRecord Record)> Marked(long first, long block, ulong mark)
    {
        byte[]? entries;
        using (var bucket = _bucket.Query(BlockMarks.RowId(block, mark))) entries = bucket.Read() ? bucket.Bytes(0) : null;
        if (entries is null) yield break;
        foreach (var position in BlockMarks.Find(entries, mark))
        {
            if (_rows.Find(first + position) is { } record) yield return (first + position, record);
        }
    }

    /// <summary>Blocks below a number that may hold something, latest first.</summary>
    private List<long> Blocks(SegmentFilter filter, long above)
    {
        var blocks = new List<long>();
        using var command = _connection.Prepare("SELECT number, min_time, max_time, accounts FROM blocks WHERE number < $1 ORDER BY number DESC", above);
        using var rows = command.ExecuteReader();
        while (rows.Read())
        {
            if (filter.MayHold(rows.GetInt64(1), rows.GetInt64(2), rows.Bytes(3))) blocks.Add(rows.GetInt64(0));
        }

        return blocks;
    }

    /// <summary>Null when a key is gone, or the value is not what was stored (verification then says so).</summary>
    private async ValueTask<object?[]?> UnsealAsync(StoredRecord record, Guid? person, CancellationToken cancellation)
    {
        if (Cipher is null || record.Sealed is null || (record.Person is not null && person is null)) return null;
        try
        {
            if (person is not { } subject) return FieldCodec.Read(Cipher.Open(null, record), Header.Shape.SealedCount);
            if (!_subjects.TryGetValue(subject, out var key) && _subjects.Count < 4096) _subjects.Add(subject, key = KeyId.Subject(record.Account, subject));
            if (key == default) key = KeyId.Subject(record.Account, subject);
            using var lease = await _ring.FindAsync(Header.Id.Key, key, cancellation);
            if (lease is null) return null;
            var plaintext = Cipher.Open(lease, record);
            var values = FieldCodec.Read(plaintext, Header.Shape.SealedCount);
            CryptographicOperations.ZeroMemory(plaintext);
            return values;
        }
        catch (Exception gone) when (gone is KeyMissingException or AuthenticationTagMismatchException or FormatException)
        {
            return null;
        }
    }
}
