using System.Text.Json.Serialization;
using Custodia.Console;
using Custodia.Identity.Authorize.Checks;
using Custodia.Identity.Keys;
using Custodia.Identity.Protocol;
using Custodia.Identity.Sessions;
using Custodia.Identity.Tokens;
using Custodia.Identity.Userinfo;

namespace Custodia.Identity.Discovery;

/// <summary>The discovery document. It says what the endpoints do and nothing else; a test keeps it as a snapshot.</summary>
internal sealed record ProviderMetadata(
    [property: JsonPropertyName("issuer")] string Issuer,
    [property: JsonPropertyName("authorization_endpoint")] string AuthorizationEndpoint,
    [property: JsonPropertyName("token_endpoint")] string TokenEndpoint,
    [property: JsonPropertyName("userinfo_endpoint")] string UserinfoEndpoint,
    [property: JsonPropertyName("jwks_uri")] string JwksUri,
    [property: JsonPropertyName("revocation_endpoint")] string RevocationEndpoint,
    [property: JsonPropertyName("introspection_endpoint")] string IntrospectionEndpoint,
    [property: JsonPropertyName("device_authorization_endpoint")] string DeviceAuthorizationEndpoint,
    [property: JsonPropertyName("end_session_endpoint")] string EndSessionEndpoint,
    [property: JsonPropertyName("pushed_authorization_request_endpoint")] string PushedAuthorizationRequestEndpoint,
    [property: JsonPropertyName("registration_endpoint")] string RegistrationEndpoint)
{
    [JsonPropertyName("scopes_supported")]
    public IReadOnlyList<string> ScopesSupported => Scopes.Meaningful;

    [JsonPropertyName("response_types_supported")]
    public IReadOnlyList<string> ResponseTypesSupported => [CheckResponseType.Code];

    [JsonPropertyName("response_modes_supported")]
    public IReadOnlyList<string> ResponseModesSupported => [CheckResponseMode.Query];

    [JsonPropertyName("grant_types_supported")]
    public IReadOnlyList<string> GrantTypesSupported => [TokenSteps.AuthorizationCode, TokenSteps.RefreshTokenGrant, TokenSteps.ClientCredentials, TokenSteps.TokenExchange, TokenSteps.DeviceCode];

    [JsonPropertyName("code_challenge_methods_supported")]
    public IReadOnlyList<string> CodeChallengeMethodsSupported => [CheckPkce.Method];

    [JsonPropertyName("subject_types_supported")]
    public IReadOnlyList<string> SubjectTypesSupported => ["public"];

    [JsonPropertyName("id_token_signing_alg_values_supported")]
    public IReadOnlyList<string> IdTokenSigningAlgValuesSupported => SignatureAlgorithm.All;

    [JsonPropertyName("token_endpoint_auth_methods_supported")]
    public IReadOnlyList<string> TokenEndpointAuthMethodsSupported => ClientAuthentication.Methods;

    [JsonPropertyName("token_endpoint_auth_signing_alg_values_supported")]
    public IReadOnlyList<string> TokenEndpointAuthSigningAlgValuesSupported => JwsAlgorithm.All;

    [JsonPropertyName("revocation_endpoint_auth_methods_supported")]
    public IReadOnlyList<string> RevocationEndpointAuthMethodsSupported => ClientAuthentication.Methods;

    [JsonPropertyName("revocation_endpoint_auth_signing_alg_values_supported")]
    public IReadOnlyList<string> RevocationEndpointAuthSigningAlgValuesSupported => JwsAlgorithm.All;

    [JsonPropertyName("introspection_endpoint_auth_methods_supported")]
    public IReadOnlyList<string> IntrospectionEndpointAuthMethodsSupported => [.. ClientAuthentication.Methods.Where(m => m != "none")];

    [JsonPropertyName("introspection_endpoint_auth_signing_alg_values_supported")]
    public IReadOnlyList<string> IntrospectionEndpointAuthSigningAlgValuesSupported => JwsAlgorithm.All;

    [JsonPropertyName("claims_supported")]
    public IReadOnlyList<string> ClaimsSupported => ["sub", "iss", "aud", "exp", "iat", "auth_time", "nonce", "at_hash", "sid", "acr", "amr", .. ClaimNames.ByScope.Values.SelectMany(names => names)];

    [JsonPropertyName("acr_values_supported")]
    public IReadOnlyList<string> AcrValuesSupported => ContextClasses.All;

    [JsonPropertyName("prompt_values_supported")]
    public IReadOnlyList<string> PromptValuesSupported => ["none", "login", "consent", "select_account", "create"];

    [JsonPropertyName("ui_locales_supported")]
    public IReadOnlyList<string> UiLocalesSupported => LanguageChoice.Supported;

    [JsonPropertyName("claims_parameter_supported")]
    public bool ClaimsParameterSupported => true;

    [JsonPropertyName("request_parameter_supported")]
    public bool RequestParameterSupported => false;

    // Section 3: the default is true, so false has to be said.
    [JsonPropertyName("request_uri_parameter_supported")]
    public bool RequestUriParameterSupported => false;

    // RFC 9126 section 5: for the server as a whole; single applications may have to.
    [JsonPropertyName("require_pushed_authorization_requests")]
    public bool RequirePushedAuthorizationRequests => false;

    [JsonPropertyName("dpop_signing_alg_values_supported")]
    public IReadOnlyList<string> DpopSigningAlgValuesSupported => JwsAlgorithm.All;

    [JsonPropertyName("authorization_response_iss_parameter_supported")]
    public bool AuthorizationResponseIssParameterSupported => true;

    [JsonPropertyName("backchannel_logout_supported")]
    public bool BackchannelLogoutSupported => true;

    // Every logout token names the session.
    [JsonPropertyName("backchannel_logout_session_supported")]
    public bool BackchannelLogoutSessionSupported => true;

    /// <param name="front">Base of the addresses that browsers open: of the directory's own domain where it has one.</param>
    public static ProviderMetadata Of(Issuer issuer, string front) => new(
        issuer.Url,
        front + issuer.Path("authorize"),
        issuer.Address("token"),
        issuer.Address("userinfo"),
        issuer.Address("jwks"),
        issuer.Address("revoke"),
        issuer.Address("introspect"),
        issuer.Address("device_authorization"),
        front + issuer.Path("logout"),
        issuer.Address("par"),
        issuer.Address("register"));
}

[JsonSerializable(typeof(ProviderMetadata))]
internal sealed partial class ProviderMetadataJson : JsonSerializerContext;
