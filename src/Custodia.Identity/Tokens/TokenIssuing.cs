using System.Buffers.Text;
using System.Security.Cryptography;
using Custodia.Identity.Applications;
using Custodia.Identity.Keys;
using Custodia.Identity.Protocol;
using Custodia.Identity.Userinfo;
using Custodia.Identity.Users;


namespace Custodia.Identity.Tokens;

/// <summary>Makes tokens.</summary>
internal sealed class TokenIssuing(KeyRings rings, UserProfiles profiles, TimeProvider time)
{
    private const int JtiBytes = 16;

    /// <summary>A token for an application that acts for itself.</summary>
    public async ValueTask<IssuedToken> ForApplicationAsync(
        Issuer issuer, ApplicationModel application, string audience, string scope, CancellationToken cancellation)
    {
        var key = await rings.SigningAsync(issuer, application.SigningAlgorithm, cancellation);
        var now = time.GetUtcNow();
        var claims = new AccessTokenClaims
        {
            Issuer = issuer.Url,
            Audience = audience,
            Subject = application.ClientId,
            ClientId = application.ClientId,
            Jti = NewJti(),
            Scope = scope,
            IssuedAt = now,
            ExpiresAt = now + application.AccessTokenLife,
        };
        return new IssuedToken(Jwt.Sign(key, claims), application.AccessTokenLife);
    }

    /// <summary>An access token from a grant, with the grant's scopes or fewer.</summary>
    public async ValueTask<IssuedToken> AccessTokenAsync(
        Issuer issuer, ApplicationModel application, Grant grant, IReadOnlyCollection<string> scopes, CancellationToken cancellation)
    {
        var key = await rings.SigningAsync(issuer, application.SigningAlgorithm, cancellation);
        var now = time.GetUtcNow();
        var audience = grant.Resource ?? (application.Permissions.Overlaps(scopes) ? issuer.ApiAudience : issuer.Url);
        var claims = new AccessTokenClaims
        {
            Issuer = issuer.Url,
            Audience = audience,
            SecondAudience = audience != issuer.Url && scopes.Contains(Scopes.OpenId) ? issuer.Url : null,
            Subject = grant.UserId.ToString(),
            ClientId = application.ClientId,
            Jti = NewJti(),
            Scope = Scopes.Join(scopes),
            IssuedAt = now,
            ExpiresAt = now + application.AccessTokenLife,
            Grant = grant,
        };
        return new IssuedToken(Jwt.Sign(key, claims), application.AccessTokenLife);
    }

    public async ValueTask<string> IdTokenAsync(
        Issuer issuer, ApplicationModel application, Grant grant, string? nonce, User user, string accessToken, CancellationToken cancellation)
    {
        var key = await rings.SigningAsync(issuer, application.SigningAlgorithm, cancellation);
        var now = time.GetUtcNow();
        var claims = new IdTokenClaims
        {
            Issuer = issuer.Url,
            ClientId = application.ClientId,
            IssuedAt = now,
            ExpiresAt = now + application.IdTokenLife,
            Grant = grant,
            Nonce = nonce,
            AccessTokenHash = Jwt.HalfHash(accessToken),
            Person = await PersonClaims.OpenAsync(profiles, user, Scopes.Split(grant.IdTokenClaims), cancellation),
        };
        return Jwt.Sign(key, claims);
    }

    private static string NewJti()
    {
        Span<byte> random = stackalloc byte[JtiBytes];
        RandomNumberGenerator.Fill(random);
        return Base64Url.EncodeToString(random);
    }
}

/// <summary>An access token and how long it is good for.</summary>
internal readonly record struct IssuedToken(string Text, TimeSpan Life);
