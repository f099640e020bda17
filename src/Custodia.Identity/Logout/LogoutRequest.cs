using Custodia.Identity.Applications;
using Custodia.Identity.Protocol;
using Custodia.Identity.Tokens;

namespace Custodia.Identity.Logout;

/// <summary>A checked sign-out request (OpenID Connect RP-Initiated Logout 1.0 section 2).</summary>
/// <param name="Application">Who asks; null when the request does not say so in a way we believe.</param>
/// <param name="Hint">The ID token sent along.</param>
/// <param name="Return">Where the browser goes afterwards: a registered address, with state; null for our own page.</param>
internal sealed record LogoutRequest(ApplicationModel? Application, HintedToken? Hint, string? Return)
{
    /// <summary>Whether the request was made by the application for exactly this session, so that nobody has to be asked.</summary>
    public bool Names(Sessions.LiveSession session) =>
        Hint is not null && Hint.Person == session.User.Id && Hint.Session == session.Session.Id;
}

/// <summary>Checks sign-out requests.</summary>
internal sealed class LogoutRequests(IdTokenHints hints, ApplicationCache applications)
{
    /// <returns>The request, or the reason for an error page.</returns>
    public async Task<(LogoutRequest? Request, string? Fault)> CheckAsync(Issuer issuer, Parameters parameters, CancellationToken cancellation)
    {
        if (parameters.Fault is not null) return (null, "UnreadableRequest");
        HintedToken? hint = null;
        if (parameters["id_token_hint"] is { } text && (hint = await hints.ReadAsync(issuer, text, cancellation)) is null) return (null, "UnreadableRequest");
        var clientId = parameters["client_id"] ?? hint?.ClientId;
        // Section 2: both given must name the same client.
        if (hint is not null && clientId != hint.ClientId) return (null, "UnreadableRequest");
        var application = await applications.FindAsync(issuer.DirectoryId, clientId, cancellation);
        if (clientId is not null && application is null) return (null, "UnknownApplication");
        if (parameters["post_logout_redirect_uri"] is not { } uri) return (new LogoutRequest(application, hint, null), null);
        // Section 3: only to an address registered for the client, compared as text.
        if (application is null || !application.PostLogoutUris.Contains(uri)) return (null, "UntrustedLogout");
        return (new LogoutRequest(application, hint, ProtocolAnswers.With(uri, ("state", parameters["state"]))), null);
    }
}
