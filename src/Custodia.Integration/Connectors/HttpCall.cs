using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Custodia.Integration.Engine;
using Custodia.Kernel.Http.Outbound;

namespace Custodia.Integration.Connectors;

/// <summary>
/// Asks another server over HTTP. Methods that HTTP calls idempotent (RFC 9110, section 9.2.2) may be repeated; others only when
/// the flow says that the receiver honours the <c>Idempotency-Key</c> header (<c>keyed: true</c>).
/// </summary>
internal sealed class HttpCall(SafeHttpClient client) : IOperation
{
    private const int MaxAnswer = 1024 * 1024;
    private static readonly string[] Idempotent = ["GET", "HEAD", "OPTIONS", "PUT", "DELETE"];
    private static readonly string[] Secret = ["authorization", "cookie", "token", "key", "secret", "password", "signature"];
    private static readonly string[] Methods = [.. Idempotent, "POST", "PATCH"];

    public OperationShape Shape { get; } = new(
        "http.request",
        Repeat.Unsafe,
        [
            new("url", InputKind.Text, true), new("method", InputKind.Text, false), new("headers", InputKind.Object, false),
            new("body", InputKind.Any, false), new("keyed", InputKind.Boolean, false),
        ],
        []);

    public Repeat RepeatOf(JsonObject inputs)
    {
        if (Idempotent.Contains(MethodOf(inputs), StringComparer.Ordinal)) return Repeat.Idempotent;
        return inputs["keyed"] is JsonValue value && value.TryGetValue<bool>(out var keyed) && keyed ? Repeat.Keyed : Repeat.Unsafe;
    }

    public async Task<OperationOutcome> RunAsync(OperationCall call, CancellationToken cancellation)
    {
        if (!Uri.TryCreate(call.Text("url"), UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
            return new OperationOutcome.Failed("invalid-input-url", "The address is not an absolute http or https address.", Transient: false);
        var method = MethodOf(call.Inputs);
        if (!Methods.Contains(method, StringComparer.Ordinal)) return new OperationOutcome.Failed("invalid-input-method", "The method is not known.", Transient: false);
        using var request = new HttpRequestMessage(new HttpMethod(method), url);
        if (call.Inputs["body"] is { } body) request.Content = ContentOf(body);
        request.Headers.TryAddWithoutValidation("Idempotency-Key", call.Key);
        if (!AddHeaders(request, call.Inputs["headers"] as JsonObject)) return new OperationOutcome.Failed("invalid-input-headers", "A header is not a name with a text.", Transient: false);
        var limit = call.Timeout < TimeSpan.FromSeconds(1) ? TimeSpan.FromSeconds(1) : call.Timeout;
        return await client.SendAsync(request, limit, MaxAnswer, cancellation) switch
        {
            OutboundOutcome.Answered { Status: >= 400 } answered => new OperationOutcome.Failed($"http-{answered.Status}", "The server refused the call.", Transient: answered.Status is 408 or 425 or 429 or >= 500),
            OutboundOutcome.Answered answered => new OperationOutcome.Done(Output(answered)),
            OutboundOutcome.Refused refused => Refused(refused.Reason),
            var other => throw new InvalidOperationException($"No such outcome: {other.GetType().Name}."),
        };
    }

    /// <summary>Headers that open doors are not kept with the job.</summary>
    public JsonObject Shown(JsonObject inputs)
    {
        if (inputs["headers"] is not JsonObject headers) return inputs;
        var shown = inputs.DeepClone().AsObject();
        foreach (var (name, _) in headers)
        {
            if (Secret.Any(word => name.Contains(word, StringComparison.OrdinalIgnoreCase))) shown["headers"]![name] = "•••";
        }

        return shown;
    }

    private static string MethodOf(JsonObject inputs) => inputs["method"] is JsonValue value && value.TryGetValue<string>(out var method) ? method.ToUpperInvariant() : "GET";

    /// <summary>After these the request may have arrived; the others were refused before anything was sent or when all was answered.</summary>
    private static OperationOutcome.Failed Refused(string reason)
    {
        var lost = reason is "timeout" or "broken-off";
        return new OperationOutcome.Failed(reason, "The server could not be asked.", Transient: lost || reason == "unreachable", Uncertain: lost || reason == "too-large");
    }

    private static StringContent ContentOf(JsonNode body) =>
        body is JsonValue value && value.TryGetValue<string>(out var text)
            ? new StringContent(text, Encoding.UTF8, "text/plain")
            : new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");

    private static bool AddHeaders(HttpRequestMessage request, JsonObject? headers)
    {
        foreach (var (name, node) in headers ?? [])
        {
            if (node is not JsonValue value || !value.TryGetValue<string>(out var text) || text.Any(char.IsControl)) return false;
            if (name.Equals("Content-Type", StringComparison.OrdinalIgnoreCase) && request.Content is { } content)
            {
                content.Headers.Remove(name);
                if (!content.Headers.TryAddWithoutValidation(name, text)) return false;
            }
            else if (!request.Headers.TryAddWithoutValidation(name, text))
            {
                return false;
            }
        }

        return true;
    }

    private static JsonObject Output(OutboundOutcome.Answered answered)
    {
        var headers = new JsonObject();
        foreach (var (name, value) in answered.Headers) headers[name.ToLowerInvariant()] = value;
        return new JsonObject { ["status"] = answered.Status, ["headers"] = headers, ["body"] = BodyOf(answered.Body) };
    }

    /// <summary>JSON where it is JSON and not deeper than a message may be, else text.</summary>
    private static JsonNode? BodyOf(byte[] body)
    {
        if (body.Length == 0) return null;
        try
        {
            return JsonNode.Parse(body, documentOptions: new JsonDocumentOptions { MaxDepth = MessageSize.Deepest });
        }
        catch (JsonException)
        {
            return JsonValue.Create(Encoding.UTF8.GetString(body));
        }
    }
}
