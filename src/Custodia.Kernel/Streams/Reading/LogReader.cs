using System.Runtime.CompilerServices;
using Custodia.Kernel.Policy;
using Custodia.Kernel.Vault;

namespace Custodia.Kernel.Streams;

/// <summary>
/// Finds records over all segments of a stream, newest segment first and in a segment the latest record first. Needs no writer: other
/// processes may read beside the server.
/// </summary>
internal sealed class LogReader(StreamFolder folder, PolicyCategory category, StreamShape shape, KeyRing ring)
{
    public const int LargestPage = 500;

    /// <summary>Records that a page may look at before it hands over to the next.</summary>
    private const int RowsAPage = 20_000;

    public async Task<StreamPage> PageAsync(StreamQuery query, CancellationToken cancellation)
    {
        Check(query);
        var entries = new List<StreamEntry>(query.Limit);
        StreamCursor? last = null;
        await foreach (var (position, entry) in FindAsync(query, new ScanBudget(RowsAPage), cancellation))
        {
            // Not looked at: the next page begins with it.
            if (entry is null) return new StreamPage(entries, (position with { Sequence = position.Sequence + 1 }).Write(query));
            if (entries.Count == query.Limit) return new StreamPage(entries, last!.Value.Write(query));
            entries.Add(entry);
            last = position;
        }

        return new StreamPage(entries, null);
    }

    public async IAsyncEnumerable<StreamEntry> ReadAsync(StreamQuery query, [EnumeratorCancellation] CancellationToken cancellation)
    {
        Check(query);
        await foreach (var (_, entry) in FindAsync(query, new ScanBudget(long.MaxValue), cancellation))
        {
            if (entry is not null) yield return entry;
        }
    }

    /// <summary>How many records a person has, by segment: by index, without opening them.</summary>
    public async IAsyncEnumerable<(SegmentId Segment, long[] Sequences)> OfPersonAsync(long account, Guid person, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var query = new StreamQuery(category.Id, account) { Person = person };
        foreach (var id in folder.Segments())
        {
            cancellation.ThrowIfCancellationRequested();
            using var segment = await SegmentReader.OpenAsync(folder, id, ring, cancellation);
            if (segment is null || SegmentFilter.Of(segment.Header, segment.Cipher, query) is not { } filter) continue;
            var found = segment.Find(filter, long.MaxValue, int.MaxValue);
            if (found.Length > 0) yield return (id, found);
        }
    }

    /// <summary>Where an account has records, and whether it is alone there.</summary>
    public async IAsyncEnumerable<(SegmentId Segment, bool Alone, long Records, IEnumerable<long[]> Batches)> OfAccountAsync(long account, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var query = new StreamQuery(category.Id, account);
        foreach (var id in folder.Segments())
        {
            cancellation.ThrowIfCancellationRequested();
            using var segment = await SegmentReader.OpenAsync(folder, id, ring, cancellation);
            if (segment is null || SegmentFilter.Of(segment.Header, segment.Cipher, query) is not { } filter) continue;
            if (segment.Find(filter, long.MaxValue, 1).Length == 0) continue;
            var alone = segment.HoldsOnly(account);
            yield return (id, alone, alone ? segment.Count() : 0, segment.FindInBatches(filter));
        }
    }

    /// <summary>Records held and the time of the oldest, over the segments of days before a day (null: all).</summary>
    public async Task<StreamHeld> HeldAsync(DateOnly? before, CancellationToken cancellation)
    {
        var (count, oldest, segments) = (0L, long.MaxValue, 0);
        foreach (var id in folder.Segments().Where(id => before is null || id.Day < before))
        {
            using var segment = await SegmentReader.OpenAsync(folder, id, ring, cancellation);
            if (segment?.Oldest() is not { } time) continue;
            count += segment.Count();
            oldest = Math.Min(oldest, time);
            segments++;
        }

        return new StreamHeld(segments, count, segments == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(oldest));
    }

