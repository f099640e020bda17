using Custodia.Kernel.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Custodia.Kernel.Messaging;

/// <summary>
/// Takes committed events from the outbox to their subscribers: at once after a commit of this process, within a second otherwise.
/// Events of one person go one after the other, those of several people side by side.
/// </summary>
internal sealed class OutboxDispatcher(IServiceScopeFactory scopes, EventCourier courier, WorkSignals signals, TimeProvider time, ILogger<OutboxDispatcher> logger)
    : LeasedWorker(scopes, signals.Events, time, logger)
{
    private const int BatchSize = 100;
    private const int Lanes = 8;

    protected override string Work => "outbox";

    protected override TimeSpan Pause => TimeSpan.FromSeconds(1);

    protected override async Task<bool> RunOnceAsync(CancellationToken cancellation)
    {
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

    private async Task<List<OutboxMessage>> DueAsync(CancellationToken cancellation)
    {
        await using var scope = Scopes.CreateAsyncScope();
        var kernel = scope.ServiceProvider.GetRequiredService<KernelContext>();
        var now = Time.GetUtcNow();
        return await kernel.Outbox.AsNoTracking()
            .Where(m => m.NextTryAt <= now)
            .OrderBy(m => m.Sequence)
            .Take(BatchSize)
            .ToListAsync(cancellation);
    }
}
