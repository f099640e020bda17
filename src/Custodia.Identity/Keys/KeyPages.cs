using Custodia.Console;
using Custodia.Identity.Administration;
using Custodia.Kernel.Access;
using Custodia.Kernel.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Directory = Custodia.Identity.Directories.Directory;

namespace Custodia.Identity.Keys;

/// <summary><c>/console/directories/{name}/keys</c>.</summary>
internal static class KeyPages
{
    public const string Section = "keys";

    /// <summary>Registered notices.</summary>
    public const string Rotated = "key-rotated";
    public const string Revoked = "key-revoked";
    public const string TooSoon = "key-too-soon";

    public static void MapKeyPages(this IEndpointRouteBuilder routes)
    {
        var pages = routes.MapGroup("/console/directories/{name}/" + Section).ExcludeFromDescription();
        pages.MapGet("", ShowAsync).RequirePermission(Permissions.DirectoriesRead);
        pages.MapPost("/rotate", RotateAsync).RequirePermission(Permissions.DirectoriesWrite, KeysApi.Rotate);
        pages.MapPost("/{id:guid}/revoke", RevokeAsync).RequirePermission(Permissions.DirectoriesWrite, KeysApi.Revoke);
    }

    private static async Task<IResult> ShowAsync(HttpContext http, string name, KeyAdministration keys, CancellationToken cancellation)
    {
        if (await keys.DirectoryAsync(http.Caller().Account, name, cancellation) is not { } directory) return Problem.NotFound("directory");
        return View.Show<KeysPage>(new KeysModel(directory, await keys.ListAsync(directory, cancellation), http.Caller().Can(Permissions.DirectoriesWrite)));
    }

    private static async Task<IResult> RotateAsync(
        HttpContext http, string name, [FromForm] IFormCollection posted, KeyAdministration keys, CancellationToken cancellation)
    {
        var algorithm = posted["algorithm"].ToString();
        if (!SignatureAlgorithm.All.Contains(algorithm, StringComparer.Ordinal)) return Problem.Invalid(("algorithm", string.Join(" or ", SignatureAlgorithm.All)));
        if (await keys.DirectoryAsync(http.Caller().Account, name, cancellation) is not { } directory) return Problem.NotFound("directory");
        var note = await keys.RotateAsync(directory, algorithm, cancellation) is KeyOutcome.Done ? Rotated : TooSoon;
        return new SeeOther($"/console/directories/{directory.Name}/{Section}?note={note}");
    }

    private static async Task<IResult> RevokeAsync(
        HttpContext http, string name, Guid id, [FromForm] IFormCollection posted, KeyAdministration keys, CancellationToken cancellation)
    {
        _ = posted;
        if (await keys.DirectoryAsync(http.Caller().Account, name, cancellation) is not { } directory) return Problem.NotFound("directory");
        return await keys.RevokeAsync(directory, id, cancellation) is KeyOutcome.Done
            ? new SeeOther($"/console/directories/{directory.Name}/{Section}?note={Revoked}")
            : Problem.NotFound("key");
    }
}

internal sealed record KeysModel(Directory Directory, IReadOnlyList<KeyView> Keys, bool MayWrite);
