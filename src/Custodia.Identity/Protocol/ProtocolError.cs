namespace Custodia.Identity.Protocol;

/// <summary>An error as the standards name it, with an explanation for developers.</summary>
/// <param name="Code">One of <see cref="Errors"/>.</param>
/// <param name="Description">ASCII without quotes and backslashes (RFC 6749 section 4.1.2.1); never repeats what was sent.</param>
internal sealed record ProtocolError(string Code, string Description);

/// <summary>Error codes of the standards that the endpoints speak.</summary>
internal static class Errors
{
    // RFC 6749 sections 4.1.2.1 and 5.2
    public const string InvalidRequest = "invalid_request";
    public const string InvalidClient = "invalid_client";
    public const string InvalidGrant = "invalid_grant";
    public const string InvalidScope = "invalid_scope";
    public const string UnauthorizedClient = "unauthorized_client";
    public const string UnsupportedGrantType = "unsupported_grant_type";
    public const string UnsupportedResponseType = "unsupported_response_type";
    public const string AccessDenied = "access_denied";

    // RFC 6750 section 3.1
    public const string InvalidToken = "invalid_token";
    public const string InsufficientScope = "insufficient_scope";

    // RFC 8628 section 3.5
    public const string AuthorizationPending = "authorization_pending";
    public const string SlowDown = "slow_down";
    public const string ExpiredToken = "expired_token";

    // RFC 9449 sections 5 and 8
    public const string InvalidDpopProof = "invalid_dpop_proof";
    public const string UseDpopNonce = "use_dpop_nonce";

    // RFC 7591 section 3.2.2
    public const string InvalidRedirectUri = "invalid_redirect_uri";
    public const string InvalidClientMetadata = "invalid_client_metadata";

    // RFC 8707 section 2
    public const string InvalidTarget = "invalid_target";

    // OpenID Connect Core section 3.1.2.6
    public const string LoginRequired = "login_required";
    public const string ConsentRequired = "consent_required";
    public const string InteractionRequired = "interaction_required";
    public const string RequestNotSupported = "request_not_supported";
    public const string RequestUriNotSupported = "request_uri_not_supported";
    public const string RegistrationNotSupported = "registration_not_supported";

    // OpenID Connect Core Error Code unmet_authentication_requirements 1.0
    public const string UnmetAuthenticationRequirements = "unmet_authentication_requirements";
}
