using System.Text;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Custodia.Identity.Sources.Providers;

/// <summary>Checks ID tokens of other providers (OpenID Connect Core section 3.1.3.7).</summary>
internal sealed class IdTokenValidation(ProviderConfigurations providers, TimeProvider time)
{
    // Signatures that only the provider can make; never a MAC under the client secret, never none.
    private static readonly string[] Algorithms = ["ES256", "ES384", "ES512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512"];
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(1);
    private static readonly JsonWebTokenHandler Handler = new() { MapInboundClaims = false, MaximumTokenSizeInBytes = 64 * 1024 };

    /// <returns>Null when a check fails.</returns>
    public async Task<ExternalPerson?> ReadAsync(AuthenticationSource source, string text, string nonce, CancellationToken cancellation)
    {
        if (!Handler.CanReadToken(text) || Unverified(text) is not { } token) return null;
        if (await providers.KnowingAsync(source.Issuer, token.Kid, cancellation) is not ProviderOutcome.Known { Configuration: var provider }) return null;
        var now = time.GetUtcNow();
        var result = await Handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = provider.Issuer,
            ValidAudience = source.ClientId,
            ValidAlgorithms = Algorithms,
            IssuerSigningKeys = provider.Keys,
            RequireExpirationTime = true,
            RequireSignedTokens = true,
            LifetimeValidator = (from, until, _, _) =>
                until is { } end && now < new DateTimeOffset(end, TimeSpan.Zero) + Skew && (from is not { } begin || now >= new DateTimeOffset(begin, TimeSpan.Zero) - Skew),
        });
        if (!result.IsValid || !IsForUs(token, source.ClientId)) return null;
        if (!token.TryGetPayloadValue<string>("nonce", out var said) || said != nonce) return null;
        using var payload = JsonDocument.Parse(Encoding.UTF8.GetString(Base64UrlEncoder.DecodeBytes(token.EncodedPayload)));
        return ExternalPerson.Read(source, payload.RootElement);
    }

    // Steps 4 and 5: of several audiences one is the authorized party, and that is us.
    private static bool IsForUs(JsonWebToken token, string clientId)
    {
        var named = token.TryGetPayloadValue<string>("azp", out var party);
        return named ? party == clientId : token.Audiences.Count() == 1;
    }

    private static JsonWebToken? Unverified(string text)
    {
        try
        {
            return new JsonWebToken(text);
        }
        catch (Exception e) when (e is ArgumentException or SecurityTokenException)
        {
            return null;
        }
    }
}
