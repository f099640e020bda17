using Custodia.Identity.Applications;
using Custodia.Identity.Callers;
using Custodia.Identity.Keys;
using Custodia.Identity.Protocol;
using Custodia.Identity.Revocation;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Custodia.Identity.Tokens;

/// <summary>
/// What an access token is worth now (RFC 9068 section 4): our signature, issuer, type and time; and, because it is our own, also
/// whether it, its grant, its person or its application has ended since.
/// </summary>
internal sealed class AccessTokens(Issuers issuers, KeyRings rings, ApplicationCache applications, RevokedTokens revoked, Grants grants)
    : IAccessTokens
{
    private const int MaxLength = 8192;

    private static readonly JsonWebTokenHandler Handler = new() { MapInboundClaims = false };

    public async ValueTask<AccessToken?> ValidateAsync(string token, CancellationToken cancellation)
    {
        if (await ReadAsync(token, cancellation) is not { } live || !live.IsFor(live.Issuer.ApiAudience)) return null;
        // What has been taken from the application since does not count any more.
        var permissions = live.Scopes.Where(live.Application.Permissions.Contains).ToArray();
        // A person's token is limited to what the application may do; without a limit it would carry all the person's roles give.
        if (live.Grant is not null && permissions.Length == 0) return null;
        return new AccessToken(live.Jti, live.Issuer.Account, live.Issuer.DirectoryId, live.Application.ClientId, live.Grant?.UserId, live.Application.CreatedBy, permissions);
    }

    /// <summary>The token with everything behind it; null when it is worth nothing.</summary>
    public async ValueTask<LiveToken?> ReadAsync(string text, CancellationToken cancellation)
    {
        if (text.Length > MaxLength || Parse(text) is not { } token) return null;
        if (await issuers.FindByUrlAsync(token.Issuer, cancellation) is not { } issuer) return null;
        var ring = await rings.KnowingAsync(issuer, token.Kid, cancellation);
        if (!(await Handler.ValidateTokenAsync(token, Rules(issuer, ring))).IsValid) return null;
        if (!token.TryGetPayloadValue<string>("client_id", out var clientId) || !token.TryGetPayloadValue<string>("jti", out var jti)) return null;
        if (await applications.FindAsync(issuer.DirectoryId, clientId, cancellation) is not { } application) return null;
        if (await revoked.IsRevokedAsync(jti, cancellation)) return null;
        var live = new LiveToken(issuer, application, token, jti);
        if (!token.TryGetPayloadValue<string>("gid", out var gid)) return application.ActsForPeople ? null : live;
        if (!Guid.TryParse(gid, out var id) || await grants.FindAsync(id, cancellation) is not { } grant) return null;
        if (grant.ApplicationId != application.Id || await grants.HolderAsync(grant, cancellation) is not { } holder) return null;
        return live with { Grant = grant, Holder = holder };
    }

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

/// <summary>A token that is valid now.</summary>
internal sealed record LiveToken(Issuer Issuer, ApplicationModel Application, JsonWebToken Token, string Jti)
{
    /// <summary>Null for client credentials.</summary>
    public Grant? Grant { get; init; }

    public Users.User? Holder { get; init; }

    public string[] Scopes { get; } = Token.TryGetPayloadValue<string>("scope", out var scope) ? Protocol.Scopes.Split(scope) : [];

    public DateTimeOffset ExpiresAt => new(Token.ValidTo, TimeSpan.Zero);

    public DateTimeOffset IssuedAt => new(Token.IssuedAt, TimeSpan.Zero);

    public bool IsFor(string audience) => Token.Audiences.Contains(audience, StringComparer.Ordinal);

    /// <summary>Never the token.</summary>
    public override string ToString() => $"(token {Jti})";
}
