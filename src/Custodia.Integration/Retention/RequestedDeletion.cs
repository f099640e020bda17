using Custodia.Kernel.Policy;
using Custodia.Kernel.Retention;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Integration.Retention;

/// <summary>
/// Groups and projects whose deletion was requested go with their flows, versions and instances, a day before the policy's time is
/// over: the promise is "within", and the rule runs once in a while only.
/// </summary>
internal abstract class RequestedDeletion(IntegrationContext context) : IRetentionRule
{
    private const int BatchSize = 100;

    public abstract string Category { get; }

    public string Trigger => "deletion-requested";

    public async Task<RetentionPreview> PreviewAsync(RetentionMoment moment, CancellationToken cancellation)
    {
        var limit = LimitOf(moment);
        var due = await context.Groups.LongCountAsync(g => g.DeletionRequestedAt < limit, cancellation) + await context.Projects.LongCountAsync(p => p.DeletionRequestedAt < limit, cancellation);
        return new RetentionPreview(due, await context.Groups.MinAsync(g => (DateTimeOffset?)g.CreatedTime, cancellation));
    }

    public async Task<int> EnforceAsync(RetentionMoment moment, CancellationToken cancellation)
    {
        var limit = LimitOf(moment);
        var deleted = 0;
        while (true)
        {
            var projects = await context.Projects.Where(p => p.DeletionRequestedAt < limit).OrderBy(p => p.ProjectId).Take(BatchSize).Select(p => p.ProjectId).ToListAsync(cancellation);
            if (projects.Count == 0) break;
            // Flows, versions, instances and triggers go with their project (foreign keys).
            deleted += await context.InTransactionAsync(token => context.Projects.Where(p => projects.Contains(p.ProjectId)).ExecuteDeleteAsync(token), cancellation);
        }

        return deleted + await context.InTransactionAsync(
            token => context.Groups.Where(g => g.DeletionRequestedAt < limit && !context.Projects.Any(p => p.GroupId == g.GroupId)).ExecuteDeleteAsync(token),
            cancellation);
    }

    private static DateTimeOffset LimitOf(RetentionMoment moment) => ((DeletionTrigger.Event)moment.Trigger).Within.Before(moment.Now).AddDays(1);
}

internal sealed class RequestedMetadata(IntegrationContext context) : RequestedDeletion(context)
{
    public override string Category => "integration.metadata";
}

/// <summary>Texts and names lie in the same rows as the metadata and go with them.</summary>
internal sealed class RequestedDesigns(IntegrationContext context) : RequestedDeletion(context)
{
    public override string Category => "integration.design";
}
