using System.Buffers.Text;
using System.Security.Cryptography;
using Custodia.Identity.Applications;
using Custodia.Identity.Groups;
using Custodia.Identity.Keys;
using Custodia.Identity.Protocol;
using Custodia.Identity.Userinfo;
using Custodia.Identity.Users;


namespace Custodia.Identity.Tokens;

/// <summary>Makes tokens.</summary>
internal sealed class TokenIssuing(KeyRings rings, SignedTokens signed, UserProfiles profiles, GroupClaims groups, TimeProvider time)
{
    private const int JtiBytes = 16;

    /// <summary>An access token in the form of RFC 9068.</summary>
    public async ValueTask<IssuedToken> AccessTokenAsync(AccessTokenOrder order, CancellationToken cancellation)
    {
        var key = await rings.SigningAsync(order.Issuer, order.Application.SigningAlgorithm, cancellation);
        var names = order.Grant is { } grant && Scopes.Holds(order.Scope, Scopes.Groups) ? await groups.ForTokenAsync(grant.UserId, cancellation) : null;
        var claims = new AccessTokenClaims { Order = order, Jti = NewJti(), IssuedAt = time.GetUtcNow(), Groups = names };
        var text = Jwt.Sign(key, claims);
        // A person's token is soon at userinfo; a service's may never come back here, and is remembered when it does.
        if (order.IsForUs && order.Grant is not null) signed.Remember(text, key.Kid, claims.Facts());
        return new IssuedToken(text, order.Life);
    }

    /// <param name="withGroups">Whether the scope of the person's groups goes with this answer.</param>
    public async ValueTask<string> IdTokenAsync(
        Issuer issuer, ApplicationModel application, Grant grant, string? nonce, User user, bool withGroups, string accessToken, CancellationToken cancellation)
    {
        var single = ClaimNames.Kept(grant.IdTokenClaims, application);
        withGroups |= single.Contains(ClaimNames.Groups, StringComparer.Ordinal);
        var names = withGroups ? await groups.ForTokenAsync(user.Id, cancellation) : null;
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
            Person = await PersonClaims.OpenAsync(profiles, user, single, names, cancellation),
        };
        return Jwt.Sign(key, claims);
    }

    /// <summary>An identifier for a token, not to be guessed: 22 characters.</summary>
    public static string NewJti()
    {
        Span<byte> random = stackalloc byte[JtiBytes];
        RandomNumberGenerator.Fill(random);
        return Base64Url.EncodeToString(random);
    }
}

/// <summary>An access token and how long it is good for.</summary>
internal readonly record struct IssuedToken(string Text, TimeSpan Life);
