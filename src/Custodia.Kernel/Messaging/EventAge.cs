using Custodia.Kernel.Retention;
using Custodia.Kernel.Storage;
using Custodia.Kernel.Vault;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Kernel.Messaging;

/// <summary>Deletes events that nobody took in time (parked ones), and the keys of days whose events are all gone.</summary>
internal sealed class EventAge(KernelContext kernel, DataVault vault) : IRetentionRule
{
    private const int BatchSize = 500;

    public string Category => "kernel.event";

    public string Trigger => "age";

    public async Task<RetentionPreview> PreviewAsync(RetentionMoment moment, CancellationToken cancellation)
    {
        var limit = moment.Limit;
        var due = await kernel.Outbox.LongCountAsync(m => m.CreatedAt < limit, cancellation);
        return new RetentionPreview(due, await kernel.Outbox.OrderBy(m => m.Sequence).Select(m => (DateTimeOffset?)m.CreatedAt).FirstOrDefaultAsync(cancellation));
    }

    public async Task<int> EnforceAsync(RetentionMoment moment, CancellationToken cancellation)
    {
        var limit = moment.Limit;
        var deleted = 0;
        while (true)
        {
            var batch = await kernel.Outbox.AsNoTracking()
                .Where(m => m.CreatedAt < limit)
                .OrderBy(m => m.Sequence)
                .Take(BatchSize)
                .ToListAsync(cancellation);
            if (batch.Count == 0) break;
            deleted += await DeleteAsync(batch, cancellation);
        }

        // A backup that still has events of these days, delivered or not, cannot open them any more.
        await vault.DestroyDaysAsync(OutboxMessage.DayKey, DateOnly.FromDateTime(limit.UtcDateTime), "kernel.event age", cancellation);
        return deleted;
    }

    private Task<int> DeleteAsync(List<OutboxMessage> batch, CancellationToken cancellation)
    {
        var ids = batch.ConvertAll(m => m.Id);
        var sequences = batch.ConvertAll(m => m.Sequence);
        return kernel.InTransactionAsync(
            async token =>
            {
                await kernel.EventDeliveries.Where(d => ids.Contains(d.Event)).ExecuteDeleteAsync(token);
                return await kernel.Outbox.Where(m => sequences.Contains(m.Sequence)).ExecuteDeleteAsync(token);
            },
            cancellation);
    }
}
