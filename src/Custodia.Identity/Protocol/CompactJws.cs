using System.Text;
using System.Text.Json;
using Custodia.Identity.Keys;

namespace Custodia.Identity.Protocol;

/// <summary>
/// A signed token of somebody else in the compact form (RFC 7515 section 7.1), taken apart and not believed yet: DPoP proofs and
/// client assertions. Strict: base64url without padding, JSON that is Unicode, no repeated members, nothing critical (section 4.1.11).
/// </summary>
internal sealed class CompactJws
{
    private const int MaxLength = 8192;
    private const int MaxDepth = 8;

    private readonly byte[] _signed;
    private readonly byte[] _signature;

    private CompactJws(JsonElement header, JsonElement payload, byte[] signed, byte[] signature)
    {
        Header = header;
        Payload = payload;
        _signed = signed;
        _signature = signature;
    }

    public JsonElement Header { get; }

    public JsonElement Payload { get; }

    public string? Type => Text(Header, "typ");

    public string? Algorithm => Text(Header, "alg");

    /// <summary>Null when it is not two JSON objects and a signature.</summary>
    public static CompactJws? Parse(string text)
    {
        if (text.Length > MaxLength) return null;
        var parts = text.Split('.');
        if (parts.Length != 3 || Array.Exists(parts, part => part.Length == 0)) return null;
        if (Object(parts[0]) is not { } header || Object(parts[1]) is not { } payload || header.TryGetProperty("crit", out _)) return null;
        return JoseText.Decode(parts[2]) is { } signature
            ? new CompactJws(header, payload, Encoding.ASCII.GetBytes(text[..text.LastIndexOf('.')]), signature)
            : null;
    }

    public bool IsSignedBy(PublicJwk key) => JwsAlgorithm.IsKnown(Algorithm) && key.Verifies(Algorithm!, _signed, _signature);

    /// <summary>A claim that is text; null when it is absent or something else.</summary>
    public string? Claim(string name) => Text(Payload, name);

    /// <summary>A NumericDate (RFC 7519 section 2) in seconds; null when it is absent or no number that can be a moment.</summary>
    public double? Moment(string name) =>
        Payload.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var seconds) && double.IsFinite(seconds)
            ? seconds
            : null;

    private static JsonElement? Object(string part)
    {
        if (JoseText.Decode(part) is not { } bytes) return null;
        using var document = UnicodeJson.Parse(bytes, new JsonDocumentOptions { MaxDepth = MaxDepth, AllowDuplicateProperties = false });
        return document?.RootElement is { ValueKind: JsonValueKind.Object } json ? json.Clone() : null;
    }

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>Never the token.</summary>
    public override string ToString() => "(signed token)";
}
