using System.Text.Json;
using Microsoft.IdentityModel.Tokens;

namespace Custodia.Identity.Sources.Providers;

/// <summary>What a provider says about itself (OpenID Connect Discovery section 3), as far as a sign-in needs it.</summary>
/// <param name="SendsIssuer">Answers carry <c>iss</c>, so one without it is not the provider's (RFC 9207 section 2.4).</param>
/// <param name="TakesBasic">The token endpoint takes the secret in the Authorization header.</param>
internal sealed record ProviderConfiguration(
    string Issuer,
    string AuthorizationEndpoint,
    string TokenEndpoint,
    string? UserinfoEndpoint,
    string KeysAddress,
    bool SendsIssuer,
    bool TakesBasic)
{
    public IReadOnlyList<SecurityKey> Keys { get; init; } = [];

    /// <summary>Reads a discovery document; null when it lacks what section 3 demands or is of another issuer.</summary>
    public static ProviderConfiguration? Parse(string issuer, byte[] document)
    {
        try
        {
            using var json = JsonDocument.Parse(document);
            var root = json.RootElement;
            if (root.ValueKind != JsonValueKind.Object || Text(root, "issuer") != issuer) return null;
            if (Address(root, "authorization_endpoint") is not { } authorization
                || Address(root, "token_endpoint") is not { } token
                || Address(root, "jwks_uri") is not { } keys) return null;
            var methods = root.TryGetProperty("token_endpoint_auth_methods_supported", out var list) && list.ValueKind == JsonValueKind.Array
                ? list.EnumerateArray().Where(m => m.ValueKind == JsonValueKind.String).Select(m => m.GetString()!).ToArray()
                : ["client_secret_basic"];
            return new ProviderConfiguration(
                issuer,
                authorization,
                token,
                Address(root, "userinfo_endpoint"),
                keys,
                root.TryGetProperty("authorization_response_iss_parameter_supported", out var says) && says.ValueKind == JsonValueKind.True,
                methods.Contains("client_secret_basic", StringComparer.Ordinal) || !methods.Contains("client_secret_post", StringComparer.Ordinal));
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Public signature keys of a JWK set; null when it is none. Symmetric keys are nobody's business to publish and are left out.</summary>
    public static IReadOnlyList<SecurityKey>? ParseKeys(byte[] document)
    {
        try
        {
            var set = new JsonWebKeySet(System.Text.Encoding.UTF8.GetString(document));
            return [.. set.Keys.Where(k => k.Kty is "RSA" or "EC" && k.Use is null or "" or "sig")];
        }
        catch (Exception e) when (e is ArgumentException or JsonException)
        {
            return null;
        }
    }

    private static string? Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static string? Address(JsonElement root, string name) =>
        Text(root, name) is { } text && SourceRules.IsAddress(text, queryAllowed: true) ? text : null;
}
