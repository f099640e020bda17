using Custodia.Kernel.Hosting;
using Custodia.Kernel.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Custodia.Kernel.Messaging;

/// <summary>
/// Takes committed events from the outbox to their subscribers: at once after a commit of this process, within a second otherwise.
/// Events of one person go one after the other, those of several people side by side.
/// </summary>
internal sealed partial class OutboxDispatcher(
    IServiceScopeFactory scopes,
    EventCourier courier,
    WorkSignals signals,
    TimeProvider time,
    ILogger<OutboxDispatcher> logger) : BackgroundService
{
    private const int BatchSize = 100;
    private const int Lanes = 8;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        await using var lease = new WorkLease(scope.ServiceProvider.GetRequiredService<IOptions<CustodiaOptions>>(), "outbox");
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                var next = signals.Events.Next;
                if (!await RunOnceAsync(lease, stoppingToken)) await WorkSignal.WaitAsync(next, Pause, time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops; what was not delivered is delivered at its next start.
        }
    }

    /// <summary>Delivers one batch.</summary>
    /// <returns>Whether there may be more at once.</returns>
    private async Task<bool> RunOnceAsync(WorkLease lease, CancellationToken cancellation)
    {
        try
        {
            if (!await lease.HoldsAsync(cancellation)) return false;
            var batch = await DueAsync(cancellation);
            var lanes = batch.GroupBy(m => m.Person ?? m.Id);
            await Parallel.ForEachAsync(
                lanes,
                new ParallelOptions { MaxDegreeOfParallelism = Lanes, CancellationToken = cancellation },
                async (lane, token) =>
                {
                    foreach (var message in lane) await courier.DeliverAsync(message, token);
                });
            return batch.Count == BatchSize;
        }
        catch (Exception e) when (DatabaseTrouble.Of(e) is not null)
        {
            // The database is busy or away: the next look finds the same events.
            Log.Interrupted(logger, e.GetType().Name);
            return false;
        }
    }

    private async Task<List<OutboxMessage>> DueAsync(CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        var kernel = scope.ServiceProvider.GetRequiredService<KernelContext>();
        var now = time.GetUtcNow();
        return await kernel.Outbox.AsNoTracking()
            .Where(m => m.NextTryAt <= now)
            .OrderBy(m => m.Sequence)
            .Take(BatchSize)
            .ToListAsync(cancellation);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Event delivery was interrupted ({Error}); it goes on in a second")]
        public static partial void Interrupted(ILogger logger, string error);
    }
}
