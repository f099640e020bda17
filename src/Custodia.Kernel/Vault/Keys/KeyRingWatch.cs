using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Custodia.Kernel.Vault;

/// <summary>Sees within a second what other processes do to the key store: a rotation, a key destroyed by a verb.</summary>
internal sealed partial class KeyRingWatch(KeyRing ring, TimeProvider time, ILogger<KeyRingWatch> log) : BackgroundService
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    ring.Refresh();
                }
                catch (Microsoft.Data.Sqlite.SqliteException failure)
                {
                    RefreshFailed(log, failure.SqliteErrorCode);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The server stops.
        }
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "The key store could not be read (SQLite error {Code}); tried again in a second.")]
    private static partial void RefreshFailed(ILogger logger, int code);
}
