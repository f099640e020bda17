using Custodia.Console;
using Custodia.Identity.Administration;
using Custodia.Kernel.Access;
using Custodia.Kernel.Http;
using Custodia.Kernel.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Directory = Custodia.Identity.Directories.Directory;

namespace Custodia.Identity.Sources;

/// <summary><c>/console/directories/{name}/sources</c>.</summary>
internal static class SourcePages
{
    public static void MapSourcePages(this IEndpointRouteBuilder routes)
    {
        var pages = routes.MapGroup("/console/directories/{name}/sources").ExcludeFromDescription();
        pages.MapGet("", ListAsync).RequirePermission(Permissions.DirectoriesRead);
        pages.MapGet("/new", NewAsync).RequirePermission(Permissions.DirectoriesWrite);
        pages.MapPost("/new", CreateAsync).RequirePermission(Permissions.DirectoriesWrite, SourcesApi.Area).WhileOpen(AccountServices.Identity);
        pages.MapGet("/{source}", ShowAsync).RequirePermission(Permissions.DirectoriesRead);
        pages.MapPost("/{source}", SaveAsync).RequirePermission(Permissions.DirectoriesWrite, SourcesApi.Area);
        pages.MapPost("/{source}/delete", DeleteAsync).RequirePermission(Permissions.DirectoriesWrite, SourcesApi.Area);
    }

    private static async Task<IResult> ListAsync(HttpContext http, string name, [AsParameters] SourceParts parts, CancellationToken cancellation)
    {
        if (await parts.Queries.DirectoryAsync(http.Caller().Account, name, cancellation) is not { } directory) return Problem.NotFound("directory");
        var front = await parts.FrontOfAsync(directory, cancellation);
        var sources = (await parts.Registry.ListAsync(directory, cancellation)).ConvertAll(s => SourceView.Of(s, front));
        return View.Show<SourcesPage>(new SourcesModel(directory, sources, http.Caller().Can(Permissions.DirectoriesWrite)));
    }

    private static async Task<IResult> NewAsync(HttpContext http, string name, SourceKind? kind, [AsParameters] SourceParts parts, CancellationToken cancellation)
    {
        if (await parts.Queries.DirectoryAsync(http.Caller().Account, name, cancellation) is not { } directory) return Problem.NotFound("directory");
        return View.Show<SourcePage>(new SourceModel(directory, null, kind ?? SourceKind.OpenIdConnect, new FormState(), MayWrite: true));
    }

    private static async Task<IResult> CreateAsync(
        HttpContext http, string name, [FromForm] IFormCollection posted, [AsParameters] SourceParts parts, CancellationToken cancellation)
    {
        if (await parts.Queries.DirectoryAsync(http.Caller().Account, name, cancellation) is not { } directory) return Problem.NotFound("directory");
        var form = new FormState(posted);
        _ = Enum.TryParse<SourceKind>(form["kind"], ignoreCase: true, out var kind);
        var outcome = await parts.Registry.CreateAsync(directory, SourceForm.ReadNew(form, kind), cancellation);
        if (outcome is SourceOutcome.Done done) return new SeeOther($"{Home(directory)}/{done.Source.Name}?note=created");
        SourceForm.Explain(form, outcome);
        return View.Invalid<SourcePage>(new SourceModel(directory, null, kind, form, MayWrite: true));
    }

    private static async Task<IResult> ShowAsync(HttpContext http, string name, string source, [AsParameters] SourceParts parts, CancellationToken cancellation)
    {
        if (await parts.Queries.DirectoryAsync(http.Caller().Account, name, cancellation) is not { } directory) return Problem.NotFound("directory");
        if (await parts.Registry.FindAsync(directory, source, cancellation) is not { } found) return Problem.NotFound("source");
        var view = SourceView.Of(found, await parts.FrontOfAsync(directory, cancellation));
        return View.Show<SourcePage>(new SourceModel(directory, view, found.Kind, SourceForm.Of(view.Settings), http.Caller().Can(Permissions.DirectoriesWrite)));
    }

    private static async Task<IResult> SaveAsync(
        HttpContext http, string name, string source, [FromForm] IFormCollection posted, [AsParameters] SourceParts parts, CancellationToken cancellation)
    {
        if (await parts.Queries.DirectoryAsync(http.Caller().Account, name, cancellation) is not { } directory) return Problem.NotFound("directory");
        if (await parts.Registry.FindAsync(directory, source, cancellation) is not { } found) return Problem.NotFound("source");
        var form = new FormState(posted);
        var outcome = await parts.Registry.UpdateAsync(directory, source, SourceForm.Read(form, found.Kind), cancellation);
        if (outcome is SourceOutcome.Done) return new SeeOther($"{Home(directory)}/{source}?note=saved");
        SourceForm.Explain(form, outcome);
        var view = SourceView.Of(found, await parts.FrontOfAsync(directory, cancellation));
        return View.Invalid<SourcePage>(new SourceModel(directory, view, found.Kind, form, MayWrite: true));
    }

    private static async Task<IResult> DeleteAsync(
        HttpContext http, string name, string source, [FromForm] IFormCollection posted, [AsParameters] SourceParts parts, CancellationToken cancellation)
    {
        _ = posted;
        if (await parts.Queries.DirectoryAsync(http.Caller().Account, name, cancellation) is not { } directory) return Problem.NotFound("directory");
        return await parts.Registry.FindAsync(directory, source, cancellation) is { } found && await parts.Registry.RemoveAsync(found, "source removed", cancellation)
            ? new SeeOther($"{Home(directory)}?note=deleted")
            : Problem.NotFound("source");
    }

    private static string Home(Directory directory) => $"/console/directories/{directory.Name}/sources";
}

internal sealed record SourcesModel(Directory Directory, IReadOnlyList<SourceView> Sources, bool MayWrite);

/// <param name="Source">Null for a new one.</param>
internal sealed record SourceModel(Directory Directory, SourceView? Source, SourceKind Kind, FormState Form, bool MayWrite)
{
    public string Home => $"/console/directories/{Directory.Name}/sources";
}
