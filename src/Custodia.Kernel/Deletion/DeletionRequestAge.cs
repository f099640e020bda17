using Custodia.Kernel.Hosting;
using Custodia.Kernel.Retention;
using Custodia.Kernel.Storage;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Kernel.Deletion;

/// <summary>Forgets finished requests, and their evidence files, once they are as old as the policy says.</summary>
internal sealed class DeletionRequestAge(KernelContext context, DataLayout layout) : IRetentionRule
{
    private const int Batch = 500;

    public string Category => "kernel.deletion-request";

    public string Trigger => "age";

    public async Task<RetentionPreview> PreviewAsync(RetentionMoment moment, CancellationToken cancellation)
    {
        var due = await Due(moment).LongCountAsync(cancellation);
        var oldest = await context.DeletionRequests.OrderBy(r => r.RequestedAt).Select(r => (DateTimeOffset?)r.RequestedAt).FirstOrDefaultAsync(cancellation);
        return new RetentionPreview(due, oldest);
    }

    public async Task<int> EnforceAsync(RetentionMoment moment, CancellationToken cancellation)
    {
        var deleted = 0;
        while (await Due(moment).OrderBy(r => r.RequestedAt).Take(Batch).ToListAsync(cancellation) is { Count: > 0 } batch)
        {
            foreach (var row in batch.Where(r => r.EvidenceFile is not null)) File.Delete(Path.Combine(layout.Root, row.EvidenceFile!));
            var ids = batch.ConvertAll(r => r.Id);
            deleted += await context.DeletionRequests.Where(r => ids.Contains(r.Id)).ExecuteDeleteAsync(cancellation);
        }

        return deleted;
    }

    private IQueryable<DeletionRequestRow> Due(RetentionMoment moment)
    {
        var before = moment.Limit;
        return context.DeletionRequests.AsNoTracking().Where(r => (r.State == DeletionState.Done || r.State == DeletionState.Withdrawn) && r.RequestedAt < before);
    }
}
