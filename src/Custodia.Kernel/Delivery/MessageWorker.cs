using Custodia.Kernel.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Custodia.Kernel.Delivery;

/// <summary>Sends what waits, by the provider of its channel, and counts it.</summary>
internal sealed class MessageWorker(IServiceScopeFactory scopes, MessageCarrier carrier, WorkSignals signals, TimeProvider time, ILogger<MessageWorker> logger)
    : LeasedWorker(scopes, signals.Messages, time, logger)
{
    private const int BatchSize = 50;
    private const int AtOnce = 4;

    protected override string Work => "outgoing-messages";

    protected override TimeSpan Pause => TimeSpan.FromSeconds(5);

    protected override async Task<bool> RunOnceAsync(CancellationToken cancellation)
    {
        await CountAsync(cancellation);
        var batch = await DueAsync(cancellation);
        await Parallel.ForEachAsync(
            batch,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation },
            async (row, token) => await carrier.CarryAsync(row, token));
        return batch.Count == BatchSize;
    }

    private async Task<List<MessageRow>> DueAsync(CancellationToken cancellation)
    {
        if (carrier.Channels.Count == 0) return [];
        await using var scope = Scopes.CreateAsyncScope();
        var kernel = scope.ServiceProvider.GetRequiredService<KernelContext>();
        var now = Time.GetUtcNow();
        return await kernel.OutgoingMessages.AsNoTracking()
            .Where(m => m.NextTryAt <= now && carrier.Channels.Contains(m.Channel))
            .OrderBy(m => m.NextTryAt)
            .Take(BatchSize)
            .ToListAsync(cancellation);
    }

    /// <summary>Adds new messages to the month's count of their account, in the transaction that marks them counted.</summary>
    private async Task CountAsync(CancellationToken cancellation)
    {
        await using var scope = Scopes.CreateAsyncScope();
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
}
