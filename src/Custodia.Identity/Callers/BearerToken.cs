using Custodia.Identity.Protocol;
using Microsoft.AspNetCore.Http;

namespace Custodia.Identity.Callers;

/// <summary>The token that a request carries: <c>Authorization</c> (RFC 6750 section 2.1, RFC 9449 section 7.1) or <c>X-Auth-Token</c>.</summary>
internal static class BearerToken
{
    private const string OwnHeader = "X-Auth-Token";

    /// <summary>Whether the request means to call with a token; then no session counts.</summary>
    public static bool IsSent(HttpContext http) => http.Request.Headers.Authorization.Count + http.Request.Headers[OwnHeader].Count > 0;

    /// <summary>Null when what was sent is no token.</summary>
    public static PresentedToken? Of(HttpContext http)
    {
        var authorization = http.Request.Headers.Authorization;
        var own = http.Request.Headers[OwnHeader];
        // One token in one place, or none: two would leave open who calls.
        if (authorization.Count + own.Count > 1) return null;
        return PresentedToken.Of(authorization.Count == 1 ? authorization.ToString() : "Bearer " + own.ToString().Trim());
    }
}
