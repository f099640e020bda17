using Custodia.Kernel.Retention;
using Custodia.Kernel.Vault;

namespace Custodia.Identity.Webhooks;

/// <summary>What was sent goes by age, waiting or not, and with it the keys of days under which messages about nobody lie.</summary>
internal sealed class DeliveryAge(IdentityContext database, DataVault vault) : RowRule<IdentityContext, WebhookDelivery>(WebhookDelivery.Category, "age", database)
{
    public override async Task<int> EnforceAsync(RetentionMoment moment, CancellationToken cancellation)
    {
        var deleted = await base.EnforceAsync(moment, cancellation);
        await vault.DestroyDaysAsync(WebhookDelivery.DayKey, DateOnly.FromDateTime(moment.Limit.UtcDateTime), "identity.webhook-delivery age", cancellation);
        return deleted;
    }

    protected override IQueryable<WebhookDelivery> Due(RetentionMoment moment)
    {
        var limit = moment.Limit;
        return Context.WebhookDeliveries.Where(d => d.CreatedAt < limit).OrderBy(d => d.CreatedAt);
    }

    protected override IQueryable<DateTimeOffset?> Held() => Context.WebhookDeliveries.Select(d => (DateTimeOffset?)d.CreatedAt);
}
