using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Custodia.Kernel.Messaging;

namespace Custodia.Identity.Webhooks;

/// <summary>The body of a message: <c>{ type, timestamp, data }</c>.</summary>
internal static class WebhookPayload
{
    private static readonly JsonWriterOptions Compact = new() { Indented = false };

    /// <summary>The body for one webhook: what the event carries, without profile values unless it asks for them.</summary>
    public static byte[] Of(EventEnvelope message, bool includesProfile) => Write(message.Type, message.Time, json =>
    {
        foreach (var member in message.Data.EnumerateObject())
        {
            if (includesProfile || WebhookEvents.Identifiers.Contains(member.Name)) member.WriteTo(json);
        }
    });

    public static byte[] Test(Webhook webhook, string directory, DateTimeOffset now) => Write(WebhookEvents.Test, now, json =>
    {
        json.WriteString("webhookId", webhook.Id);
        json.WriteString("directory", directory);
    });

    private static byte[] Write(string type, DateTimeOffset at, Action<Utf8JsonWriter> data)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Compact))
        {
            json.WriteStartObject();
            json.WriteString("type", type);
            json.WriteString("timestamp", at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
            json.WriteStartObject("data");
            data(json);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
