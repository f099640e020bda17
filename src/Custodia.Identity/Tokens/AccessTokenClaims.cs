using System.Text.Json;
using Custodia.Identity.Keys;
using Custodia.Identity.Protocol;
using Custodia.Identity.Userinfo;

namespace Custodia.Identity.Tokens;

/// <summary>Claims of a JWT access token (RFC 9068 section 2.2).</summary>
internal readonly struct AccessTokenClaims : IJwtClaims
{
    public required AccessTokenOrder Order { get; init; }

    public required string Jti { get; init; }

    public required DateTimeOffset IssuedAt { get; init; }

    /// <summary>Names of the person's groups (RFC 9068 section 2.2.3.1); null where they are not told.</summary>
    public IReadOnlyList<string>? Groups { get; init; }

    public ReadOnlySpan<byte> Header(LiveKey key) => key.AccessTokenHeader;

    public void Write(Utf8JsonWriter json)
    {
        json.WriteString("iss"u8, Order.Issuer.Url);
        WriteAudience(json);
        json.WriteString("sub"u8, Order.Subject);
        json.WriteString("client_id"u8, Order.Application.ClientId);
        json.WriteNumber("iat"u8, IssuedAt.ToUnixTimeSeconds());
        json.WriteNumber("exp"u8, (IssuedAt + Order.Life).ToUnixTimeSeconds());
        json.WriteString("jti"u8, Jti);
        json.WriteString("scope"u8, Order.Scope);
        if (Order.Key is { } key)
        {
            json.WriteStartObject("cnf"u8);
            json.WriteString("jkt"u8, key);
            json.WriteEndObject();
        }

        Order.Delegation?.Write(json);
        if (Order.Grant is not { } grant) return;
        json.WriteString("gid"u8, grant.Id.ToString("N"));
        json.WriteNumber("auth_time"u8, grant.AuthTime.ToUnixTimeSeconds());
        json.WriteString("acr"u8, grant.Acr);
        if (Groups is not null) PersonClaims.Write(json, ClaimNames.Groups, Groups);
    }

    /// <summary>What whoever reads the token will find: its times are whole seconds.</summary>
    public TokenFacts Facts() => new(Order.Issuer, Order.Application.ClientId, Jti, Order.Subject, Order.Grant?.Id, Order.Key)
    {
        Audiences = Order.SecondAudience is { } second ? [Order.Audience, second] : [Order.Audience],
        Scopes = Scopes.Split(Order.Scope),
        IssuedAt = DateTimeOffset.FromUnixTimeSeconds(IssuedAt.ToUnixTimeSeconds()),
        ExpiresAt = DateTimeOffset.FromUnixTimeSeconds((IssuedAt + Order.Life).ToUnixTimeSeconds()),
        Delegation = Order.Delegation,
    };

    private void WriteAudience(Utf8JsonWriter json)
    {
        if (Order.SecondAudience is not { } second)
        {
            json.WriteString("aud"u8, Order.Audience);
            return;
        }

        json.WriteStartArray("aud"u8);
        json.WriteStringValue(Order.Audience);
        json.WriteStringValue(second);
        json.WriteEndArray();
    }
}
