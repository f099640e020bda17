using System.Text.Json.Serialization;

namespace Custodia.Identity.Tokens;

/// <summary>Successful answer of the token endpoint (RFC 6749 section 5.1, Core section 3.1.3.3).</summary>
internal sealed record TokenResponse(
    [property: JsonPropertyName("access_token")] string AccessToken,
    [property: JsonPropertyName("token_type")] string TokenType,
    [property: JsonPropertyName("expires_in")] int ExpiresIn,
    [property: JsonPropertyName("scope")] string Scope,
    [property: JsonPropertyName("refresh_token")] string? RefreshToken = null,
    [property: JsonPropertyName("id_token")] string? IdToken = null)
{
    public const string Bearer = "Bearer";

    /// <summary>Of an exchange only (RFC 8693 section 2.2.1).</summary>
    [JsonPropertyName("issued_token_type")]
    public string? IssuedTokenType { get; init; }

    /// <summary>Bound to a key (RFC 9449 section 5).</summary>
    public const string Dpop = "DPoP";

    /// <summary>The <c>token_type</c> of a token bound to this key, or to none.</summary>
    public static string TypeFor(string? key) => key is null ? Bearer : Dpop;
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(TokenResponse))]
internal sealed partial class TokenJson : JsonSerializerContext;
