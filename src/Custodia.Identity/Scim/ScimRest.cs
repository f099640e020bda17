using Custodia.Identity.Administration;
using Custodia.Kernel.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Custodia.Identity.Scim;

/// <summary>What is not there or cannot be done, in the standard's own form (RFC 7644, section 3.12) instead of the API's.</summary>
internal static class ScimRest
{
    public static void MapScimRest(this RouteGroupBuilder scim) =>
        scim.Map("/{**rest}", (HttpContext http, string? rest) => Refuse(http, (rest ?? "").Split('/', StringSplitOptions.RemoveEmptyEntries))).RequirePermission(Permissions.Scim);

    private static ScimAnswer Refuse(HttpContext http, string[] path)
    {
        var allowed = (path.FirstOrDefault(), path.Length) switch
        {
            ("Users" or "Groups", 1) => "GET, POST",
            ("Users" or "Groups", 2) when path[1] == ".search" => "POST",
            ("Users" or "Groups", 2) => "GET, PUT, PATCH, DELETE",
            ("ServiceProviderConfig", 1) or ("ResourceTypes" or "Schemas", 1 or 2) => "GET",
            _ => null,
        };
        if (allowed is not null)
        {
            http.Response.Headers.Allow = allowed;
            return ScimAnswer.Error(new ScimFault(StatusCodes.Status405MethodNotAllowed, null, $"Only {allowed}."));
        }

        // Sections 3.7 and 3.11: who does not offer them says so.
        return ScimAnswer.Error(
            path is ["Bulk"] or ["Me", ..]
                ? new ScimFault(StatusCodes.Status501NotImplemented, null, "Not supported; see ServiceProviderConfig.")
                : ScimFault.NotFound());
    }
}
