using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Custodia.Identity.Protocol;

/// <summary>
/// Lets browser applications of any origin call an endpoint. Safe where nothing is decided by cookies: the endpoints read
/// tokens and client credentials only, and no credentialed request is allowed.
/// </summary>
internal static class CrossOrigin
{
    public static TBuilder OpenToBrowsers<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder
    {
        endpoint.Add(static built =>
        {
            var answer = built.RequestDelegate!;
            built.RequestDelegate = http =>
            {
                http.Response.Headers.AccessControlAllowOrigin = "*";
                http.Response.Headers.AccessControlExposeHeaders = "WWW-Authenticate, DPoP-Nonce";
                return answer(http);
            };
        });
        return endpoint;
    }

    /// <summary>Answers the browser's question before a request (Fetch standard, CORS preflight).</summary>
    public static RouteHandlerBuilder MapPreflight(this IEndpointRouteBuilder routes, string pattern) =>
        routes.MapMethods(
            pattern,
            [HttpMethods.Options],
            (HttpContext http) =>
            {
                var headers = http.Response.Headers;
                headers.AccessControlAllowOrigin = "*";
                headers.AccessControlAllowMethods = "GET, POST";
                headers.AccessControlAllowHeaders = "Authorization, Content-Type, DPoP";
                headers.AccessControlMaxAge = "3600";
                return Results.NoContent();
            });
}
