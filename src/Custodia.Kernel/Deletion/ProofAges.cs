using Custodia.Kernel.Hosting;
using Custodia.Kernel.Retention;
using Custodia.Kernel.Storage;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Kernel.Deletion;

/// <summary>Deletes evidence files as old as the policy says; their requests remember that they were done.</summary>
internal sealed class EvidenceAge(KernelContext context, DataLayout layout) : IRetentionRule
{
    private const int Batch = 500;

    public string Category => "kernel.evidence";

    public string Trigger => "age";

    public async Task<RetentionPreview> PreviewAsync(RetentionMoment moment, CancellationToken cancellation) => new(
        await Due(moment).LongCountAsync(cancellation),
        await context.DeletionRequests.Where(r => r.EvidenceFile != null).MinAsync(r => r.DoneAt, cancellation));

    public async Task<int> EnforceAsync(RetentionMoment moment, CancellationToken cancellation)
    {
        var deleted = 0;
        while (await Due(moment).OrderBy(r => r.DoneAt).Take(Batch).ToListAsync(cancellation) is { Count: > 0 } batch)
        {
            foreach (var row in batch) File.Delete(Path.Combine(layout.Root, row.EvidenceFile!));
            var ids = batch.ConvertAll(r => r.Id);
            deleted += await context.DeletionRequests.Where(r => ids.Contains(r.Id)).ExecuteUpdateAsync(set => set.SetProperty(r => r.EvidenceFile, (string?)null), cancellation);
        }

        return deleted;
    }

    private IQueryable<DeletionRequestRow> Due(RetentionMoment moment)
    {
        var before = moment.Limit;
        return context.DeletionRequests.AsNoTracking().Where(r => r.EvidenceFile != null && r.DoneAt < before);
    }
}

/// <summary>Shortens the ledger of erasures.</summary>
internal sealed class LedgerAge(ErasureLedger ledger) : IRetentionRule
{
    public string Category => "kernel.erasure-ledger";

    public string Trigger => "age";

    public async Task<RetentionPreview> PreviewAsync(RetentionMoment moment, CancellationToken cancellation)
    {
        var before = moment.Limit;
        var due = 0L;
        DateTimeOffset? oldest = null;
        await foreach (var entry in ledger.ReadAsync(cancellation))
        {
            if (entry.At < before) due++;
            if (oldest is null || entry.At < oldest) oldest = entry.At;
        }

        return new RetentionPreview(due, oldest);
    }

    public Task<int> EnforceAsync(RetentionMoment moment, CancellationToken cancellation) => ledger.ForgetAsync(moment.Limit, cancellation);
}
