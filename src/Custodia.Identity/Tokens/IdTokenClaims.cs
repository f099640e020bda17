using System.Text.Json;
using Custodia.Identity.Keys;
using Custodia.Identity.Userinfo;

namespace Custodia.Identity.Tokens;

/// <summary>Claims of an ID token (OpenID Connect Core sections 2 and 3.1.3.6).</summary>
internal readonly struct IdTokenClaims : IJwtClaims
{
    public required string Issuer { get; init; }

    public required string ClientId { get; init; }

    public required DateTimeOffset IssuedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public required Grant Grant { get; init; }

    public string? Nonce { get; init; }

    /// <summary>Of the access token issued with it.</summary>
    public required string AccessTokenHash { get; init; }

    /// <summary>Claims about the person that were asked for one by one.</summary>
    public required PersonClaims Person { get; init; }

    public ReadOnlySpan<byte> Header(LiveKey key) => key.IdTokenHeader;

    public void Write(Utf8JsonWriter json)
    {
        json.WriteString("iss"u8, Issuer);
        json.WriteString("aud"u8, ClientId);
        json.WriteString("sub"u8, Grant.UserId.ToString());
        json.WriteNumber("iat"u8, IssuedAt.ToUnixTimeSeconds());
        json.WriteNumber("exp"u8, ExpiresAt.ToUnixTimeSeconds());
        json.WriteNumber("auth_time"u8, Grant.AuthTime.ToUnixTimeSeconds());
        if (Nonce is not null) json.WriteString("nonce"u8, Nonce);
        json.WriteString("at_hash"u8, AccessTokenHash);
        json.WriteString("sid"u8, Grant.SessionId.ToString("N"));
        json.WriteString("acr"u8, Grant.Acr);
        json.WriteStartArray("amr"u8);
        foreach (var method in Protocol.Scopes.Split(Grant.Amr)) json.WriteStringValue(method);
        json.WriteEndArray();
        Person.Write(json);
    }
}
