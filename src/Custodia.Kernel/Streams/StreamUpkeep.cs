using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Custodia.Kernel.Streams;

/// <summary>
/// Signs off the days that are over (a quarter of an hour after midnight UTC, so that what was on its way still finds its day) and
/// signs a checkpoint an hour where something is new.
/// </summary>
internal sealed class StreamUpkeep(StreamSet streams, TimeProvider time, ILogger<StreamUpkeep> log) : BackgroundService
{
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan BetweenCheckpoints = TimeSpan.FromHours(1);

    private DateTimeOffset _lastCheckpoint;

    /// <summary>One round for all logs; what fails is tried again in the next.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var sign = now - _lastCheckpoint >= BetweenCheckpoints;
        foreach (var stream in await streams.OpenAllAsync(cancellation))
        {
            try
            {
                await stream.CloseEndedAsync(DateOnly.FromDateTime((now - Grace).UtcDateTime), cancellation);
                if (sign) await stream.CheckpointAsync(CheckpointReason.Hourly, cancellation);
                if (await stream.CopyFailureAsync(cancellation) is { } failure) StreamLog.CopyFailed(log, stream.Category, failure.HResult);
            }
            catch (Exception failure) when (failure is IOException or Microsoft.Data.Sqlite.SqliteException)
            {
                StreamLog.UpkeepFailed(log, stream.Category, failure.GetType().Name, failure.HResult);
            }
        }

        if (sign) _lastCheckpoint = now;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            do
            {
                await RunAsync(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
            // The server stops.
        }
    }
}
