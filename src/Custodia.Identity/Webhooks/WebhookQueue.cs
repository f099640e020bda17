using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query;

namespace Custodia.Identity.Webhooks;

/// <summary>Deliveries that wait: claimed and settled by conditional statements, so that several processes send each once.</summary>
internal sealed class WebhookQueue(IdentityContext database, WebhookAudience audience, TimeProvider time)
{
    /// <summary>How long a claim holds when its process is gone; well above the patience of one try.</summary>
    public static readonly TimeSpan ClaimFor = TimeSpan.FromMinutes(1);

    /// <summary>How long every try of a webhook may fail before it is switched off.</summary>
    public static readonly TimeSpan FailingLimit = TimeSpan.FromDays(5);

    /// <summary>Webhooks that are on and have something due.</summary>
    public Task<List<DueWebhook>> DueAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        return database.Webhooks.AsNoTracking()
            .Where(w => w.Enabled && database.WebhookDeliveries.Any(d => d.WebhookId == w.Id && d.NextTryAt <= now))
            .Select(w => new DueWebhook(w.Id, w.FailingSince != null))
            .ToListAsync(cancellation);
    }

    public Task<Webhook?> FindAsync(Guid webhook, CancellationToken cancellation) =>
        database.Webhooks.AsNoTracking().SingleOrDefaultAsync(w => w.Id == webhook && w.Enabled, cancellation);

    /// <summary>Takes the delivery of a webhook that has waited longest; null when there is none.</summary>
    public async Task<WebhookDelivery?> ClaimAsync(Webhook webhook, Guid claim, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var until = now + ClaimFor;
        var due = database.WebhookDeliveries.Where(d => d.WebhookId == webhook.Id && d.NextTryAt <= now);
        while (await due.OrderBy(d => d.NextTryAt).ThenBy(d => d.EventId).Select(d => (Guid?)d.EventId).FirstOrDefaultAsync(cancellation) is { } first)
        {
            var taken = await database.InTransactionAsync(
                token => due.Where(d => d.EventId == first)
                    .ExecuteUpdateAsync(set => set.SetProperty(d => d.Claim, claim).SetProperty(d => d.NextTryAt, until), token),
                cancellation);
            if (taken == 0) continue;
            return await database.WebhookDeliveries.AsNoTracking()
                .SingleOrDefaultAsync(d => d.WebhookId == webhook.Id && d.EventId == first && d.Claim == claim, cancellation);
        }

        return null;
    }

    /// <summary>Notes how a try went, unless the claim was lost meanwhile.</summary>
    /// <returns>Why the webhook was switched off by it; null when it was not.</returns>
    public async Task<WebhookEnd?> SettleAsync(Webhook webhook, WebhookDelivery delivery, WebhookAnswer answer, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var tries = delivery.Tries + 1;
        var pause = answer.Kind == AnswerKind.Failed && delivery.Type != WebhookEvents.Test ? RetrySchedule.After(tries, answer.Asked) : null;
        var next = pause is { } wait ? now + wait : (DateTimeOffset?)null;
        var status = answer.Kind == AnswerKind.Delivered ? DeliveryStatus.Delivered : next is null ? DeliveryStatus.Failed : DeliveryStatus.Waiting;
        var end = await database.InTransactionAsync(
            async token =>
            {
                var settled = await Held(delivery).ExecuteUpdateAsync(
                    set => Facts(set, answer, now)
                        .SetProperty(d => d.Status, status)
                        .SetProperty(d => d.Tries, tries)
                        .SetProperty(d => d.NextTryAt, next)
                        .SetProperty(d => d.Claim, (Guid?)null),
                    token);
                return settled == 0 ? null : await JudgeAsync(webhook, answer.Kind, now, token);
            },
            cancellation);
        if (end is not null) audience.Forget();
        return end;
    }

    /// <summary>Gives back what could not be tried, to be tried by whoever looks next.</summary>
    public Task ReleaseAsync(Guid webhook, Guid claim, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        return database.InTransactionAsync(
            token => database.WebhookDeliveries.Where(d => d.WebhookId == webhook && d.Claim == claim)
                .ExecuteUpdateAsync(set => set.SetProperty(d => d.Claim, (Guid?)null).SetProperty(d => d.NextTryAt, now), token),
            cancellation);
    }

    /// <summary>SQLite belongs to one process: whatever another one had claimed, it is gone.</summary>
    public async Task ReleaseAllAsync(CancellationToken cancellation)
    {
        if (!database.Database.IsSqlite()) return;
        var now = time.GetUtcNow();
        await database.InTransactionAsync(
            token => database.WebhookDeliveries.Where(d => d.Status == DeliveryStatus.Waiting && d.Claim != null)
                .ExecuteUpdateAsync(set => set.SetProperty(d => d.Claim, (Guid?)null).SetProperty(d => d.NextTryAt, now), token),
            cancellation);
    }

    /// <summary>Removes a delivery whose content went with its person.</summary>
    public Task ForgetAsync(WebhookDelivery delivery, CancellationToken cancellation) =>
        database.InTransactionAsync(token => Held(delivery).ExecuteDeleteAsync(token), cancellation);

    /// <summary>Clears secrets whose overlap is over.</summary>
    public async Task DropOldSecretsAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var old = database.Webhooks.Where(w => w.PreviousSecretUntil < now);
        if (!await old.AnyAsync(cancellation)) return;
        await database.InTransactionAsync(
            token => old.ExecuteUpdateAsync(
                set => set.SetProperty(w => w.PreviousSecret, (Kernel.Vault.Sealed<string>?)null).SetProperty(w => w.PreviousSecretUntil, (DateTimeOffset?)null), token),
            cancellation);
    }

    private static UpdateSettersBuilder<WebhookDelivery> Facts(UpdateSettersBuilder<WebhookDelivery> set, WebhookAnswer answer, DateTimeOffset now) =>
        set.SetProperty(d => d.LastTryAt, now)
            .SetProperty(d => d.StatusCode, answer.StatusCode)
            .SetProperty(d => d.Failure, answer.Failure)
            .SetProperty(d => d.Duration, answer.Duration);

    private IQueryable<WebhookDelivery> Held(WebhookDelivery delivery) =>
        database.WebhookDeliveries.Where(d => d.WebhookId == delivery.WebhookId && d.EventId == delivery.EventId && d.Claim == delivery.Claim);

    private async Task<WebhookEnd?> JudgeAsync(Webhook webhook, AnswerKind kind, DateTimeOffset now, CancellationToken cancellation)
    {
        var row = database.Webhooks.Where(w => w.Id == webhook.Id);
        if (kind == AnswerKind.Delivered)
        {
            await row.Where(w => w.FailingSince != null).ExecuteUpdateAsync(set => set.SetProperty(w => w.FailingSince, (DateTimeOffset?)null), cancellation);
            return null;
        }

        if (kind == AnswerKind.Gone) return await SwitchOffAsync(row, WebhookEnd.Gone, now, cancellation);
        await row.Where(w => w.FailingSince == null).ExecuteUpdateAsync(set => set.SetProperty(w => w.FailingSince, now), cancellation);
        var limit = now - FailingLimit;
        return await SwitchOffAsync(row.Where(w => w.FailingSince <= limit), WebhookEnd.Failing, now, cancellation);
    }

    private static async Task<WebhookEnd?> SwitchOffAsync(IQueryable<Webhook> webhook, WebhookEnd reason, DateTimeOffset now, CancellationToken cancellation)
    {
        var off = await webhook.Where(w => w.Enabled).ExecuteUpdateAsync(
            set => set.SetProperty(w => w.Enabled, false).SetProperty(w => w.DisabledReason, reason).SetProperty(w => w.DisabledAt, now), cancellation);
        return off == 0 ? null : reason;
    }
}

/// <param name="Failing">Whether its last try failed.</param>
internal sealed record DueWebhook(Guid Id, bool Failing);

/// <summary>How a try went.</summary>
/// <param name="Failure">Why there was no answer.</param>
/// <param name="Duration">Milliseconds.</param>
/// <param name="Asked">How long the receiver asks to be left alone.</param>
internal sealed record WebhookAnswer(AnswerKind Kind, int? StatusCode, string? Failure, int Duration, TimeSpan? Asked);

internal enum AnswerKind
{
    /// <summary>2xx.</summary>
    Delivered,

    /// <summary>To be tried again.</summary>
    Failed,

    /// <summary>410: nobody is there to be told any more.</summary>
    Gone,
}
