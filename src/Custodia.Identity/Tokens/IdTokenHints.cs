using Custodia.Identity.Keys;
using Custodia.Identity.Protocol;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Custodia.Identity.Tokens;

/// <summary>Reads ID tokens that come back to us as hints; they count although expired (RP-Initiated Logout 1.0 section 2).</summary>
internal sealed class IdTokenHints(KeyRings rings)
{
    private static readonly JsonWebTokenHandler Handler = new() { MapInboundClaims = false };

    /// <returns>Null when it is not an ID token that this issuer signed with a key still published.</returns>
    public async ValueTask<HintedToken?> ReadAsync(Issuer issuer, string text, CancellationToken cancellation)
    {
        if (!Handler.CanReadToken(text)) return null;
        JsonWebToken unverified;
        try
        {
            unverified = new JsonWebToken(text);
        }
        catch (Exception exception) when (exception is ArgumentException or SecurityTokenException)
        {
            return null;
        }

        var ring = await rings.KnowingAsync(issuer, unverified.Kid, cancellation);
        var result = await Handler.ValidateTokenAsync(unverified, new TokenValidationParameters
        {
            ValidIssuer = issuer.Url,
            ValidTypes = ["JWT"],
            ValidAlgorithms = SignatureAlgorithm.All,
            IssuerSigningKeys = ring.Verification,
            TryAllIssuerSigningKeys = false,
            ValidateAudience = false,
            ValidateLifetime = false,
        });
        if (!result.IsValid || !Guid.TryParse(unverified.Subject, out var person)) return null;
        var session = unverified.TryGetPayloadValue<string>("sid", out var sid) && Guid.TryParse(sid, out var id) ? id : (Guid?)null;
        return unverified.Audiences.FirstOrDefault() is { } audience ? new HintedToken(person, audience, session) : null;
    }
}

/// <param name="ClientId">The application it was issued to.</param>
internal sealed record HintedToken(Guid Person, string ClientId, Guid? Session);
