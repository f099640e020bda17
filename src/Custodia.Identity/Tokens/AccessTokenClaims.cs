using System.Text.Json;
using Custodia.Identity.Keys;

namespace Custodia.Identity.Tokens;

/// <summary>Claims of a JWT access token (RFC 9068 section 2.2).</summary>
internal readonly struct AccessTokenClaims : IJwtClaims
{
    public required string Issuer { get; init; }

    public required string Audience { get; init; }

    /// <summary>The issuer as a second audience, for userinfo.</summary>
    public string? SecondAudience { get; init; }

    /// <summary>The person; for client credentials the client id.</summary>
    public required string Subject { get; init; }

    public required string ClientId { get; init; }

    public required string Jti { get; init; }

    public required string Scope { get; init; }

    public required DateTimeOffset IssuedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The grant it comes from; null for client credentials.</summary>
    public Grant? Grant { get; init; }

    public ReadOnlySpan<byte> Header(LiveKey key) => key.AccessTokenHeader;

    public void Write(Utf8JsonWriter json)
    {
        json.WriteString("iss"u8, Issuer);
        if (SecondAudience is null)
        {
            json.WriteString("aud"u8, Audience);
        }
        else
        {
            json.WriteStartArray("aud"u8);
            json.WriteStringValue(Audience);
            json.WriteStringValue(SecondAudience);
            json.WriteEndArray();
        }

        json.WriteString("sub"u8, Subject);
        json.WriteString("client_id"u8, ClientId);
        json.WriteNumber("iat"u8, IssuedAt.ToUnixTimeSeconds());
        json.WriteNumber("exp"u8, ExpiresAt.ToUnixTimeSeconds());
        json.WriteString("jti"u8, Jti);
        json.WriteString("scope"u8, Scope);
        if (Grant is null) return;
        json.WriteString("gid"u8, Grant.Id.ToString("N"));
        json.WriteNumber("auth_time"u8, Grant.AuthTime.ToUnixTimeSeconds());
        json.WriteString("acr"u8, Grant.Acr);
    }
}
