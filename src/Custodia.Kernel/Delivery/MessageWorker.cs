using Custodia.Kernel.Hosting;
using Custodia.Kernel.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Custodia.Kernel.Delivery;

/// <summary>Sends what waits, by the provider of its channel, and counts it.</summary>
internal sealed partial class MessageWorker(
    IServiceScopeFactory scopes,
    MessageCarrier carrier,
    WorkSignals signals,
    TimeProvider time,
    ILogger<MessageWorker> logger) : BackgroundService
{
    private const int BatchSize = 50;
    private const int AtOnce = 4;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        await using var lease = new WorkLease(scope.ServiceProvider.GetRequiredService<IOptions<CustodiaOptions>>(), "outgoing-messages");
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                var next = signals.Messages.Next;
                if (!await RunOnceAsync(lease, stoppingToken)) await WorkSignal.WaitAsync(next, Pause, time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops; what waits is sent after its next start.
        }
    }

    /// <returns>Whether there may be more at once.</returns>
    private async Task<bool> RunOnceAsync(WorkLease lease, CancellationToken cancellation)
    {
        try
        {
            if (!await lease.HoldsAsync(cancellation)) return false;
            await CountAsync(cancellation);
            var batch = await DueAsync(cancellation);
            await Parallel.ForEachAsync(
                batch,
                new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation },
                async (row, token) => await carrier.CarryAsync(row, token));
            return batch.Count == BatchSize;
        }
        catch (Exception e) when (DatabaseTrouble.Of(e) is not null)
        {
            Log.Interrupted(logger, e.GetType().Name);
            return false;
        }
    }

    private async Task<List<MessageRow>> DueAsync(CancellationToken cancellation)
    {
        if (carrier.Channels.Count == 0) return [];
        await using var scope = scopes.CreateAsyncScope();
        var kernel = scope.ServiceProvider.GetRequiredService<KernelContext>();
        var now = time.GetUtcNow();
        return await kernel.OutgoingMessages.AsNoTracking()
            .Where(m => m.NextTryAt <= now && carrier.Channels.Contains(m.Channel))
            .OrderBy(m => m.NextTryAt)
            .Take(BatchSize)
            .ToListAsync(cancellation);
    }

    /// <summary>Adds new messages to the month's count of their account, in the transaction that marks them counted.</summary>
    private async Task CountAsync(CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        var kernel = scope.ServiceProvider.GetRequiredService<KernelContext>();
        if (!await kernel.OutgoingMessages.AnyAsync(m => !m.Counted, cancellation)) return;
        await kernel.InTransactionAsync(
            async token =>
            {
                var rows = await kernel.OutgoingMessages.Where(m => !m.Counted).OrderBy(m => m.Id).Take(500).ToListAsync(token);
                foreach (var group in rows.GroupBy(m => (m.Account, Month: MessageCount.MonthOf(m.CreatedAt), m.Channel)))
                {
                    var (account, month, channel) = group.Key;
                    var count = await kernel.MessageCounts.FindAsync([account, month, channel], token);
                    if (count is null) kernel.MessageCounts.Add(count = new MessageCount { Account = account, Month = month, Channel = channel });
                    count.Count += group.Count();
                    foreach (var row in group) row.Counted = true;
                }

                await kernel.SaveChangesAsync(token);
            },
            cancellation);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Message delivery was interrupted ({Error}); it goes on in a few seconds")]
        public static partial void Interrupted(ILogger logger, string error);
    }
}
