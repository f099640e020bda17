using Custodia.Identity.Users;
using Custodia.Kernel.Messaging;
using Custodia.Kernel.Vault;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Webhooks;

/// <summary>Makes a delivery for each webhook that waits for an event. Sending is <see cref="WebhookWorker"/>'s, so nobody waits for a receiver here.</summary>
internal sealed class WebhookIntake(IdentityContext database, DataVault vault, WebhookAudience audience, WebhookSignal signal) : IEventSubscriber
{
    public string Name => "identity.webhooks";

    public bool Wants(string eventType) => WebhookEvents.IsKnown(eventType) && audience.MayWant(eventType);

    public async Task HandleAsync(EventEnvelope message, CancellationToken cancellation)
    {
        if (!await audience.AnyWantsAsync(database, message.Type, cancellation)) return;
        var name = message.Data.GetProperty("directory").GetString();
        try
        {
            if (await database.InTransactionAsync(token => StoreAsync(message, name!, token), cancellation)) signal.Raise();
        }
        catch (DbUpdateException e) when (UniqueConflict.Caused(e))
        {
            // Another process was given the same event and was faster.
        }
    }

    private async Task<bool> StoreAsync(EventEnvelope message, string directory, CancellationToken cancellation)
    {
        var webhooks = await database.Webhooks.AsNoTracking()
            .Where(w => w.Enabled && w.CreatedAt <= message.Time
                && database.Directories.Any(d => d.Id == w.DirectoryId && d.Account == message.Account && d.Name == directory))
            .ToListAsync(cancellation);
        var there = await database.WebhookDeliveries.Where(d => d.EventId == message.Id && webhooks.Select(w => w.Id).Contains(d.WebhookId))
            .Select(d => d.WebhookId).ToListAsync(cancellation);
        var stored = false;
        foreach (var webhook in webhooks.Where(w => w.Wants(message.Type) && !there.Contains(w.Id)))
        {
            var delivery = new WebhookDelivery
            {
                WebhookId = webhook.Id,
                EventId = message.Id,
                Account = message.Account,
                UserId = message.Person,
                Type = message.Type,
                NextTryAt = message.Time,
                CreatedAt = message.Time,
            };
            delivery.Payload = await vault.SealAsync(delivery.PayloadPlace, WebhookPayload.Of(message, webhook.IncludesProfile), cancellation);
            database.WebhookDeliveries.Add(delivery);
            stored = true;
        }

        await database.SaveChangesAsync(cancellation);
        return stored;
    }
}
