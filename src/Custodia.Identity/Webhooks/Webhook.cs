using Custodia.Kernel.Policy;
using Custodia.Kernel.Vault;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Webhooks;

/// <summary>An address of a system elsewhere that is told what happens in a directory.</summary>
[Category(Category)]
internal sealed class Webhook
{
    public const string Category = "identity.webhook";
    public const int MaxUrl = 500;
    public const int MaxDescription = 200;

    public Guid Id { get; init; }

    /// <summary>The account's <c>uin</c>.</summary>
    public long Account { get; init; }

    public Guid DirectoryId { get; init; }

    public required string Url { get; set; }

    public string Description { get; set; } = "";

    /// <summary>Names of <see cref="WebhookEvents"/> separated by blanks.</summary>
    public required string EventTypes { get; set; }

    /// <summary>Whether profile values are sent, where the event has some; otherwise identifiers alone.</summary>
    public bool IncludesProfile { get; set; }

    public bool Enabled { get; set; }

    /// <summary>Why it was switched off; null while it is on.</summary>
    public WebhookEnd? DisabledReason { get; set; }

    public DateTimeOffset? DisabledAt { get; set; }

    /// <summary>Since when every try has failed; null after a success.</summary>
    public DateTimeOffset? FailingSince { get; set; }

    /// <summary>Sealed under a key of its own that is destroyed with it.</summary>
    public Sealed<string> Secret { get; set; } = null!;

    /// <summary>Counts rotations; decides which of two at once wins.</summary>
    public int SecretVersion { get; set; }

    /// <summary>The secret before the last rotation; signs too until <see cref="PreviousSecretUntil"/>.</summary>
    public Sealed<string>? PreviousSecret { get; set; }

    public DateTimeOffset? PreviousSecretUntil { get; set; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; set; }

    public KeyId OwnKey => KeyId.Record(Account, "webhook", Id);

    public Place SecretPlace => new(OwnKey, Category, "secret", Id.ToString("N"));

    public Place PreviousSecretPlace => new(OwnKey, Category, "previous-secret", Id.ToString("N"));

    public bool Wants(string type) => Protocol.Scopes.Split(EventTypes).Contains(type, StringComparer.Ordinal);

    public static void Configure(ModelBuilder model)
    {
        var webhook = model.Entity<Webhook>();
        webhook.ToTable("webhooks");
        webhook.HasKey(w => w.Id);
        webhook.Ignore(w => w.OwnKey);
        webhook.Ignore(w => w.SecretPlace);
        webhook.Ignore(w => w.PreviousSecretPlace);
        webhook.Property(w => w.Url).HasMaxLength(MaxUrl);
        webhook.Property(w => w.Description).HasMaxLength(MaxDescription);
        webhook.Property(w => w.DisabledReason).HasMaxLength(16);
        webhook.HasIndex(w => new { w.DirectoryId, w.Id });
        webhook.HasIndex(w => w.Account);
    }
}

/// <summary>Why a webhook is off.</summary>
internal enum WebhookEnd
{
    /// <summary>Somebody switched it off.</summary>
    Staff,

    /// <summary>The receiver answered 410.</summary>
    Gone,

    /// <summary>Every try failed for five days.</summary>
    Failing,
}
