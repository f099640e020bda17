using Custodia.Kernel.Retention;
using Custodia.Kernel.Vault;

namespace Custodia.Identity.Authorize;

/// <summary>Requests that nobody came back to, and the keys of days whose requests are all over.</summary>
internal sealed class ExpiredRequests(IdentityContext database, DataVault vault)
    : RowRule<IdentityContext, StoredRequest>(StoredRequest.Category, "expired", database)
{
    public override async Task<int> EnforceAsync(RetentionMoment moment, CancellationToken cancellation)
    {
        var deleted = await base.EnforceAsync(moment, cancellation);
        await vault.DestroyDaysAsync(StoredRequest.DayKey, DateOnly.FromDateTime(Limit(moment).UtcDateTime), $"{Category} {Trigger}", cancellation);
        return deleted;
    }

    // The life is fixed, so the index on the creation serves.
    protected override IQueryable<StoredRequest> Due(RetentionMoment moment)
    {
        var limit = Limit(moment);
        return Context.StoredRequests.Where(r => r.CreatedAt <= limit).OrderBy(r => r.CreatedAt);
    }

    protected override IQueryable<DateTimeOffset?> Held() => Context.StoredRequests.Select(r => (DateTimeOffset?)r.CreatedAt);

    private static DateTimeOffset Limit(RetentionMoment moment) => moment.Now - StoredRequest.Life;
}
