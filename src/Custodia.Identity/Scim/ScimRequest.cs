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
    private const int DefaultResults = 100;

    /// <summary>The customer directory of the route; only applications provision.</summary>
    public static async Task<Directory> DirectoryAsync(HttpContext http, IdentityContext database, string name, CancellationToken cancellation)
    {
        var caller = http.Caller();
        // Values leave here unmasked, to the system that provisions them. People see values by the whitelist, on the record.
        if (caller.Kind != CallerKind.Application) throw new ScimFault(StatusCodes.Status403Forbidden, null, "Only an application with a token may provision.");
        var directory = await database.Directories.AsNoTracking().FirstOrDefaultAsync(d => d.Account == caller.Account && d.Name == name, cancellation);
        return directory is { IsStaff: false } found ? found : throw ScimFault.NotFound();
    }

    /// <summary>From where, counted from 1, and how many (RFC 7644, section 3.4.2.4).</summary>
    public static (int Start, int Count) Page(HttpContext http)
    {
        var query = http.Request.Query;
        if (query.ContainsKey("sortBy")) throw ScimFault.InvalidValue("Sorting is not supported; see ServiceProviderConfig.");
        return (Math.Max(1, Number(query["startIndex"], 1)), Math.Clamp(Number(query["count"], DefaultResults), 0, MaxResults));
    }

    /// <summary>Leaves only the attributes that are wanted; what is always returned stays (RFC 7644, section 3.9).</summary>
    public static JsonObject Choose(HttpContext http, JsonObject resource)
    {
        var wanted = Names(http.Request.Query["attributes"]);
        var unwanted = Names(http.Request.Query["excludedAttributes"]);
        if (wanted.Count == 0 && unwanted.Count == 0) return resource;
        foreach (var name in resource.Select(p => p.Key).ToArray())
        {
            if (name is "id" or "schemas") continue;
            var lower = name.ToLowerInvariant();
            var isNamed = (HashSet<string> names) => names.Contains(lower) || names.Any(n => n.StartsWith(lower + ".", StringComparison.Ordinal));
            if ((wanted.Count > 0 && !isNamed(wanted)) || unwanted.Contains(lower)) resource.Remove(name);
        }

        return resource;
    }

    /// <summary>412 when the client has seen another version; 304 is answered by the caller.</summary>
    public static void CheckMatch(HttpContext http, string version)
    {
        var match = http.Request.Headers.IfMatch.ToString();
        if (match.Length > 0 && match != "*" && !Versions(match).Contains(version, StringComparer.Ordinal))
            throw new ScimFault(StatusCodes.Status412PreconditionFailed, null, "The resource has changed meanwhile.");
    }

    public static bool IsUnchanged(HttpContext http, string version) =>
        Versions(http.Request.Headers.IfNoneMatch.ToString()).Contains(version, StringComparer.Ordinal);

    private static IEnumerable<string> Versions(string header) => header.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static int Number(string? text, int otherwise) =>
        string.IsNullOrEmpty(text) ? otherwise : int.TryParse(text, System.Globalization.NumberStyles.AllowLeadingSign, System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : throw ScimFault.InvalidValue("startIndex and count are numbers.");

    private static HashSet<string> Names(string? text) =>
        [.. (text ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(ScimFilter.PathOf)];
}
