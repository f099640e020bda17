using Custodia.Kernel.Retention;

namespace Custodia.Identity.Authorize;

/// <summary>Requests that nobody came back to.</summary>
internal sealed class ExpiredRequests(IdentityContext database) : RowRule<IdentityContext, StoredRequest>(StoredRequest.Category, "expired", database)
{
    // The life is fixed, so the index on the creation serves.
    protected override IQueryable<StoredRequest> Due(RetentionMoment moment)
    {
        var limit = moment.Now - StoredRequest.Life;
        return Context.StoredRequests.Where(r => r.CreatedAt <= limit).OrderBy(r => r.CreatedAt);
    }

    protected override IQueryable<DateTimeOffset?> Held() => Context.StoredRequests.Select(r => (DateTimeOffset?)r.CreatedAt);
}
