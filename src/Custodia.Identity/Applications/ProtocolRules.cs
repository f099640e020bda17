using System.Text;
using Custodia.Identity.Protocol;

namespace Custodia.Identity.Applications;

/// <summary>What <see cref="ProtocolSettings"/> may be; reports every finding at once.</summary>
internal static class ProtocolRules
{
    public const int MaxExchangeFrom = 50;

    private const int MaxJwksBytes = 16 * 1024;

    public static IEnumerable<(string Field, string Rule)> Check(ApplicationKind kind, ProtocolSettings settings)
    {
        var keepsSecrets = kind is ApplicationKind.Web or ApplicationKind.M2m;
        if (settings.Authentication is not (ProtocolSettings.ClientSecret or ProtocolSettings.PrivateKeyJwt))
            yield return ("protocol.authentication", $"{ProtocolSettings.ClientSecret} or {ProtocolSettings.PrivateKeyJwt}");
        if (settings.AccessTokenFormat is not (ProtocolSettings.Jwt or ProtocolSettings.Opaque))
            yield return ("protocol.accessTokenFormat", $"{ProtocolSettings.Jwt} or {ProtocolSettings.Opaque}");
        if (settings.Authentication == ProtocolSettings.PrivateKeyJwt)
        {
            if (!keepsSecrets) yield return ("protocol.authentication", "keys only for web and m2m applications");
            foreach (var finding in Keys(settings)) yield return finding;
        }

        if (settings.ExchangeFrom is { Count: > 0 } from)
        {
            if (!keepsSecrets) yield return ("protocol.exchangeFrom", "only for web and m2m applications");
            if (from.Count > MaxExchangeFrom) yield return ("protocol.exchangeFrom", $"at most {MaxExchangeFrom}");
            if (from.Any(id => id.Length > Application.MaxClientId || !Scopes.IsToken(id))) yield return ("protocol.exchangeFrom", "client ids");
        }
    }

    private static IEnumerable<(string Field, string Rule)> Keys(ProtocolSettings settings)
    {
        if (settings.Jwks is null == settings.JwksUri is null)
        {
            yield return ("protocol.jwks", "keys, or an address of keys, and not both");
            yield break;
        }

        if (settings.JwksUri is { } uri && RedirectUris.Fault(ApplicationKind.Web, uri) is { } fault) yield return ("protocol.jwksUri", fault);
        if (settings.Jwks is not { } jwks) yield break;
        if (Encoding.UTF8.GetByteCount(jwks.GetRawText()) > MaxJwksBytes) yield return ("protocol.jwks", $"at most {MaxJwksBytes} bytes");
        else if (ClientKeySet.Parse(jwks) is not { Rejected: 0 }) yield return ("protocol.jwks", $"a JWK set of 1 to {ClientKeySet.MaxKeys} public keys: EC P-256, P-384, P-521, or RSA of 2048 to 8192 bits");
    }
}
