using Custodia.Kernel.Vault;
using Microsoft.Data.Sqlite;

namespace Custodia.Kernel.Streams;

/// <summary>
/// Decides which segment a record goes to and keeps the few that are in use open. For one user at a time: the stream's writer.
/// A record goes to its own day unless that is over and signed off, or gone; then to today's.
/// </summary>
internal sealed class OpenSegments(StreamFolder folder, RecordLayout layout, CheckpointLog checkpoints, KeyRing ring, TimeProvider time) : IDisposable
{
    private const int Kept = 8;

    private readonly Dictionary<DateOnly, SegmentId> _targets = [];
    private readonly Dictionary<SegmentId, OpenSegment> _open = [];

    public CheckpointLog Checkpoints { get; } = checkpoints;

    public StreamFolder Folder { get; } = folder;

    public RecordLayout Layout { get; } = layout;

    public DateOnly Today => DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);

    /// <summary>The segment for a record of this moment if it is open already; touches no other.</summary>
    public OpenSegment? TryGet(DateTimeOffset moment) =>
        _targets.TryGetValue(DayOf(moment), out var id) ? _open.GetValueOrDefault(id) : null;

    /// <summary>The open segment for a record of this moment.</summary>
    public async ValueTask<OpenSegment> ForAsync(DateTimeOffset moment, CancellationToken cancellation)
    {
        var day = DayOf(moment);
        if (!_targets.TryGetValue(day, out var id)) id = Target(day, Today);
        while (true)
        {
            var segment = await TryOpenAsync(id, cancellation);
            if (segment is not null)
            {
                _targets[day] = id;
                return segment;
            }

            id = id with { Generation = id.Generation + 1 };
        }
    }

    /// <summary>A segment that exists, open for adding to; null when it is damaged or of another shape.</summary>
    public async ValueTask<OpenSegment?> TryOpenAsync(SegmentId id, CancellationToken cancellation)
    {
        if (_open.TryGetValue(id, out var open))
        {
            open.Writer.LastUsed = time.GetTimestamp();
            return open;
        }

        var writer = OpenWriter(id);
        if (writer is null) return null;
        if (!writer.Header.Shape.Same(Layout.Shape))
        {
            writer.Dispose();
            return null;
        }

        return await KeepAsync(writer, cancellation);
    }

    /// <summary>A segment for signing or erasing: its shape and key do not matter. Dispose it unless it is among the open ones.</summary>
    public SegmentWriter? Borrow(SegmentId id, out bool isOpen)
    {
        isOpen = _open.TryGetValue(id, out var open);
        return open?.Writer ?? (File.Exists(Folder.PathOf(id)) ? OpenWriter(id) : null);
    }

    /// <summary>No record goes there any more.</summary>
    public void Release(SegmentId id)
    {
        if (_open.Remove(id, out var open)) open.Dispose();
        foreach (var day in _targets.Where(t => t.Value == id).Select(t => t.Key).ToArray()) _targets.Remove(day);
    }

    /// <summary>Closes all handles, e.g. after a failed write; what comes next opens them again.</summary>
    public void ReleaseAll()
    {
        foreach (var open in _open.Values) open.Dispose();
        _open.Clear();
        _targets.Clear();
    }

    public void Dispose() => ReleaseAll();

    /// <summary>A record from the future goes to today.</summary>
    private DateOnly DayOf(DateTimeOffset moment)
    {
        var day = DateOnly.FromDateTime(moment.UtcDateTime);
        return day > Today ? Today : day;
    }

    private SegmentId Target(DateOnly day, DateOnly today)
    {
        var last = Folder.Segments().Concat(Checkpoints.Known).Where(s => s.Day == day).DefaultIfEmpty(new SegmentId(Folder.Stream, day, 0)).Max(SegmentId.ByDay);
        if (last.Generation == 0) return last with { Generation = 1 };
        if (!Checkpoints.IsClosed(last) && !Checkpoints.IsExpired(last)) return last;
        return day == today ? last with { Generation = last.Generation + 1 } : Target(today, today);
    }

    private SegmentWriter? OpenWriter(SegmentId id)
    {
        Folder.Create();
        try
        {
            return SegmentWriter.Open(Folder.PathOf(id), SegmentHeader.Of(id, Layout.Shape));
        }
        catch (Exception damage) when (damage is FormatException or SqliteException { SqliteErrorCode: 11 or 26 })
        {
            // Left as it is for verification to report.
            return null;
        }
    }

    private async ValueTask<OpenSegment?> KeepAsync(SegmentWriter writer, CancellationToken cancellation)
    {
        try
        {
            var open = new OpenSegment(writer, await SegmentCipher.MakeAsync(ring, writer.Header, cancellation));
            writer.LastUsed = time.GetTimestamp();
            if (_open.Count >= Kept) Release(_open.Values.MinBy(s => s.Writer.LastUsed)!.Id);
            _open.Add(writer.Id, open);
            return open;
        }
        catch (KeyDestroyedException)
        {
            // A drop that was interrupted after the key: nothing may be added.
            writer.Dispose();
            return null;
        }
        catch
        {
            writer.Dispose();
            throw;
        }
    }
}
