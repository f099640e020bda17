using Custodia.Kernel.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Custodia.Kernel.Delivery;

/// <summary>Sends what waits in one channel. Each channel has a worker of its own, so that a slow gateway holds up no mail.</summary>
internal sealed class MessageWorker(IServiceScopeFactory scopes, MessageCarrier carrier, WorkSignals signals, TimeProvider time, ILogger<MessageWorker> logger)
    : LeasedWorker(scopes, signals.Messages, time, logger)
{
    private const int BatchSize = 50;
    private const int AtOnce = 4;

    protected override string Work { get; } = $"outgoing-messages/{carrier.Channel}";

    protected override TimeSpan Pause => TimeSpan.FromSeconds(5);

    protected override async Task<bool> RunOnceAsync(CancellationToken cancellation)
    {
        var batch = await DueAsync(cancellation);
        await Parallel.ForEachAsync(
            batch,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation },
            async (row, token) => await carrier.CarryAsync(row, token));
        return batch.Count == BatchSize;
    }

    private async Task<List<MessageRow>> DueAsync(CancellationToken cancellation)
    {
        await using var scope = Scopes.CreateAsyncScope();
        var kernel = scope.ServiceProvider.GetRequiredService<KernelContext>();
        var (channel, now) = (carrier.Channel, Time.GetUtcNow());
        return await kernel.OutgoingMessages.AsNoTracking()
            .Where(m => m.Channel == channel && m.NextTryAt <= now)
            .OrderBy(m => m.NextTryAt)
            .Take(BatchSize)
            .ToListAsync(cancellation);
    }
}
