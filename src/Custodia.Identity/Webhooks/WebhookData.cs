using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Custodia.Identity.PersonData;
using Custodia.Kernel.Deletion;
using Custodia.Kernel.Vault;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Webhooks;

/// <summary>What was sent, or waits to be sent, about a person.</summary>
internal sealed class WebhookData(IdentityContext database, DataVault vault) : IPersonData
{
    public async IAsyncEnumerable<ExportedItem> ExportAsync(Subject subject, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var deliveries = database.WebhookDeliveries.AsNoTracking().Where(d => d.UserId == subject.Person && d.Account == subject.Account).OrderBy(d => d.EventId);
        await foreach (var delivery in deliveries.AsAsyncEnumerable().WithCancellation(cancellation))
        {
            var payload = await vault.OpenAsync(delivery.PayloadPlace, delivery.Payload, "subject-rights", cancellation);
            yield return new ExportedItem(WebhookDelivery.Category, $"{delivery.WebhookId:N}-{delivery.EventId:N}",
            [
                new("webhook-id", delivery.WebhookId.ToString("N")),
                new("type", delivery.Type),
                new("status", delivery.Status.ToString()),
                new("created-at", Iso(delivery.CreatedAt)),
                new("last-try-at", delivery.LastTryAt is { } at ? Iso(at) : null),
                new("payload", payload is null ? null : Encoding.UTF8.GetString(payload)),
            ]);
        }
    }

    public async Task<IReadOnlyList<ErasedCategory>> EraseAsync(Subject subject, CancellationToken cancellation)
    {
        var deliveries = await database.WebhookDeliveries.Where(d => d.UserId == subject.Person && d.Account == subject.Account).ExecuteDeleteAsync(cancellation);
        return [new ErasedCategory(WebhookDelivery.Category, deliveries, deliveries, Kept: 0, Reason: null)];
    }

    private static string Iso(DateTimeOffset moment) => moment.ToString("O", CultureInfo.InvariantCulture);
}
