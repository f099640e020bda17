using Custodia.Identity.Retention;
using Custodia.Kernel.Storage;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Webhooks;

/// <summary>When the account ends the service, its webhooks go, with what waits for them and the keys their secrets were sealed under.</summary>
internal sealed class WebhookTermination(IdentityContext database, AccountServices services, WebhookRegistry registry) : TerminationRule(Webhook.Category, services)
{
    private const int Batch = 500;

    protected override Task<long> CountAsync(IReadOnlyList<long> accounts, CancellationToken cancellation) =>
        database.Webhooks.LongCountAsync(w => accounts.Contains(w.Account), cancellation);

    protected override Task<DateTimeOffset?> OldestAsync(CancellationToken cancellation) =>
        database.Webhooks.MinAsync(w => (DateTimeOffset?)w.CreatedAt, cancellation);

    protected override async Task<int> DeleteAsync(IReadOnlyList<long> accounts, CancellationToken cancellation)
    {
        var all = 0;
        while (await database.Webhooks.AsNoTracking().Where(w => accounts.Contains(w.Account)).OrderBy(w => w.Id).Take(Batch).ToListAsync(cancellation) is { Count: > 0 } due)
        {
            foreach (var webhook in due) await registry.RemoveAsync(webhook, "service terminated", cancellation);
            all += due.Count;
        }

        return all;
    }
}
