using Custodia.Identity.Applications;
using Custodia.Identity.Keys;
using Custodia.Identity.Protocol;
using Custodia.Identity.Tokens;

namespace Custodia.Identity.ClientRegistration;

/// <summary>What metadata amounts to: an application of ours, or the first reason why not.</summary>
internal static class MetadataRules
{
    private const string Native = "native";
    private const string Web = "web";
    private const string NoAuthentication = "none";

    private static readonly string[] Grants = [TokenSteps.AuthorizationCode, TokenSteps.RefreshTokenGrant, TokenSteps.DeviceCode];

    public static MetadataOutcome Read(ClientMetadata metadata)
    {
        if (Shape(metadata) is { } fault) return fault;
        var method = MethodOf(metadata);
        var kind = method != NoAuthentication ? ApplicationKind.Web : metadata.ApplicationType == Native ? ApplicationKind.Native : ApplicationKind.Spa;
        if (kind == ApplicationKind.Web && metadata.ApplicationType == Native) return Invalid("native applications keep no secret: token_endpoint_auth_method none");
        if (method == ProtocolSettings.PrivateKeyJwt && metadata is { TokenEndpointAuthSigningAlg: { } algorithm, Jwks: { } jwks })
        {
            if (AssertionAlgorithm.Into(jwks, algorithm) is not { } keys) return Invalid("jwks: no key for token_endpoint_auth_signing_alg");
            metadata = metadata with { Jwks = keys };
        }

        var settings = Settings(metadata, method).Over(ApplicationSettings.Defaults(kind));
        foreach (var (field, rule) in ApplicationRules.Check(kind, settings, staffDirectory: false, known: NoPermissions, callerHas: static _ => false))
        {
            return field == "redirectUris"
                ? new MetadataOutcome.Refused(new ProtocolError(Errors.InvalidRedirectUri, $"redirect_uris: {rule}"))
                : Invalid($"{NameOf(field)}: {rule}");
        }

        return new MetadataOutcome.Fits(kind, settings);
    }

    private static readonly HashSet<string> NoPermissions = [];

    private static MetadataOutcome.Refused? Shape(ClientMetadata metadata)
    {
        if (HasNull(metadata.RedirectUris)) return new MetadataOutcome.Refused(new ProtocolError(Errors.InvalidRedirectUri, "redirect_uris: an absolute URI"));
        if (HasNull(metadata.PostLogoutRedirectUris) || HasNull(metadata.GrantTypes) || HasNull(metadata.ResponseTypes)) return Invalid("lists hold texts only");
        if (metadata.ApplicationType is not (null or Web or Native)) return Invalid("application_type: web or native");
        if (metadata.SubjectType is not (null or "public")) return Invalid("subject_type: public");
        if (!ClientAuthentication.Methods.Contains(MethodOf(metadata), StringComparer.Ordinal)) return Invalid("token_endpoint_auth_method is not supported");
        if (metadata.TokenEndpointAuthSigningAlg is { } algorithm && !JwsAlgorithm.IsKnown(algorithm)) return Invalid("token_endpoint_auth_signing_alg is not supported");
        if (metadata.IdTokenSignedResponseAlg is { } signature && !SignatureAlgorithm.All.Contains(signature, StringComparer.Ordinal))
            return Invalid("id_token_signed_response_alg is not supported");
        if (metadata.GrantTypes is { } grants && (grants.Count == 0 || grants.Except(Grants, StringComparer.Ordinal).Any()))
            return Invalid("grant_types: authorization_code, refresh_token, device code");
        // RFC 7591 section 2.1: both have to fit together; the code flow is the only one there is.
        if (metadata.ResponseTypes is { } responses && (responses.Count != 1 || responses[0] != "code")) return Invalid("response_types: code");
        if (metadata.GrantTypes?.Contains(TokenSteps.AuthorizationCode, StringComparer.Ordinal) == false) return Invalid("grant_types: authorization_code is needed");
        if (metadata.Jwks is not null && metadata.JwksUri is not null) return Invalid("jwks and jwks_uri do not come together");
        return Scopes.Parse(metadata.Scope) is null ? Invalid("scope is malformed") : null;
    }

    private static bool HasNull(IReadOnlyList<string?>? list) => list?.Contains(null) == true;

    private static ApplicationSettings Settings(ClientMetadata metadata, string method)
    {
        var grants = metadata.GrantTypes ?? [TokenSteps.AuthorizationCode];
        var asked = metadata.Scope is { } scope ? Scopes.Parse(scope)! : Scopes.Standard;
        var refreshes = grants.Contains(TokenSteps.RefreshTokenGrant, StringComparer.Ordinal);
        return new ApplicationSettings(
            Name: metadata.ClientName ?? DefaultName(metadata),
            RedirectUris: metadata.RedirectUris ?? [],
            PostLogoutUris: metadata.PostLogoutRedirectUris ?? [],
            // Scopes about people only; other resources and the server's API are for an administrator to give.
            Scopes: [.. asked.Where(s => Scopes.Standard.Contains(s, StringComparer.Ordinal) && (refreshes || s != Scopes.OfflineAccess))],
            // Nobody here has looked at the application, so people are asked.
            ConsentRequired: true,
            DeviceGrant: grants.Contains(TokenSteps.DeviceCode, StringComparer.Ordinal),
            BackchannelLogoutUri: metadata.BackchannelLogoutUri ?? "",
            SigningAlgorithm: metadata.IdTokenSignedResponseAlg ?? SignatureAlgorithm.Es256)
        {
            Protocol = new ProtocolSettings(
                metadata.DpopBoundAccessTokens ?? false,
                metadata.RequirePushedAuthorizationRequests ?? false,
                method == ProtocolSettings.PrivateKeyJwt ? ProtocolSettings.PrivateKeyJwt : ProtocolSettings.ClientSecret,
                method == ProtocolSettings.PrivateKeyJwt ? metadata.Jwks : null,
                method == ProtocolSettings.PrivateKeyJwt ? metadata.JwksUri : null),
        };
    }

    /// <summary>RFC 7591 section 2: <c>client_secret_basic</c> unless said otherwise, which a native application cannot use.</summary>
    public static string MethodOf(ClientMetadata metadata) =>
        metadata.TokenEndpointAuthMethod ?? (metadata.ApplicationType == Native ? NoAuthentication : "client_secret_basic");

    private static string? DefaultName(ClientMetadata metadata) =>
        Uri.TryCreate(metadata.RedirectUris?.FirstOrDefault(), UriKind.Absolute, out var uri) ? uri.Host is { Length: > 0 } host ? host : uri.Scheme : "application";

    private static string NameOf(string field) => field switch
    {
        "name" => "client_name",
        "postLogoutUris" => "post_logout_redirect_uris",
        "backchannelLogoutUri" => "backchannel_logout_uri",
        "protocol.jwks" => "jwks",
        "protocol.jwksUri" => "jwks_uri",
        _ => field,
    };

    private static MetadataOutcome.Refused Invalid(string description) => new(new ProtocolError(Errors.InvalidClientMetadata, description));
}

internal abstract record MetadataOutcome
{
    public sealed record Fits(ApplicationKind Kind, ApplicationSettings Settings) : MetadataOutcome;

    public sealed record Refused(ProtocolError Error) : MetadataOutcome;
}
