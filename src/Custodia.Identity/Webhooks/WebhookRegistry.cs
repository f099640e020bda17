using Custodia.Identity.Administration;
using Custodia.Kernel.Vault;
using Microsoft.EntityFrameworkCore;
using Directory = Custodia.Identity.Directories.Directory;

namespace Custodia.Identity.Webhooks;

/// <summary>Makes, changes and removes webhooks of a directory.</summary>
internal sealed class WebhookRegistry(IdentityContext database, DataVault vault, WebhookRules rules, WebhookAudience audience, TimeProvider time)
{
    public const int MaxWebhooks = 20;

    /// <summary>How long the secret before a rotation goes on signing.</summary>
    public static readonly TimeSpan SecretOverlap = TimeSpan.FromHours(24);

    private const string Use = "webhook-delivery";

    /// <summary>Newest first; one row more than <paramref name="limit"/>.</summary>
    public Task<List<Webhook>> PageAsync(Directory directory, Guid? before, int limit, CancellationToken cancellation)
    {
        var webhooks = database.Webhooks.AsNoTracking().Where(w => w.DirectoryId == directory.Id);
        if (before is { } cursor) webhooks = webhooks.Where(w => w.Id < cursor);
        return webhooks.OrderByDescending(w => w.Id).Take(limit + 1).ToListAsync(cancellation);
    }

    public Task<Webhook?> FindAsync(Directory directory, Guid id, CancellationToken cancellation) =>
        database.Webhooks.AsNoTracking().SingleOrDefaultAsync(w => w.Id == id && w.DirectoryId == directory.Id, cancellation);

    public async Task<WebhookOutcome> CreateAsync(Directory directory, WebhookSettings wanted, CancellationToken cancellation)
    {
        if (rules.Check(wanted, creating: true) is { Any: true } findings) return new WebhookOutcome.Invalid(findings);
        var now = time.GetUtcNow();
        var webhook = new Webhook
        {
            Id = Guid.CreateVersion7(now),
            Account = directory.Account,
            DirectoryId = directory.Id,
            Url = "",
            EventTypes = "",
            Enabled = true,
            CreatedAt = now,
            UpdatedAt = now,
        };
        Apply(webhook, wanted, now);
        var secret = WebhookSignature.NewSecret();
        webhook.Secret = await vault.SealAsync(webhook.SecretPlace, secret, cancellation);
        var stored = await database.AloneAsync(
            $"webhooks/{directory.Id:N}",
            async token =>
            {
                if (await database.Webhooks.CountAsync(w => w.DirectoryId == directory.Id, token) >= MaxWebhooks) return false;
                database.Webhooks.Add(webhook);
                await database.SaveChangesAsync(token);
                return true;
            },
            cancellation);
        if (!stored)
        {
            await vault.DestroyAsync(webhook.OwnKey, "webhook not stored", cancellation);
            return new WebhookOutcome.TooMany();
        }

        audience.Forget();
        return new WebhookOutcome.Done(webhook, secret);
    }

    public async Task<WebhookOutcome> UpdateAsync(Directory directory, Guid id, WebhookSettings wanted, CancellationToken cancellation)
    {
        if (rules.Check(wanted, creating: false) is { Any: true } findings) return new WebhookOutcome.Invalid(findings);
        var changed = await database.InTransactionAsync(
            async token =>
            {
                if (await database.Webhooks.SingleOrDefaultAsync(w => w.Id == id && w.DirectoryId == directory.Id, token) is not { } webhook) return null;
                Apply(webhook, wanted, time.GetUtcNow());
                await database.SaveChangesAsync(token);
                return webhook;
            },
            cancellation);
        audience.Forget();
        return changed is null ? new WebhookOutcome.NotFound() : new WebhookOutcome.Done(changed, null);
    }

    /// <summary>Makes a new secret; the one before signs too for <see cref="SecretOverlap"/>, so that receivers can change over.</summary>
    public async Task<WebhookOutcome> RotateAsync(Directory directory, Guid id, CancellationToken cancellation)
    {
        if (await FindAsync(directory, id, cancellation) is not { } webhook) return new WebhookOutcome.NotFound();
        if (await vault.OpenAsync(webhook.SecretPlace, webhook.Secret, Use, cancellation) is not { } before) return new WebhookOutcome.NotFound();
        var secret = WebhookSignature.NewSecret();
        var (sealedNew, sealedBefore) = (await vault.SealAsync(webhook.SecretPlace, secret, cancellation), await vault.SealAsync(webhook.PreviousSecretPlace, before, cancellation));
        var now = time.GetUtcNow();
        var until = now + SecretOverlap;
        var rotated = await database.InTransactionAsync(
            token => database.Webhooks.Where(w => w.Id == id && w.SecretVersion == webhook.SecretVersion).ExecuteUpdateAsync(
                set => set
                    .SetProperty(w => w.Secret, sealedNew)
                    .SetProperty(w => w.SecretVersion, w => w.SecretVersion + 1)
                    .SetProperty(w => w.PreviousSecret, sealedBefore)
                    .SetProperty(w => w.PreviousSecretUntil, until)
                    .SetProperty(w => w.UpdatedAt, now),
                token),
            cancellation);
        if (rotated == 0) return new WebhookOutcome.Overtaken();
        return await FindAsync(directory, id, cancellation) is { } found ? new WebhookOutcome.Done(found, secret) : new WebhookOutcome.NotFound();
    }

    /// <summary>Removes a webhook with everything that waits for it.</summary>
    public async Task<bool> RemoveAsync(Webhook webhook, string reason, CancellationToken cancellation)
    {
        var removed = await database.InTransactionAsync(
            async token =>
            {
                await database.WebhookDeliveries.Where(d => d.WebhookId == webhook.Id).ExecuteDeleteAsync(token);
                return await database.Webhooks.Where(w => w.Id == webhook.Id).ExecuteDeleteAsync(token);
            },
            cancellation);
        audience.Forget();
        await vault.DestroyAsync(webhook.OwnKey, reason, cancellation);
        return removed > 0;
    }

    private static void Apply(Webhook webhook, WebhookSettings wanted, DateTimeOffset now)
    {
        webhook.Url = wanted.Url?.Trim() ?? webhook.Url;
        webhook.Description = wanted.Description?.Trim() ?? webhook.Description;
        if (wanted.Events is { } events) webhook.EventTypes = Protocol.Scopes.Join(WebhookEvents.All.Where(e => events.Contains(e, StringComparer.Ordinal)));
        webhook.IncludesProfile = wanted.IncludesProfile ?? webhook.IncludesProfile;
        webhook.UpdatedAt = now;
        if (wanted.Enabled is not { } enabled || enabled == webhook.Enabled) return;
        webhook.Enabled = enabled;
        webhook.DisabledReason = enabled ? null : WebhookEnd.Staff;
        webhook.DisabledAt = enabled ? null : now;
        if (enabled) webhook.FailingSince = null;
    }
}

internal abstract record WebhookOutcome
{
    /// <param name="Secret">Only when it is new.</param>
    public sealed record Done(Webhook Webhook, string? Secret) : WebhookOutcome
    {
        public override string ToString() => "(webhook)";
    }

    public sealed record Invalid(Findings Findings) : WebhookOutcome;

    /// <summary>The directory has as many as there may be.</summary>
    public sealed record TooMany : WebhookOutcome;

    /// <summary>Somebody else rotated the secret at the same time.</summary>
    public sealed record Overtaken : WebhookOutcome;

    public sealed record NotFound : WebhookOutcome;
}
