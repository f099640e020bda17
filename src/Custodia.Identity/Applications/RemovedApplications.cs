using Custodia.Kernel.Retention;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Applications;

/// <summary>
/// What is left of removed applications. Removing one takes everything with it in one transaction; this finds what came back
/// with a backup.
/// </summary>
internal sealed class RemovedApplications(IdentityContext context) : IRetentionRule
{
    private const int Batch = 1000;

    public string Category => Application.Category;

    public string Trigger => "removed";

    public async Task<RetentionPreview> PreviewAsync(RetentionMoment moment, CancellationToken cancellation)
    {
        var oldest = await context.Applications.OrderBy(a => a.CreatedAt).Select(a => (DateTimeOffset?)a.CreatedAt).FirstOrDefaultAsync(cancellation);
        return new RetentionPreview(await Orphans().LongCountAsync(cancellation), oldest);
    }

    public Task<int> EnforceAsync(RetentionMoment moment, CancellationToken cancellation) =>
        context.InTransactionAsync(token => Orphans().Take(Batch).ExecuteDeleteAsync(token), cancellation);

    private IQueryable<ApplicationSecret> Orphans() =>
        context.ApplicationSecrets.Where(s => !context.Applications.Any(a => a.Id == s.ApplicationId));
}

/// <summary>Secrets that were replaced and have run out.</summary>
internal sealed class ExpiredSecrets(IdentityContext context) : IRetentionRule
{
    private const int Batch = 1000;

    public string Category => Application.Category;

    public string Trigger => "expired";

    public async Task<RetentionPreview> PreviewAsync(RetentionMoment moment, CancellationToken cancellation)
    {
        var oldest = await context.ApplicationSecrets.OrderBy(s => s.CreatedAt).Select(s => (DateTimeOffset?)s.CreatedAt).FirstOrDefaultAsync(cancellation);
        return new RetentionPreview(await Due(moment).LongCountAsync(cancellation), oldest);
    }

    public Task<int> EnforceAsync(RetentionMoment moment, CancellationToken cancellation) =>
        context.InTransactionAsync(token => Due(moment).Take(Batch).ExecuteDeleteAsync(token), cancellation);

    private IQueryable<ApplicationSecret> Due(RetentionMoment moment) => context.ApplicationSecrets.Where(s => s.ExpiresAt != null && s.ExpiresAt <= moment.Now);
}
