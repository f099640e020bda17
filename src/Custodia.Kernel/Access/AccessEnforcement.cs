using Custodia.Kernel.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;

namespace Custodia.Kernel.Access;

/// <summary>Holds every endpoint's access rule and has calls recorded before they are answered.</summary>
internal sealed class AccessEnforcement(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext http, InvocationRecorder recorder)
    {
        // Routing's own endpoints (405, 415) are none of ours and answer a bare status.
        if (http.GetEndpoint() is not RouteEndpoint endpoint)
        {
            await next(http);
            return;
        }

        // The start refused endpoints without a rule; one that is added later is nobody's.
        var rule = endpoint.Metadata.GetMetadata<AccessRule>();
        await using var record = recorder.Begin(http, rule);
        var refusal = rule is null
            ? Problem.Of(StatusCodes.Status403Forbidden, "forbidden", "Nobody may call this.")
            : Refuse(http, rule);
        if (refusal is null) await next(http);
        else await refusal.ExecuteAsync(http);
    }

    private static IResult? Refuse(HttpContext http, AccessRule rule)
    {
        if (rule is AccessRule.Anyone) return null;
        if (http.TryCaller() is not { } caller) return Unknown(http, rule);
        if (IsCrossSiteForm(http)) return Problem.Forbidden("cross-site", "This request came from another site.");
        return rule switch
        {
            AccessRule.NeedsPermission needed when !caller.Can(needed.Permission) => MayNot(http, needed.Permission),
            AccessRule.NeedsUser needed when !IsPerson(caller, needed) || !IsOfRoute(http, caller) => MayNot(http, null),
            _ => null,
        };
    }

    private static bool IsPerson(Caller caller, AccessRule.NeedsUser needed) =>
        caller.Kind == CallerKind.User || (needed.StaffToo && caller.Kind == CallerKind.SubAccount);

    private static bool IsOfRoute(HttpContext http, Caller caller) =>
        http.GetRouteValue("directory") is string directory && string.Equals(directory, caller.Directory, StringComparison.Ordinal);

    private static IResult Unknown(HttpContext http, AccessRule rule)
    {
        if (IsPageRequest(http) && http.RequestServices.GetServices<ICallerResolver>().FirstOrDefault() is { } resolver) return new ToSignIn(resolver.SignInPath(http, rule));
        // RFC 6750, section 3: no error code when no token was presented. Whoever resolved the caller may have said more.
        if (http.Response.Headers.WWWAuthenticate.Count == 0)
        {
            http.Response.Headers.WWWAuthenticate = HasToken(http)
                ? $"{Scheme(http)} realm=\"custodia\", error=\"invalid_token\", error_description=\"The access token is not valid or has expired\""
                : "Bearer realm=\"custodia\"";
        }

        return Problem.Of(StatusCodes.Status401Unauthorized, "unauthenticated", "A valid access token or session is needed.");
    }

    private static IResult MayNot(HttpContext http, string? permission)
    {
        if (HasToken(http)) http.Response.Headers.WWWAuthenticate = $"{Scheme(http)} realm=\"custodia\", error=\"insufficient_scope\"";
        return permission is null
            ? Problem.Forbidden("forbidden", "You may not do this.")
            : Problem.Forbidden("forbidden", "You may not do this.", ("permission", permission));
    }

    // RFC 9449, section 7.1: a token bound to a key comes with a scheme of its own.
    private static string Scheme(HttpContext http) =>
        http.Request.Headers.Authorization.ToString().StartsWith("DPoP ", StringComparison.OrdinalIgnoreCase) ? "DPoP" : "Bearer";

    internal static bool HasToken(HttpContext http) =>
        http.Request.Headers.ContainsKey(HeaderNames.Authorization) || http.Request.Headers.ContainsKey("X-Auth-Token");

    /// <summary>Sessions are cookies, so a changing request from another site is refused whatever its body looks like.</summary>
    private static bool IsCrossSiteForm(HttpContext http)
    {
        if (HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method) || HasToken(http)) return false;
        var site = http.Request.Headers["Sec-Fetch-Site"].ToString();
        return site.Length > 0 && site is not ("same-origin" or "none");
    }

    // htmx asks for parts of pages; a part must not become a sign-in page, so the browser is sent there as a whole.
    private static bool IsPageRequest(HttpContext http) =>
        !http.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase)
        && !HasToken(http)
        && (http.Request.Headers.ContainsKey("HX-Request")
            || (HttpMethods.IsGet(http.Request.Method) && http.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase)));

    private sealed class ToSignIn(string path) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.Headers.CacheControl = "no-store";
            if (httpContext.Request.Headers.ContainsKey("HX-Request"))
            {
                httpContext.Response.StatusCode = StatusCodes.Status401Unauthorized;
                httpContext.Response.Headers["HX-Redirect"] = path;
                return Task.CompletedTask;
            }

            httpContext.Response.Redirect(path);
            return Task.CompletedTask;
        }
    }
}
