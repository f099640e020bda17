using Custodia.Kernel.Vault;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Webhooks;

/// <summary>What was sent to a webhook, and sending it once more by hand.</summary>
internal sealed class DeliveryLog(IdentityContext database, DataVault vault, WebhookSignal signal, TimeProvider time)
{
    /// <summary>Newest first; one row more than <paramref name="limit"/>.</summary>
    public Task<List<WebhookDelivery>> PageAsync(Webhook webhook, DeliveryStatus? status, Guid? before, int limit, CancellationToken cancellation)
    {
        var deliveries = database.WebhookDeliveries.AsNoTracking().Where(d => d.WebhookId == webhook.Id);
        if (status is { } wanted) deliveries = deliveries.Where(d => d.Status == wanted);
        if (before is { } cursor) deliveries = deliveries.Where(d => d.EventId < cursor);
        return deliveries.OrderByDescending(d => d.EventId).Take(limit + 1).ToListAsync(cancellation);
    }

    /// <summary>Sends an event that tells of nothing, so that a receiver can be tried. It is tried once.</summary>
    /// <returns>Null when the webhook is off.</returns>
    public async Task<WebhookDelivery?> TestAsync(Webhook webhook, string directory, CancellationToken cancellation)
    {
        if (!webhook.Enabled) return null;
        var now = time.GetUtcNow();
        var delivery = new WebhookDelivery
        {
            WebhookId = webhook.Id,
            EventId = Guid.CreateVersion7(now),
            Account = webhook.Account,
            Type = WebhookEvents.Test,
            NextTryAt = now,
            CreatedAt = now,
        };
        delivery.Payload = await vault.SealAsync(delivery.PayloadPlace, WebhookPayload.Test(webhook, directory, now), cancellation);
        database.WebhookDeliveries.Add(delivery);
        await database.SaveChangesAsync(cancellation);
        signal.Raise();
        return delivery;
    }

    /// <summary>Sends a delivery again under its old number: at once and, if that fails, as often as a new one. One that is under way stays so.</summary>
    public async Task<ResendOutcome> ResendAsync(Webhook webhook, Guid eventId, CancellationToken cancellation)
    {
        var delivery = database.WebhookDeliveries.Where(d => d.WebhookId == webhook.Id && d.EventId == eventId);
        if (!await delivery.AnyAsync(cancellation)) return new ResendOutcome.NotFound();
        if (!webhook.Enabled) return new ResendOutcome.Off();
        var now = time.GetUtcNow();
        await database.InTransactionAsync(
            token => delivery.Where(d => d.Claim == null).ExecuteUpdateAsync(
                set => set.SetProperty(d => d.Status, DeliveryStatus.Waiting).SetProperty(d => d.Tries, 0).SetProperty(d => d.NextTryAt, now), token),
            cancellation);
        signal.Raise();
        // Null: its person was erased meanwhile.
        return await delivery.AsNoTracking().SingleOrDefaultAsync(cancellation) is { } started ? new ResendOutcome.Started(started) : new ResendOutcome.NotFound();
    }
}

internal abstract record ResendOutcome
{
    public sealed record Started(WebhookDelivery Delivery) : ResendOutcome;

    /// <summary>The webhook is off.</summary>
    public sealed record Off : ResendOutcome;

    public sealed record NotFound : ResendOutcome;
}
