using System.Diagnostics;
using Custodia.Kernel.Streams;

namespace Custodia.Server.Bench;

/// <summary>Appending to a log with all protections, against inserting the same bytes into a bare table.</summary>
internal sealed class StreamsBench(double scale) : BenchRow
{
    private readonly int _count = Math.Max(10_000, (int)(200_000 * scale));
    private readonly DateTimeOffset _start = TimeProvider.System.GetUtcNow();
    private (byte[] Marks, byte[] Plain, byte[] Sealed) _parts;
    private string _folder = "";
    private BenchLogs? _logs;
    private int _appended;
    private int _round;

    public override string Name => "streams";

    public override string Title => $"append {_count:#,0} records, sealed, with marks and Merkle leaf";

    public override string Against => "bare SQLite, batched insert of the same bytes";

    public override string Unit => "records/s";

    public override BenchTarget Target => BenchTarget.AtLeast(0.5);

    public override async Task PrepareAsync(string folder, CancellationToken cancellation)
    {
        _folder = folder;
        _logs = new BenchLogs(Path.Combine(folder, "data"));
        await AppendAsync(1000, cancellation);
        var path = Directory.GetFiles(Path.Combine(folder, "data", "streams", BenchLogs.Category), "*.db").Single();
        using var segment = SegmentFile.OpenForReading(path);
        using var rows = new SegmentRows(segment);
        var record = rows.Find(7)!.Value;
        _parts = (record.Marks, record.Plain, record.Sealed!);
    }

    public override async Task<double> MeasureAsync(CancellationToken cancellation)
    {
        var start = Stopwatch.GetTimestamp();
        await AppendAsync(_count, cancellation);
        return _count / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    public override Task<double> MeasureAgainstAsync(CancellationToken cancellation)
    {
        var path = Path.Combine(_folder, $"bare-{_round++}.db");
        using (var bare = BareTable.Open(path))
        {
            var start = Stopwatch.GetTimestamp();
            BareTable.Insert(bare, 0, _count, _start, _parts);
            var rate = _count / Stopwatch.GetElapsedTime(start).TotalSeconds;
            return Task.FromResult(rate);
        }
    }

    public override ValueTask DisposeAsync() => _logs is null ? ValueTask.CompletedTask : _logs.DisposeAsync();

    private async Task AppendAsync(int count, CancellationToken cancellation)
    {
        for (var i = 0; i < count; i++, _appended++) await _logs!.Streams.AppendAsync(_logs.Action(_appended, _start.AddTicks(_appended)), cancellation);
        await _logs!.FlushAsync(BenchLogs.Category, cancellation);
    }
}