    /// <summary>Time of the oldest record held.</summary>
    public async Task<DateTimeOffset?> OldestAsync(CancellationToken cancellation)
    {
        long? oldest = null;
        foreach (var id in folder.Segments())
        {
            using var segment = await SegmentReader.OpenAsync(folder, id, ring, cancellation);
            if (segment?.Oldest() is { } time && !(oldest < time)) oldest = time;
        }

        return oldest is { } found ? DateTimeOffset.FromUnixTimeMilliseconds(found) : null;
    }

    private async IAsyncEnumerable<(StreamCursor Position, StreamEntry? Entry)> FindAsync(StreamQuery query, ScanBudget budget, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var cursor = StreamCursor.Read(query);
        foreach (var id in folder.Segments())
        {
            cancellation.ThrowIfCancellationRequested();
            var (before, skip) = Start(id, cursor, query);
            if (skip) continue;
            using var segment = await SegmentReader.OpenAsync(folder, id, ring, cancellation);
            if (segment is null || SegmentFilter.Of(segment.Header, segment.Cipher, query) is not { } filter) continue;
            foreach (var (sequence, record) in segment.Find(filter, before, budget))
            {
                var position = new StreamCursor(id.Day, id.Generation, sequence);
                if (record is null)
                {
                    yield return (position, null);
                    yield break;
                }

                var entry = await segment.OpenAsync(sequence, record.Value, cancellation);
                if (Contains(entry, query.Text)) yield return (position, entry);
            }
        }
    }

    private static (long Before, bool Skip) Start(SegmentId id, StreamCursor? cursor, StreamQuery query)
    {
        // A segment may hold records that came late, so only later days can be left out unread.
        if (query.From is { } from && id.Day < DateOnly.FromDateTime(from.UtcDateTime)) return (0, true);
        if (cursor is not { } at) return (long.MaxValue, false);
        return (id.Day, id.Generation).CompareTo((at.Day, at.Generation)) switch
        {
            > 0 => (0, true),
            0 => (at.Sequence, false),
            _ => (long.MaxValue, false),
        };
    }

    private static bool Contains(StreamEntry entry, string? text) =>
        string.IsNullOrEmpty(text) || entry.Fields.Any(f => FieldValue.Text(f.Value)?.Contains(text, StringComparison.OrdinalIgnoreCase) == true);

    /// <exception cref="InvalidStreamQueryException">A condition cannot be asked.</exception>
    public void Check(StreamQuery query)
    {
        if (query.Limit is < 1 or > LargestPage) throw new InvalidStreamQueryException("limit", $"must be from 1 to {LargestPage}");
        if (query is { From: { } from, To: { } to } && from >= to) throw new InvalidStreamQueryException("to", "must be later than from");
        if (query.Text is { Length: > 200 }) throw new InvalidStreamQueryException("text", "must be at most 200 characters");
        foreach (var (role, value, name) in new[] { (LogRole.Actor, query.Actor, "actor"), (LogRole.ClientIp, query.ClientIp, "ip"), (LogRole.RequestId, query.RequestId, "requestId"), (LogRole.Result, query.Result, "result") })
        {
            if (value is not null && !shape.Fields.Any(f => f.Role == role)) throw new InvalidStreamQueryException(name, $"is not a field of the log {category.Id}");
        }

        foreach (var name in query.Fields?.Keys ?? []) CheckField(name);
    }

    private void CheckField(string name)
    {
        var field = category.Fields.FirstOrDefault(f => f.Name == name) ?? throw new InvalidStreamQueryException($"field.{name}", $"is not a field of the log {category.Id}");
        var code = shape.Fields.FirstOrDefault(f => f.Name == name);
        if (code?.Role == LogRole.Time) throw new InvalidStreamQueryException($"field.{name}", "is the time: ask by from and to");
        var isSealed = field.Personal || field.Protection == Protection.Sealed;
        if (isSealed && field.Lookup != Lookup.Exact && code?.Role is null) throw new InvalidStreamQueryException($"field.{name}", "is sealed and has no index");
    }
}
