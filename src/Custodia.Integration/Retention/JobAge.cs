using Custodia.Integration.Engine;
using Custodia.Kernel.Retention;
using Custodia.Kernel.Vault;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Integration.Retention;

/// <summary>Jobs go with their steps when they are too old, in whatever state; the keys of their days go with them.</summary>
internal sealed class JobAge(IntegrationContext context, DataVault vault) : IRetentionRule
{
    private const int BatchSize = 500;

    public string Category => "integration.job";

    public string Trigger => "age";

    public async Task<RetentionPreview> PreviewAsync(RetentionMoment moment, CancellationToken cancellation)
    {
        var limit = moment.Limit;
        return new RetentionPreview(
            await context.Jobs.LongCountAsync(j => j.CreatedAt < limit, cancellation),
            await context.Jobs.MinAsync(j => (DateTimeOffset?)j.CreatedAt, cancellation));
    }

    public async Task<int> EnforceAsync(RetentionMoment moment, CancellationToken cancellation)
    {
        var limit = moment.Limit;
        var deleted = 0;
        while (true)
        {
            var batch = await context.Jobs.AsNoTracking().Where(j => j.CreatedAt < limit).OrderBy(j => j.CreatedAt)
                .Select(j => j.Id).Take(BatchSize).ToListAsync(cancellation);
            if (batch.Count == 0) break;
            deleted += await context.InTransactionAsync(
                async token =>
                {
                    await context.JobSteps.Where(s => batch.Contains(s.JobId)).ExecuteDeleteAsync(token);
                    return await context.Jobs.Where(j => batch.Contains(j.Id)).ExecuteDeleteAsync(token);
                },
                cancellation);
        }

        // The limit's own day still has jobs.
        await vault.DestroyDaysAsync(Job.DayKey, DateOnly.FromDateTime(limit.UtcDateTime), "integration.job age", cancellation);
        return deleted;
    }
}
