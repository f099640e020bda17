using Custodia.Kernel.Retention;

namespace Custodia.Identity.Authorize;

/// <summary>Requests that nobody came back to.</summary>
internal sealed class ExpiredRequests(IdentityContext database) : RowRule<StoredRequest>(StoredRequest.Category, "expired", database)
{
    private readonly IdentityContext _database = database;

    // The life is fixed, so the index on the creation serves.
    protected override IQueryable<StoredRequest> Due(RetentionMoment moment)
    {
        var limit = moment.Now - StoredRequest.Life;
        return _database.StoredRequests.Where(r => r.CreatedAt <= limit).OrderBy(r => r.CreatedAt);
    }

    protected override IQueryable<DateTimeOffset?> Held() => _database.StoredRequests.Select(r => (DateTimeOffset?)r.CreatedAt);
}
