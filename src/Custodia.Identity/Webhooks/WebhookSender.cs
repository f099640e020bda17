using System.Diagnostics.Metrics;
using System.Net.Http.Headers;
using Custodia.Kernel.Hosting;
using Custodia.Kernel.Http.Outbound;
using Custodia.Kernel.Vault;
using Microsoft.Extensions.Logging;

namespace Custodia.Identity.Webhooks;

/// <summary>Sends what is due to one webhook.</summary>
internal sealed class WebhookSender(WebhookQueue queue, DataVault vault, SafeHttpClient client, TimeProvider time, ILogger<WebhookSender> logger)
{
    private const string Use = "webhook-delivery";

    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private static readonly Counter<long> Tries = Telemetry.Meter.CreateCounter<long>(
        "custodia.webhooks.tries", "{try}", "Tries to tell webhooks, by result.");

    /// <summary>Sends the message that has waited longest.</summary>
    /// <returns>Whether it is worth while to send the next at once.</returns>
    public async Task<bool> SendDueAsync(Guid id, CancellationToken cancellation)
    {
        if (await queue.FindAsync(id, cancellation) is not { } webhook) return false;
        var claim = Guid.CreateVersion7(time.GetUtcNow());
        try
        {
            if (await queue.ClaimAsync(webhook, claim, cancellation) is not { } delivery) return false;
            if (await SecretsAsync(webhook, cancellation) is not { } secrets) return false;
            var answer = await SendAsync(webhook, secrets, delivery, cancellation);
            await NoteAsync(webhook, delivery, answer, cancellation);
            return answer is null or { Kind: AnswerKind.Delivered };
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The server stops: what was under way is tried again after its next start, under the same number.
            await queue.ReleaseAsync(id, claim, CancellationToken.None);
            throw;
        }
    }

    /// <returns>Null when the content went with its person.</returns>
    private async Task<WebhookAnswer?> SendAsync(Webhook webhook, List<string> secrets, WebhookDelivery delivery, CancellationToken cancellation)
    {
        if (await vault.OpenAsync(delivery.PayloadPlace, delivery.Payload, Use, cancellation) is not { } body) return null;
        var started = time.GetTimestamp();
        var outcome = await client.SendOnceAsync(Request(webhook, secrets, delivery, body), Patience, cancellation);
        var took = (int)Math.Min(time.GetElapsedTime(started).TotalMilliseconds, int.MaxValue);
        return outcome switch
        {
            OutboundOutcome.Answered { Status: >= 200 and < 300 } ok => new WebhookAnswer(AnswerKind.Delivered, ok.Status, null, took, null),
            OutboundOutcome.Answered { Status: 410 } => new WebhookAnswer(AnswerKind.Gone, 410, null, took, null),
            OutboundOutcome.Answered other => new WebhookAnswer(AnswerKind.Failed, other.Status, null, took, RetrySchedule.Asked(other)),
            OutboundOutcome.Refused refused => new WebhookAnswer(AnswerKind.Failed, null, refused.Reason, took, null),
            _ => throw new InvalidOperationException(outcome.GetType().Name),
        };
    }

    // Standard Webhooks 1.0: the time is that of the try, so a receiver may refuse what is old.
    private HttpRequestMessage Request(Webhook webhook, List<string> secrets, WebhookDelivery delivery, byte[] body)
    {
        var (id, now) = (WebhookMessage.IdOf(delivery.EventId), time.GetUtcNow());
        var request = new HttpRequestMessage(HttpMethod.Post, webhook.Url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.TryAddWithoutValidation("User-Agent", "Custodia-Webhooks");
        request.Headers.TryAddWithoutValidation("webhook-id", id);
        request.Headers.TryAddWithoutValidation("webhook-timestamp", now.ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture));
        request.Headers.TryAddWithoutValidation("webhook-signature", WebhookSignature.Of(secrets, id, now, body));
        return request;
    }

    /// <summary>The secrets in force, the newest first; null when the webhook is being removed.</summary>
    private async Task<List<string>?> SecretsAsync(Webhook webhook, CancellationToken cancellation)
    {
        if (await vault.OpenAsync(webhook.SecretPlace, webhook.Secret, Use, cancellation) is not { } secret) return null;
        if (webhook.PreviousSecret is not { } sealedBefore || webhook.PreviousSecretUntil <= time.GetUtcNow()) return [secret];
        return await vault.OpenAsync(webhook.PreviousSecretPlace, sealedBefore, Use, cancellation) is { } before ? [secret, before] : [secret];
    }

    private async Task NoteAsync(Webhook webhook, WebhookDelivery delivery, WebhookAnswer? answer, CancellationToken cancellation)
    {
        if (answer is null)
        {
            await queue.ForgetAsync(delivery, cancellation);
            return;
        }

        Tries.Add(1, new KeyValuePair<string, object?>("result", answer.Failure ?? (answer.Kind == AnswerKind.Delivered ? "delivered" : $"status-{answer.StatusCode / 100}xx")));
        if (await queue.SettleAsync(webhook, delivery, answer, cancellation) is { } off) WebhookLog.SwitchedOff(logger, webhook.Id, off);
    }
}

internal static class WebhookMessage
{
    /// <summary>The header <c>webhook-id</c>: the same for every try of an event, so that receivers can tell repetitions.</summary>
    public static string IdOf(Guid eventId) => $"msg_{eventId:N}";
}

internal static partial class WebhookLog
{
    [LoggerMessage(1, LogLevel.Warning, "Webhook {Webhook} was switched off: {Reason}")]
    public static partial void SwitchedOff(ILogger logger, Guid webhook, WebhookEnd reason);

    [LoggerMessage(2, LogLevel.Warning, "Sending to webhooks failed ({Error}); it is tried again in a second")]
    public static partial void LookFailed(ILogger logger, string error);

    [LoggerMessage(3, LogLevel.Warning, "Sending to webhook {Webhook} broke off ({Error}); it is tried again")]
    public static partial void LaneFailed(ILogger logger, Guid webhook, string error);
}
