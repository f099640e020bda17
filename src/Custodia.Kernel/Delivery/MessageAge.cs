using Custodia.Kernel.Policy;
using Custodia.Kernel.Retention;
using Custodia.Kernel.Storage;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Kernel.Delivery;

/// <summary>Deletes messages past their age, sent or not. What was not counted yet is counted by the worker within seconds of being stored.</summary>
internal sealed class MessageAge(KernelContext kernel) : IRetentionRule
{
    private const int BatchSize = 1_000;

    public string Category => "kernel.outgoing-message";

    public string Trigger => "age";

    public async Task<RetentionPreview> PreviewAsync(RetentionMoment moment, CancellationToken cancellation)
    {
        var limit = LimitOf(moment);
        var due = await kernel.OutgoingMessages.LongCountAsync(m => m.CreatedAt < limit, cancellation);
        return new RetentionPreview(due, await kernel.OutgoingMessages.OrderBy(m => m.CreatedAt).Select(m => (DateTimeOffset?)m.CreatedAt).FirstOrDefaultAsync(cancellation));
    }

    public async Task<int> EnforceAsync(RetentionMoment moment, CancellationToken cancellation)
    {
        var limit = LimitOf(moment);
        var deleted = 0;
        while (true)
        {
            var ids = await kernel.OutgoingMessages.Where(m => m.CreatedAt < limit).OrderBy(m => m.CreatedAt).Take(BatchSize).Select(m => m.Id).ToListAsync(cancellation);
            if (ids.Count == 0) return deleted;
            deleted += await kernel.InTransactionAsync(token => kernel.OutgoingMessages.Where(m => ids.Contains(m.Id)).ExecuteDeleteAsync(token), cancellation);
        }
    }

    private static DateTimeOffset LimitOf(RetentionMoment moment) => ((DeletionTrigger.Age)moment.Trigger).Period.Before(moment.Now);
}
