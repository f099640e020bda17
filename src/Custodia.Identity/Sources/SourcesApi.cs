using Custodia.Identity.Administration;
using Custodia.Identity.Branding;
using Custodia.Kernel.Access;
using Custodia.Kernel.Http;
using Custodia.Kernel.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Directory = Custodia.Identity.Directories.Directory;

namespace Custodia.Identity.Sources;

/// <summary><c>/api/v1/directories/{name}/sources</c>: identity providers elsewhere.</summary>
internal static class SourcesApi
{
    public const string Area = "authentication-sources";

    public static void MapSourcesApi(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/v1/directories/{name}/sources").WithTags("Authentication sources");
        api.MapGet("", ListAsync).RequirePermission(Permissions.DirectoriesRead).Produces<SourceList>()
            .Describe("listAuthenticationSources", "Identity providers of a directory; at most 50");
        api.MapPost("", CreateAsync).RequirePermission(Permissions.DirectoriesWrite, Area).WhileOpen(AccountServices.Identity).Produces<SourceView>(StatusCodes.Status201Created)
            .Describe("createAuthenticationSource", "Adds an identity provider; its discovery document is read at once", 409);
        api.MapGet("/{source}", GetAsync).RequirePermission(Permissions.DirectoriesRead).Produces<SourceView>()
            .Describe("getAuthenticationSource", "An identity provider");
        api.MapPatch("/{source}", UpdateAsync).RequirePermission(Permissions.DirectoriesWrite, Area).Produces<SourceView>()
            .Describe("updateAuthenticationSource", "Changes an identity provider; what is left out stays");
        api.MapDelete("/{source}", DeleteAsync).RequirePermission(Permissions.DirectoriesWrite, Area).Produces(StatusCodes.Status204NoContent)
            .Describe("deleteAuthenticationSource", "Removes an identity provider with everybody's connections to it");
    }

    private static async Task<IResult> ListAsync(HttpContext http, string name, [AsParameters] SourceParts parts, CancellationToken cancellation)
    {
        if (await parts.Queries.DirectoryAsync(http.Caller().Account, name, cancellation) is not { } directory) return Problem.NotFound("directory");
        var front = await parts.FrontOfAsync(directory, cancellation);
        return Results.Ok(new SourceList([.. (await parts.Registry.ListAsync(directory, cancellation)).Select(s => SourceView.Of(s, front))], NextCursor: null));
    }

    private static async Task<IResult> GetAsync(HttpContext http, string name, string source, [AsParameters] SourceParts parts, CancellationToken cancellation)
    {
        if (await parts.Queries.DirectoryAsync(http.Caller().Account, name, cancellation) is not { } directory) return Problem.NotFound("directory");
        return await parts.Registry.FindAsync(directory, source, cancellation) is { } found
            ? Results.Ok(SourceView.Of(found, await parts.FrontOfAsync(directory, cancellation)))
            : Problem.NotFound("source");
    }

    private static async Task<IResult> CreateAsync(HttpContext http, string name, NewSource body, [AsParameters] SourceParts parts, CancellationToken cancellation)
    {
        if (await parts.Queries.DirectoryAsync(http.Caller().Account, name, cancellation) is not { } directory) return Problem.NotFound("directory");
        var outcome = await parts.Registry.CreateAsync(directory, body, cancellation);
        return outcome is SourceOutcome.Done done
            ? Results.Created($"/api/v1/directories/{name}/sources/{done.Source.Name}", SourceView.Of(done.Source, await parts.FrontOfAsync(directory, cancellation)))
            : Answer(outcome);
    }

    private static async Task<IResult> UpdateAsync(
        HttpContext http, string name, string source, SourceSettings body, [AsParameters] SourceParts parts, CancellationToken cancellation)
    {
        if (await parts.Queries.DirectoryAsync(http.Caller().Account, name, cancellation) is not { } directory) return Problem.NotFound("directory");
        var outcome = await parts.Registry.UpdateAsync(directory, source, body, cancellation);
        return outcome is SourceOutcome.Done done ? Results.Ok(SourceView.Of(done.Source, await parts.FrontOfAsync(directory, cancellation))) : Answer(outcome);
    }

    private static async Task<IResult> DeleteAsync(HttpContext http, string name, string source, [AsParameters] SourceParts parts, CancellationToken cancellation)
    {
        if (await parts.Queries.DirectoryAsync(http.Caller().Account, name, cancellation) is not { } directory) return Problem.NotFound("directory");
        return await parts.Registry.FindAsync(directory, source, cancellation) is { } found && await parts.Registry.RemoveAsync(found, "source removed", cancellation)
            ? Results.NoContent()
            : Problem.NotFound("source");
    }

    private static IResult Answer(SourceOutcome outcome) => outcome switch
    {
        SourceOutcome.Invalid invalid => invalid.Findings.ToProblem(),
        SourceOutcome.Taken => Problem.Conflict("taken", "This name is taken in this directory.", ("field", "name")),
        _ => Problem.NotFound("source"),
    };
}

/// <summary>What the administration of sources works with.</summary>
internal readonly record struct SourceParts(SourceRegistry Registry, UserQueries Queries, Brandings Brandings)
{
    /// <summary>Base of the redirect addresses.</summary>
    public async ValueTask<string> FrontOfAsync(Directory directory, CancellationToken cancellation) =>
        $"{await Brandings.FrontAsync(directory.Id, cancellation)}/d/{directory.Name}";
}
