using System.Buffers.Binary;
using Microsoft.Data.Sqlite;

namespace Custodia.Kernel.Streams;

/// <summary>Recomputes one segment from its rows and holds it against what was signed. Needs no keys.</summary>
internal sealed class SegmentCheck(CheckpointChain chain, SegmentId id)
{
    private readonly IReadOnlyList<SignedCheckpoint> _signed = chain.Of(id.Label);
    private readonly List<string> _findings = [];
    private readonly MerkleFrontier _tree = new();
    private readonly BlockMarks _marks = new();
    private readonly BlockSummary _summary = new();
    private long _erased;
    private bool _erasedInBlock;

    /// <param name="path">The segment's file; it need not exist.</param>
    /// <param name="progress">Called with the share that is done, 0 to 1.</param>
    public SegmentVerdict Run(string path, Action<double> progress)
    {
        var expired = _signed.Any(s => s.Checkpoint.Reason == CheckpointReason.Expired);
        if (expired) return Verdict(SegmentState.Expired);
        if (!File.Exists(path))
        {
            _findings.Add("the segment is missing and nothing says that it expired");
            return Verdict(SegmentState.Unexplained);
        }

        try
        {
            using var connection = SegmentFile.OpenForReading(path);
            using var snapshot = connection.BeginTransaction(deferred: true);
            Check(connection, progress);
        }
        catch (Exception damage) when (damage is SqliteException or FormatException or InvalidCastException or OverflowException or ArgumentException)
        {
            _findings.Add("the file is damaged");
        }

        if (_findings.Count > 0) return Verdict(SegmentState.Unexplained);
        return Verdict(_erased > 0 || Shredded() > 0 ? SegmentState.Shredded : SegmentState.Valid);
    }

    private long Shredded() => _signed.Sum(s => s.Checkpoint.Shredded ?? 0);

    private SegmentVerdict Verdict(SegmentState state) => new(
        id.Stream, id.Label, state, _tree.Size - _erased, Math.Max(0, _tree.Size - SignedSize()), _erased, Shredded(), _findings);

    private long SignedSize() => _signed.Count == 0 ? 0 : _signed.Max(s => s.Checkpoint.Size);

    private void Check(SqliteConnection connection, Action<double> progress)
    {
        if (SegmentFile.Header(connection) is not { } header)
        {
            // Begun and interrupted before its first commit.
            if (_signed.Count > 0) _findings.Add("the header is missing");
            return;
        }

        CheckHeader(connection, header);
        if (!Walk(connection, progress)) return;
        CheckEnd(connection);
        CheckErased(connection);
    }

    private void CheckHeader(SqliteConnection connection, SegmentHeader header)
    {
        if (header.Id != id) _findings.Add($"the file says it is {header.Id}");
        var hash = Convert.ToHexStringLower(header.Hash);
        if (_signed.Any(s => s.Checkpoint.Header != hash)) _findings.Add("the header is not the one that was signed");
        if (connection.Scalar("SELECT signed FROM header WHERE id = 1") is { } pointer && !(pointer is byte[] bytes && chain.Has(bytes)))
            _findings.Add("the segment was signed by a checkpoint that is no longer there");
    }

    /// <summary>False when there is a gap, so that nothing behind it can be said.</summary>
    private bool Walk(SqliteConnection connection, Action<double> progress)
    {
        var roots = _signed.Where(s => s.Checkpoint.Size > 0).GroupBy(s => s.Checkpoint.Size).ToDictionary(g => g.Key, g => g.ToList());
        using var rows = new SegmentRows(connection);
        foreach (var row in rows.FromWithErased(long.MinValue))
        {
            if (row.Sequence != _tree.Size)
            {
                _findings.Add(row.Sequence < _tree.Size ? $"record {row.Sequence} is there twice" : $"record {_tree.Size} is missing");
                return false;
            }

            Add(row);
            if (_tree.AtBlockEnd)
            {
                CheckBlock(connection);
                progress(Math.Min(1, _tree.Size / (double)Math.Max(1, SignedSize())));
            }

            if (roots.TryGetValue(_tree.Size, out var here)) CheckRoot(here);
        }

        return true;
    }

