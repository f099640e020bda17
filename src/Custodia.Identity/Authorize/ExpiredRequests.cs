using Custodia.Kernel.Retention;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Authorize;

/// <summary>Requests that nobody came back to.</summary>
internal sealed class ExpiredRequests(IdentityContext context) : IRetentionRule
{
    private const int Batch = 1000;

    public string Category => StoredRequest.Category;

    public string Trigger => "expired";

    public async Task<RetentionPreview> PreviewAsync(RetentionMoment moment, CancellationToken cancellation)
    {
        var oldest = await context.StoredRequests.OrderBy(r => r.CreatedAt).Select(r => (DateTimeOffset?)r.CreatedAt).FirstOrDefaultAsync(cancellation);
        return new RetentionPreview(await Due(moment).LongCountAsync(cancellation), oldest);
    }

    public Task<int> EnforceAsync(RetentionMoment moment, CancellationToken cancellation) =>
        context.InTransactionAsync(token => Due(moment).Take(Batch).ExecuteDeleteAsync(token), cancellation);

    // The life is fixed, so the index on the creation serves.
    private IQueryable<StoredRequest> Due(RetentionMoment moment)
    {
        var before = moment.Now - StoredRequest.Life;
        return context.StoredRequests.Where(r => r.CreatedAt <= before);
    }
}
