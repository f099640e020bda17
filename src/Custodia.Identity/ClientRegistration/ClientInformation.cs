using System.Text.Json;
using Custodia.Identity.Applications;
using Custodia.Identity.Protocol;
using Custodia.Identity.Tokens;

namespace Custodia.Identity.ClientRegistration;

/// <summary>A registered application as answers describe it: everything it has, defaults included (RFC 7591 section 3.2.1).</summary>
internal static class ClientInformation
{
    public static string Path(string clientId) => $"register/{clientId}";

    /// <param name="secret">Only when it was made just now.</param>
    /// <param name="registrationToken">As it was made, or as the client presented it (RFC 7592 section 3).</param>
    public static ClientMetadata Of(Issuer issuer, Application application, string? secret, string registrationToken)
    {
        var isPublic = application.Kind is ApplicationKind.Spa or ApplicationKind.Native;
        var scopes = Scopes.Split(application.Scopes);
        return new ClientMetadata
        {
            ClientId = application.ClientId,
            ClientIdIssuedAt = application.CreatedAt.ToUnixTimeSeconds(),
            ClientSecret = secret,
            ClientSecretExpiresAt = secret is null ? null : 0,
            RegistrationAccessToken = registrationToken,
            RegistrationClientUri = issuer.Address(Path(application.ClientId)),
            ClientName = application.Name,
            RedirectUris = Lines(application.RedirectUris),
            PostLogoutRedirectUris = Lines(application.PostLogoutUris),
            BackchannelLogoutUri = application.BackchannelLogoutUri is { Length: > 0 } logout ? logout : null,
            BackchannelLogoutSessionRequired = application.BackchannelLogoutUri is { Length: > 0 } ? true : null,
            ApplicationType = application.Kind == ApplicationKind.Native ? "native" : "web",
            GrantTypes = GrantsOf(application, scopes),
            ResponseTypes = ["code"],
            Scope = application.Scopes,
            TokenEndpointAuthMethod = isPublic ? "none" : application.HasSecret ? "client_secret_basic" : ProtocolSettings.PrivateKeyJwt,
            TokenEndpointAuthSigningAlg = application.Jwks is { } keys ? AssertionAlgorithm.Of(JsonElement.Parse(keys)) : null,
            Jwks = application.Jwks is { } jwks ? JsonElement.Parse(jwks) : null,
            JwksUri = application.JwksUri,
            SubjectType = "public",
            IdTokenSignedResponseAlg = application.SigningAlgorithm,
            DpopBoundAccessTokens = application.DpopRequired,
            RequirePushedAuthorizationRequests = application.PushedRequestsRequired,
        };
    }

    private static List<string> GrantsOf(Application application, string[] scopes)
    {
        List<string> grants = [TokenSteps.AuthorizationCode];
        if (scopes.Contains(Scopes.OfflineAccess, StringComparer.Ordinal)) grants.Add(TokenSteps.RefreshTokenGrant);
        if (application.DeviceGrant) grants.Add(TokenSteps.DeviceCode);
        return grants;
    }

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
