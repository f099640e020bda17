namespace Custodia.Identity.Webhooks;

/// <summary>A webhook as the API shows it; never its secret.</summary>
/// <param name="DisabledReason"><c>staff</c>, <c>gone</c> (it answered 410) or <c>failing</c> (every try failed for five days); null while it is on.</param>
/// <param name="FailingSince">Since when every try has failed; null after a success.</param>
/// <param name="PreviousSecretUntil">Until when the secret before the last rotation signs too.</param>
internal sealed record WebhookView(
    Guid Id,
    string Url,
    string Description,
    IReadOnlyList<string> Events,
    bool IncludesProfile,
    bool Enabled,
    WebhookEnd? DisabledReason,
    DateTimeOffset? DisabledAt,
    DateTimeOffset? FailingSince,
    DateTimeOffset? PreviousSecretUntil,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt)
{
    public static WebhookView Of(Webhook webhook, DateTimeOffset now) => new(
        webhook.Id,
        webhook.Url,
        webhook.Description,
        Protocol.Scopes.Split(webhook.EventTypes),
        webhook.IncludesProfile,
        webhook.Enabled,
        webhook.DisabledReason,
        webhook.DisabledAt,
        webhook.FailingSince,
        webhook.PreviousSecretUntil > now ? webhook.PreviousSecretUntil : null,
        webhook.CreatedAt,
        webhook.UpdatedAt);
}

/// <summary>What can be set on a webhook. Null leaves a value as it is (update) or takes the default (create).</summary>
/// <param name="Url">https address of up to 500 characters without user part and fragment; http for a loopback host where the server may call it.</param>
/// <param name="Events">Names of events, at least one; see <c>listWebhookEvents</c>.</param>
/// <param name="Description">Up to 200 characters.</param>
/// <param name="IncludesProfile">Whether profile values (names, email, mobile, locale) are sent with identifiers; default false.</param>
/// <param name="Enabled">Default true. Switching on begins afresh after a failure.</param>
internal sealed record WebhookSettings(
    string? Url = null, IReadOnlyList<string>? Events = null, string? Description = null, bool? IncludesProfile = null, bool? Enabled = null);

/// <summary>A webhook with its secret, which is shown this once.</summary>
/// <param name="Secret"><c>whsec_</c> and the base64 of 32 bytes: the key of the signatures.</param>
internal sealed record WebhookWithSecret(WebhookView Webhook, string Secret)
{
    /// <summary>Never the content: it holds a secret.</summary>
    public override string ToString() => "(webhook with secret)";
}

/// <param name="Type">Name of the event.</param>
/// <param name="Description">What happened when it is sent.</param>
internal sealed record WebhookEventView(string Type, string Description);

/// <summary>One event on its way to a webhook.</summary>
/// <param name="EventId">Number of the event; path segment of what can be done with the delivery.</param>
/// <param name="MessageId">The header <c>webhook-id</c>, the same at each try.</param>
/// <param name="UserId">The person it is about; null where there is none any more.</param>
/// <param name="Tries">Tries since it was started, or sent again.</param>
/// <param name="StatusCode">HTTP status of the last answer.</param>
/// <param name="Failure">Why the last try had no answer: <c>timeout</c>, <c>unreachable</c>, <c>address-refused</c> or <c>broken-off</c>.</param>
/// <param name="Duration">Milliseconds of the last try.</param>
internal sealed record DeliveryView(
    Guid EventId,
    string MessageId,
    string Type,
    Guid? UserId,
    DeliveryStatus Status,
    int Tries,
    int? StatusCode,
    string? Failure,
    int? Duration,
    DateTimeOffset CreatedAt,
    DateTimeOffset? LastTryAt,
    DateTimeOffset? NextTryAt)
{
    public static DeliveryView Of(WebhookDelivery delivery) => new(
        delivery.EventId,
        WebhookMessage.IdOf(delivery.EventId),
        delivery.Type,
        delivery.UserId,
        delivery.Status,
        delivery.Tries,
        delivery.StatusCode,
        delivery.Failure,
        delivery.Duration,
        delivery.CreatedAt,
        delivery.LastTryAt,
        delivery.Claim is null ? delivery.NextTryAt : null);
}
