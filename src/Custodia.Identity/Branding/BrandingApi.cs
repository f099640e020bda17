using Custodia.Identity.Administration;
using Custodia.Kernel.Access;
using Custodia.Kernel.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Custodia.Identity.Branding;

/// <summary><c>/api/v1/directories/{name}/branding</c>.</summary>
internal static class BrandingApi
{
    public const string Area = "directories.branding";

    public static void MapBrandingApi(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/v1/directories/{name}/branding").WithTags("Directories");
        api.MapGet("", GetAsync).RequirePermission(Permissions.DirectoriesRead).Produces<BrandingSettings>()
            .Describe("getBranding", "The look of a directory's pages");
        api.MapPatch("", UpdateAsync).RequirePermission(Permissions.DirectoriesWrite, Area).Produces<BrandingSettings>()
            .Describe("updateBranding", "Changes the look; what is left out stays, what is empty is cleared");
    }

    private static async Task<IResult> GetAsync(HttpContext http, string name, UserQueries queries, Brandings brandings, CancellationToken cancellation) =>
        await queries.DirectoryAsync(http.Caller().Account, name, cancellation) is { } directory
            ? Results.Ok(BrandingSettings.Of(await brandings.FindAsync(directory.Id, cancellation)))
            : Problem.NotFound("directory");

    private static async Task<IResult> UpdateAsync(
        HttpContext http, string name, BrandingSettings body, UserQueries queries, BrandingChanges changes, CancellationToken cancellation)
    {
        if (await queries.DirectoryAsync(http.Caller().Account, name, cancellation) is not { } directory) return Problem.NotFound("directory");
        return await changes.ApplyAsync(directory, body, cancellation) switch
        {
            BrandingOutcome.Done done => Results.Ok(BrandingSettings.Of(done.Branding)),
            BrandingOutcome.Invalid invalid => invalid.Findings.ToProblem(),
            _ => throw new InvalidOperationException("No such outcome."),
        };
    }
}
