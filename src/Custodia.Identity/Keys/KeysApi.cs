using Custodia.Identity.Administration;
using Custodia.Kernel.Access;
using Custodia.Kernel.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Custodia.Identity.Keys;

/// <summary><c>/api/v1/directories/{name}/keys</c>: the signing keys of a directory.</summary>
internal static class KeysApi
{
    public const string Rotate = "keys.rotate";
    public const string Revoke = "keys.revoke";

    public static void MapKeysApi(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/v1/directories/{name}/keys").WithTags("Directories");
        api.MapGet("", ListAsync).RequirePermission(Permissions.DirectoriesRead).Produces<ListAnswer<KeyView>>()
            .Describe("listSigningKeys", "Signing keys of a directory that are published");
        api.MapPost("/rotate", RotateAsync).RequirePermission(Permissions.DirectoriesWrite, Rotate).Produces<ListAnswer<KeyView>>()
            .Describe("rotateSigningKey", "Lets the next key sign at once; the present one stays published", 409);
        api.MapDelete("/{id:guid}", RevokeAsync).RequirePermission(Permissions.DirectoriesWrite, Revoke).Produces(StatusCodes.Status204NoContent)
            .Describe("revokeSigningKey", "Takes a key back: what it signed is worth nothing from now on");
    }

    private static async Task<IResult> ListAsync(HttpContext http, string name, KeyAdministration keys, CancellationToken cancellation) =>
        await keys.DirectoryAsync(http.Caller().Account, name, cancellation) is { } directory
            ? Results.Ok(new ListAnswer<KeyView>(await keys.ListAsync(directory, cancellation), NextCursor: null))
            : Problem.NotFound("directory");

    private static async Task<IResult> RotateAsync(HttpContext http, string name, KeyRotationRequest? body, KeyAdministration keys, CancellationToken cancellation)
    {
        var algorithm = body?.Algorithm ?? SignatureAlgorithm.Es256;
        if (!SignatureAlgorithm.All.Contains(algorithm, StringComparer.Ordinal)) return Problem.Invalid(("algorithm", string.Join(" or ", SignatureAlgorithm.All)));
        if (await keys.DirectoryAsync(http.Caller().Account, name, cancellation) is not { } directory) return Problem.NotFound("directory");
        return await keys.RotateAsync(directory, algorithm, cancellation) switch
        {
            KeyOutcome.Done => Results.Ok(new ListAnswer<KeyView>(await keys.ListAsync(directory, cancellation), NextCursor: null)),
            KeyOutcome.TooSoon => Problem.Conflict("too-soon", "A key has taken over within the last minute."),
            _ => Problem.NotFound("directory"),
        };
    }

    private static async Task<IResult> RevokeAsync(HttpContext http, string name, Guid id, KeyAdministration keys, CancellationToken cancellation)
    {
        if (await keys.DirectoryAsync(http.Caller().Account, name, cancellation) is not { } directory) return Problem.NotFound("directory");
        return await keys.RevokeAsync(directory, id, cancellation) is KeyOutcome.Done ? Results.NoContent() : Problem.NotFound("key");
    }
}

/// <param name="Algorithm"><c>ES256</c> (default) or <c>RS256</c>.</param>
internal sealed record KeyRotationRequest(string? Algorithm = null);
