using System.Text.Json;
using Custodia.Identity.Keys;
using Custodia.Identity.Protocol;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Custodia.Identity.Tokens;

/// <summary>Reads access tokens in the form of RFC 9068: our signature, issuer, type and time (section 4).</summary>
internal sealed class JwtAccessTokens(Issuers issuers, KeyRings rings, SignedTokens signed)
{
    private const int MaxLength = 8192;

    private static readonly JsonWebTokenHandler Handler = new() { MapInboundClaims = false };

    /// <summary>Null when it is none of ours or has expired.</summary>
    public async ValueTask<TokenFacts?> ReadAsync(string text, CancellationToken cancellation)
    {
        if (text.Length > MaxLength) return null;
        if (signed.Find(text) is { } known)
            return rings.Now < known.Facts.ExpiresAt && (await rings.KnowingAsync(known.Facts.Issuer, known.Kid, cancellation)).Find(known.Kid) is not null ? known.Facts : null;
        if (Parse(text) is not { } token) return null;
        if (await issuers.FindByUrlAsync(token.Issuer, cancellation) is not { } issuer) return null;
        var ring = await rings.KnowingAsync(issuer, token.Kid, cancellation);
        if (!(await Handler.ValidateTokenAsync(token, Rules(issuer, ring))).IsValid) return null;
        if (!token.TryGetPayloadValue<string>("client_id", out var clientId) || !token.TryGetPayloadValue<string>("jti", out var jti)) return null;
        Guid? grant = null;
        if (token.TryGetPayloadValue<string>("gid", out var gid))
        {
            if (!Guid.TryParse(gid, out var id)) return null;
            grant = id;
        }

        var facts = new TokenFacts(issuer, clientId, jti, token.Subject, grant, KeyOf(token))
        {
            Audiences = [.. token.Audiences],
            Scopes = token.TryGetPayloadValue<string>("scope", out var scope) ? Scopes.Split(scope) : [],
            IssuedAt = new DateTimeOffset(token.IssuedAt, TimeSpan.Zero),
            ExpiresAt = new DateTimeOffset(token.ValidTo, TimeSpan.Zero),
            Delegation = token.TryGetPayloadValue<JsonElement>("act", out var act) && token.TryGetPayloadValue<JsonElement>("origin", out var origin)
                ? Delegation.Read(act, origin)
                : null,
        };
        signed.Remember(text, token.Kid, facts);
        return facts;
    }

    private static string? KeyOf(JsonWebToken token) =>
        token.TryGetPayloadValue<JsonElement>("cnf", out var confirmation)
        && confirmation.ValueKind == JsonValueKind.Object
        && confirmation.TryGetProperty("jkt", out var key)
            ? key.GetString()
            : null;

    private TokenValidationParameters Rules(Issuer issuer, KeyRing ring) => new()
    {
        ValidIssuer = issuer.Url,
        ValidTypes = ["at+jwt"],
        ValidAlgorithms = SignatureAlgorithm.All,
        IssuerSigningKeys = ring.Verification,
        TryAllIssuerSigningKeys = false,
        // The audience differs by endpoint; each asks LiveToken.IsFor.
        ValidateAudience = false,
        LifetimeValidator = (_, expires, _, _) => expires is { } end && rings.Now < new DateTimeOffset(end, TimeSpan.Zero),
    };

    private static JsonWebToken? Parse(string text)
    {
        if (!Handler.CanReadToken(text)) return null;
        try
        {
            return new JsonWebToken(text);
        }
        catch (Exception exception) when (exception is ArgumentException or SecurityTokenException)
        {
            return null;
        }
    }
}
