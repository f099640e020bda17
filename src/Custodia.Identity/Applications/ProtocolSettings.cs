using System.Text.Json;

namespace Custodia.Identity.Applications;

/// <summary>How an application proves who it is, and what form its tokens have. Null leaves a value as it is (update) or takes the default (create).</summary>
/// <param name="DpopRequired">Whether every token it gets has to be bound to a key (RFC 9449 section 5.2); default false.</param>
/// <param name="PushedRequestsRequired">Whether its authorization requests have to be pushed first (RFC 9126 section 6); default false.</param>
/// <param name="Authentication"><c>client_secret</c> (default) or <c>private_key_jwt</c>; no effect on public clients.</param>
/// <param name="Jwks">For <c>private_key_jwt</c>: its public keys as a JWK set, at most 20 keys and 16 KiB. Setting it clears <paramref name="JwksUri"/>.</param>
/// <param name="JwksUri">For <c>private_key_jwt</c>: where its JWK set is. Setting it clears <paramref name="Jwks"/>.</param>
/// <param name="AccessTokenFormat"><c>jwt</c> (default, RFC 9068) or <c>opaque</c>.</param>
/// <param name="ExchangeFrom">Client ids of applications whose people's tokens it may exchange for tokens of its own (RFC 8693), at most 50; default none.</param>
internal sealed record ProtocolSettings(
    bool? DpopRequired = null,
    bool? PushedRequestsRequired = null,
    string? Authentication = null,
    JsonElement? Jwks = null,
    string? JwksUri = null,
    string? AccessTokenFormat = null,
    IReadOnlyList<string>? ExchangeFrom = null)
{
    public const string ClientSecret = "client_secret";
    public const string PrivateKeyJwt = "private_key_jwt";
    public const string Jwt = "jwt";
    public const string Opaque = "opaque";

    public static ProtocolSettings Defaults { get; } = new(false, false, ClientSecret, null, null, Jwt, []);

    public static ProtocolSettings Of(Application application) => new(
        application.DpopRequired,
        application.PushedRequestsRequired,
        application.Authentication,
        application.Jwks is { } jwks ? JsonElement.Parse(jwks) : null,
        application.JwksUri,
        application.OpaqueTokens ? Opaque : Jwt,
        Protocol.Scopes.Split(application.ExchangeFrom));

    /// <summary>These settings, with what they leave open taken from others. Keys are named in one way at a time.</summary>
    public ProtocolSettings Over(ProtocolSettings others)
    {
        var authentication = Authentication ?? others.Authentication;
        var namesKeys = Jwks is not null || JwksUri is not null;
        return new ProtocolSettings(
            DpopRequired ?? others.DpopRequired,
            PushedRequestsRequired ?? others.PushedRequestsRequired,
            authentication,
            authentication != PrivateKeyJwt ? null : namesKeys ? Jwks : others.Jwks,
            authentication != PrivateKeyJwt ? null : namesKeys ? JwksUri : others.JwksUri,
            AccessTokenFormat ?? others.AccessTokenFormat,
            ExchangeFrom ?? others.ExchangeFrom);
    }

    /// <summary>Writes complete, checked settings to an application.</summary>
    public void ApplyTo(Application application)
    {
        application.DpopRequired = DpopRequired!.Value;
        application.PushedRequestsRequired = PushedRequestsRequired!.Value;
        application.Authentication = Authentication!;
        application.Jwks = Jwks is { } jwks ? JsonSerializer.Serialize(jwks, JsonSerializerOptions.Web) : null;
        application.JwksUri = JwksUri;
        application.OpaqueTokens = AccessTokenFormat == Opaque;
        application.ExchangeFrom = Protocol.Scopes.Join(ExchangeFrom!.Distinct(StringComparer.Ordinal));
    }
}
