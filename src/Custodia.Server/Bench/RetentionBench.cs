using System.Diagnostics;
using Custodia.Kernel.Streams;
using Custodia.Kernel.Vault;

namespace Custodia.Server.Bench;

/// <summary>
/// Dropping a day of a log, against deleting the same records from one table with an index by time. Both sides are built once
/// and copied for each round. Beside the drop a reader and a writer go on; the longest that either had to wait is printed.
/// </summary>
internal sealed class RetentionBench(double scale) : BenchRow
{
    private readonly int _count = Math.Max(10_000, (int)(10_000_000 * scale));
    private readonly DateTimeOffset _now = TimeProvider.System.GetUtcNow();
    private string _folder = "";
    private BenchLogs? _logs;
    private int _round;

    public override string Name => "retention";

    public override string Title => $"drop a day of {_count:#,0} records";

    public override string Against => "DELETE of the same from one indexed table";

    public override string Unit => "1/s";

    public override BenchTarget Target => BenchTarget.AtLeast(20);

    /// <summary>Fewer than elsewhere: the other side deletes ten million rows in each.</summary>
    public override int Rounds => 3;

    private string Segments => Path.Combine(_folder, "data", "streams", BenchLogs.Category);

    private DateOnly Today => DateOnly.FromDateTime(_now.UtcDateTime);

    public override async Task PrepareAsync(string folder, CancellationToken cancellation)
    {
        _folder = folder;
        var parts = (new byte[24], new byte[70], new byte[80]);
        await using (var logs = new BenchLogs(Path.Combine(folder, "data")))
        {
            for (var i = 0; i < _count; i++) await logs.Streams.AppendAsync(logs.Action(i, _now.AddDays(-1000)), cancellation);
            await logs.FlushAsync(BenchLogs.Category, cancellation);
        }

        File.Move(PathOf(Today.AddDays(-1000)), Path.Combine(folder, "day.db"));
        using (var bare = BareTable.Open(Path.Combine(folder, "table.db")))
        {
            bare.Run("CREATE INDEX by_time ON records (time)");
            BareTable.Insert(bare, 0, _count, _now.AddDays(-1), parts);
            BareTable.Insert(bare, _count, _count / 10, _now, parts);
        }

        _logs = new BenchLogs(Path.Combine(folder, "data"));
    }

    public override async Task<double> MeasureAsync(CancellationToken cancellation)
    {
        var day = Today.AddDays(-900 + _round++);
        Copy(Path.Combine(_folder, "day.db"), PathOf(day));
        var stream = await _logs!.OpenAsync(BenchLogs.Category, cancellation);
        using (await _logs.Services.GetRequiredService<KeyRing>().RentAsync(new SegmentId(BenchLogs.Category, day, 1).Key, cancellation))
            await stream.CloseEndedAsync(Today, cancellation);

        using var stop = new CancellationTokenSource();
        var writing = WaitsAsync(() => _logs.Streams.AppendAsync(_logs.Action(1, _now), CancellationToken.None).AsTask(), stop.Token);
        var reading = WaitsAsync(() => _logs.Streams.QueryAsync(new StreamQuery(BenchLogs.Category, 1) { Limit = 10 }, CancellationToken.None), stop.Token);
        await Task.Delay(100, cancellation);
        var start = Stopwatch.GetTimestamp();
        await _logs.Streams.DropSegmentsAsync(BenchLogs.Category, Today, "age P180D", cancellation);
        var elapsed = Stopwatch.GetElapsedTime(start);
        await stop.CancelAsync();
        await System.Console.Error.WriteLineAsync($"drop {elapsed.TotalMilliseconds:0.0} ms; longest append beside it {await writing:0.0} ms, longest query {await reading:0.0} ms");
        return 1 / elapsed.TotalSeconds;
    }

    public override Task<double> MeasureAgainstAsync(CancellationToken cancellation)
    {
        var copy = Path.Combine(_folder, "copy.db");
        Copy(Path.Combine(_folder, "table.db"), copy);
        double rate;
        using (var bare = BareTable.Open(copy))
        {
            var start = Stopwatch.GetTimestamp();
            bare.Run("DELETE FROM records WHERE time < $1", _now.ToUnixTimeMilliseconds());
            rate = 1 / Stopwatch.GetElapsedTime(start).TotalSeconds;
        }

        File.Delete(copy);
        return Task.FromResult(rate);
    }

    public override ValueTask DisposeAsync() => _logs is null ? ValueTask.CompletedTask : _logs.DisposeAsync();

    /// <summary>All of it on disk, as a day is that has been over for long: nobody pays for writing the copy.</summary>
    private static void Copy(string from, string to)
    {
        File.Copy(from, to, overwrite: true);
        using var copy = new FileStream(to, FileMode.Open, FileAccess.Write);
        copy.Flush(flushToDisk: true);
    }

    private string PathOf(DateOnly day) => Path.Combine(Segments, new SegmentId(BenchLogs.Category, day, 1).FileName);

    /// <summary>Does something again and again; the longest that it took, in milliseconds.</summary>
    private static async Task<double> WaitsAsync(Func<Task> work, CancellationToken stop)
    {
        var longest = TimeSpan.Zero;
        while (!stop.IsCancellationRequested)
        {
            var start = Stopwatch.GetTimestamp();
            await Task.Run(work, CancellationToken.None);
            longest = TimeSpan.FromTicks(Math.Max(longest.Ticks, Stopwatch.GetElapsedTime(start).Ticks));
            await Task.Delay(1, CancellationToken.None);
        }

        return longest.TotalMilliseconds;
    }
}
