using Custodia.Kernel.Policy;
using Custodia.Kernel.Storage;
using Custodia.Kernel.Vault;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Webhooks;

/// <summary>One event on its way to one webhook, and how it went. The event's number is the message's, the same at each try.</summary>
[Category(Category)]
internal sealed class WebhookDelivery : IOwnedData
{
    public const string Category = "identity.webhook-delivery";
    public const string DayKey = "webhook";

    public Guid WebhookId { get; init; }

    public Guid EventId { get; init; }

    /// <summary>The account's <c>uin</c>.</summary>
    public long Account { get; init; }

    /// <summary>The person it is about; null where there is none (any more).</summary>
    public Guid? UserId { get; init; }

    public required string Type { get; init; }

    /// <summary>The body as it is sent, kept so that it can be sent again.</summary>
    public Sealed<byte[]> Payload { get; set; } = null!;

    public DeliveryStatus Status { get; set; }

    /// <summary>Tries since it was (re)started.</summary>
    public int Tries { get; set; }

    /// <summary>When it is tried (again), or when the claim on it ends; null when nothing more is to come.</summary>
    public DateTimeOffset? NextTryAt { get; set; }

    /// <summary>Who tries it now.</summary>
    public Guid? Claim { get; set; }

    /// <summary>When it happened.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? LastTryAt { get; set; }

    /// <summary>HTTP status of the last answer; null when there was none.</summary>
    public int? StatusCode { get; set; }

    /// <summary>Why the last try had no answer, e.g. <c>timeout</c>; null when there was one.</summary>
    public string? Failure { get; set; }

    /// <summary>Milliseconds of the last try.</summary>
    public int? Duration { get; set; }

    public KeyId OwnerKey => UserId is { } user
        ? KeyId.Subject(Account, user)
        : KeyId.Day(Account, DayKey, DateOnly.FromDateTime(CreatedAt.UtcDateTime));

    public string OwnedRow => $"{WebhookId:N}/{EventId:N}";

    public Place PayloadPlace => new(OwnerKey, Category, "payload", OwnedRow);

    public static void Configure(ModelBuilder model)
    {
        var delivery = model.Entity<WebhookDelivery>();
        delivery.ToTable("webhook_deliveries");
        // Event numbers ascend with time, so the key also pages the log; and a repeated event makes no second row.
        delivery.HasKey(d => new { d.WebhookId, d.EventId });
        delivery.Ignore(d => d.OwnerKey);
        delivery.Ignore(d => d.OwnedRow);
        delivery.Ignore(d => d.PayloadPlace);
        delivery.Property(d => d.Type).HasMaxLength(64);
        delivery.Property(d => d.Status).HasMaxLength(16);
        delivery.Property(d => d.Failure).HasMaxLength(32);
        delivery.HasIndex(d => new { d.WebhookId, d.Status, d.EventId });
        // What is due, webhook by webhook, so that a long queue of one hides no other.
        delivery.HasIndex(d => new { d.WebhookId, d.NextTryAt });
        delivery.HasIndex(d => d.UserId);
        // Retention goes by it.
        delivery.HasIndex(d => d.CreatedAt);
    }
}

internal enum DeliveryStatus
{
    /// <summary>Not tried yet, or tried in vain and to be tried again.</summary>
    Waiting,

    /// <summary>Answered with 2xx.</summary>
    Delivered,

    /// <summary>Given up.</summary>
    Failed,
}