    private void Add(SegmentRow row)
    {
        var position = (int)(_tree.Size % MerkleFrontier.BlockSize);
        if (row.Record is { } record)
        {
            _summary.Add(record.Time, record.Account);
            if (record.Person is { Length: StoredRecord.PersonSize } person) _marks.Add(BinaryPrimitives.ReadUInt64BigEndian(person), position);
            for (var i = 0; i < record.Marks.Length / StoredRecord.MarkSize; i++) _marks.Add(record.Mark(i), position);
            _tree.Append(record.Leaf());
            return;
        }

        _erased++;
        _erasedInBlock = true;
        _tree.Append(row.Leaf is { Length: MerkleHash.Size } leaf ? leaf : new byte[MerkleHash.Size]);
    }

    private void CheckRoot(List<SignedCheckpoint> signed)
    {
        var root = Convert.ToHexStringLower(_tree.Root());
        if (signed.Find(s => s.Checkpoint.Root != root) is { } other)
            _findings.Add($"the first {_tree.Size} records are not those that were signed at {FieldValue.Moment(other.Checkpoint.Time)}");
    }

    private void CheckBlock(SqliteConnection connection)
    {
        var number = (_tree.Size / MerkleFrontier.BlockSize) - 1;
        var span = $"{number * MerkleFrontier.BlockSize} to {_tree.Size - 1}";
        using (var block = connection.Prepare("SELECT root, min_time, max_time, accounts FROM blocks WHERE number = $1", number))
        using (var row = block.ExecuteReader())
        {
            if (!row.Read()) _findings.Add($"the summary of the records {span} is missing");
            else if (!_tree.LastBlock.SequenceEqual(row.Bytes(0))) _findings.Add($"a record from {span} was changed");
            else if (!SameSummary(row)) _findings.Add($"the summary of the records {span} was changed");
        }

        if (!SameMarks(connection, number)) _findings.Add($"the index of the records {span} was changed");
        _summary.Clear();
        _marks.Clear();
        _erasedInBlock = false;
    }

    /// <summary>Where records were removed the summary may say more than the rest shows.</summary>
    private bool SameSummary(SqliteDataReader row)
    {
        var (min, max, accounts) = (row.GetInt64(1), row.GetInt64(2), row.Bytes(3));
        if (_erasedInBlock) return min <= _summary.MinTime && max >= _summary.MaxTime;
        return min == _summary.MinTime && max == _summary.MaxTime && (accounts ?? []).AsSpan().SequenceEqual(_summary.Accounts() ?? []);
    }

    private bool SameMarks(SqliteConnection connection, long number)
    {
        using var buckets = connection.Prepare("SELECT id, entries FROM marks WHERE id BETWEEN $1 AND $2 ORDER BY id", number * BlockMarks.Buckets, ((number + 1) * BlockMarks.Buckets) - 1);
        using var row = buckets.ExecuteReader();
        foreach (var (id, entries) in _marks.Sorted(number))
        {
            do
            {
                if (!row.Read()) return false;
            }
            while (row.GetInt64(0) < id && row.Bytes(1) is { Length: 0 });
            if (row.GetInt64(0) != id || !entries.AsSpan().SequenceEqual(row.Bytes(1))) return false;
        }

        while (row.Read())
        {
            if (row.Bytes(1) is not { Length: 0 }) return false;
        }

        return true;
    }

    private void CheckEnd(SqliteConnection connection)
    {
        var blocks = _tree.Size / MerkleFrontier.BlockSize;
        if (connection.Number("SELECT count(*) FROM blocks WHERE number < 0 OR number >= $1", blocks) > 0) _findings.Add("there are summaries of records that do not exist");
        if (connection.Number("SELECT count(*) FROM marks WHERE id < 0 OR id >= $1", blocks * BlockMarks.Buckets) > 0) _findings.Add("there are index entries of records that do not exist");
        var signed = SignedSize();
        if (signed > _tree.Size) _findings.Add($"{signed - _tree.Size} signed records are missing at the end");
        if (signed < _tree.Size && _signed.Any(s => s.Checkpoint.Reason == CheckpointReason.Closed)) _findings.Add("records were added after the day was signed off");
    }

    /// <summary>Removals are signed before they are done, so the last may be announced and not done.</summary>
    private void CheckErased(SqliteConnection connection)
    {
        var announced = _signed.Select(s => s.Checkpoint.Erased ?? ErasedChain.None).Prepend(ErasedChain.None).Distinct().TakeLast(2);
        if (!announced.Contains(ErasedChain.Of(connection))) _findings.Add("records were removed and nothing says why");
    }
}
