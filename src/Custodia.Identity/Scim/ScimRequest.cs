using System.Text.Json.Nodes;
using Custodia.Identity.Directories;
using Custodia.Kernel.Access;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Scim;

/// <summary>What all SCIM requests have in common: the directory, pages, wanted attributes, conditions.</summary>
internal static class ScimRequest
{
    public const int MaxResults = 200;

    /// <summary>The customer directory of the route; only applications provision.</summary>
    public static async Task<Directory> DirectoryAsync(HttpContext http, IdentityContext database, string name, CancellationToken cancellation)
    {
        var caller = http.Caller();
        // Values leave here unmasked, to the system that provisions them. People see values by the whitelist, on the record.
        if (caller.Kind != CallerKind.Application) throw new ScimFault(StatusCodes.Status403Forbidden, null, "Only an application with a token may provision.");
        var directory = await database.Directories.AsNoTracking().FirstOrDefaultAsync(d => d.Account == caller.Account && d.Name == name, cancellation);
        return directory is { IsStaff: false } found ? found : throw ScimFault.NotFound();
    }

    /// <summary>Leaves only the attributes that are wanted (RFC 7644, section 3.9).</summary>
    public static JsonObject Choose(HttpContext http, JsonObject resource) =>
        ScimChoice.Read(http.Request.Query["attributes"], http.Request.Query["excludedAttributes"]).From(resource);

    /// <summary>412 when the client has seen another version; 304 is answered by the caller.</summary>
    public static void CheckMatch(HttpContext http, string version)
    {
        var match = http.Request.Headers.IfMatch.ToString();
        if (match.Length > 0 && match != "*" && !Versions(match).Contains(version, StringComparer.Ordinal))
            throw new ScimFault(StatusCodes.Status412PreconditionFailed, null, "The resource has changed meanwhile.");
    }

    /// <summary>304 with the version (RFC 9110 section 15.4.5) when the client has it; null when it has not.</summary>
    public static IResult? Unchanged(HttpContext http, string version)
    {
        var known = http.Request.Headers.IfNoneMatch.ToString();
        if (!HttpMethods.IsGet(http.Request.Method) || (known != "*" && !Versions(known).Contains(version, StringComparer.Ordinal))) return null;
        http.Response.Headers.ETag = version;
        http.Response.Headers.CacheControl = "no-store";
        return Results.StatusCode(StatusCodes.Status304NotModified);
    }

    private static IEnumerable<string> Versions(string header) => header.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
