using Microsoft.AspNetCore.Http;

namespace Custodia.Identity.Callers;

/// <summary>The token that a request carries (RFC 6750, section 2.1), or in <c>X-Auth-Token</c>.</summary>
internal static class BearerToken
{
    private const string Scheme = "Bearer ";
    private const int MaxLength = 8192;

    /// <summary>The token; empty when the header is there but carries none; null without either header.</summary>
    public static string? Of(HttpContext http)
    {
        var authorization = http.Request.Headers.Authorization;
        var own = http.Request.Headers["X-Auth-Token"];
        if (authorization.Count == 0 && own.Count == 0) return null;
        // One token in one place, or none: two would leave open who calls.
        if (authorization.Count + own.Count > 1) return "";
        var text = authorization.ToString();
        if (authorization.Count == 1) text = text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? text[Scheme.Length..].Trim() : "";
        else text = own.ToString().Trim();
        return text.Length <= MaxLength ? text : "";
    }
}
