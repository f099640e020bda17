using Custodia.Kernel.Access;
using Custodia.Kernel.Hosting;
using Custodia.Kernel.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Custodia.Kernel.Deletion;

/// <summary>Deletion requests for privacy officers and auditors. Requests are opened where the person is known: in Identity.</summary>
internal static class DeletionApi
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/v1").WithTags("Protection");
        api.MapGet("/deletion-requests", ListAsync).RequirePermission(DeletionAccess.Read).Produces<DeletionRequestPage>()
            .Describe("listDeletionRequests", "Deletion requests, newest first");
        api.MapGet("/deletion-requests/{id:guid}", GetAsync).RequirePermission(DeletionAccess.Read).Produces<DeletionRequest>()
            .Describe("getDeletionRequest", "One deletion request");
        api.MapGet("/deletion-requests/{id:guid}/evidence", EvidenceAsync).RequirePermission(DeletionAccess.Read).Produces<System.Text.Json.Nodes.JsonObject>(contentType: "application/jose+json")
            .Describe("getDeletionEvidence", "The signed evidence of a finished request (JWS)");
        api.MapGet("/deletion-figures", FiguresAsync).RequirePermission(DeletionAccess.Read).Produces<DeletionStanding>()
            .Describe("getDeletionFigures", "How the account keeps its deadlines");
    }

    private static async Task<IResult> ListAsync(DeletionRequests requests, HttpContext http, string? cursor, int? limit, CancellationToken cancellation)
    {
        if (limit is < 1 or > 500) return Problem.Invalid(("limit", "must be 1 to 500"));
        DateTimeOffset? before = null;
        if (cursor is not null)
        {
            if (!long.TryParse(cursor, System.Globalization.NumberStyles.None, null, out var milliseconds) || milliseconds > 253_402_300_799_999L)
                return Problem.Invalid(("cursor", "is not one that a previous page gave"));
            before = DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
        }

        var size = limit ?? 50;
        var items = await requests.ListAsync(http.Caller().Account, before, size, cancellation);
        var next = items.Count == size ? items[^1].RequestedAt.ToUnixTimeMilliseconds().ToString() : null;
        return TypedResults.Ok(new DeletionRequestPage(items, next));
    }

    private static async Task<IResult> GetAsync(DeletionRequests requests, HttpContext http, Guid id, CancellationToken cancellation) =>
        await requests.FindAsync(http.Caller().Account, id, cancellation) is { } request
            ? TypedResults.Ok(request)
            : Problem.NotFound("deletion request");

    private static async Task<IResult> EvidenceAsync(DeletionRequests requests, DataLayout layout, HttpContext http, Guid id, CancellationToken cancellation)
    {
        var request = await requests.FindAsync(http.Caller().Account, id, cancellation);
        if (request?.EvidenceFile is not { } file) return Problem.NotFound("evidence");
        return TypedResults.PhysicalFile(Path.Combine(layout.Root, file), "application/jose+json", $"evidence-{id:N}.json");
    }

    private static async Task<Ok<DeletionStanding>> FiguresAsync(DeletionRequests requests, HttpContext http, CancellationToken cancellation) =>
        TypedResults.Ok(await requests.FiguresAsync(http.Caller().Account, cancellation));
}

/// <param name="NextCursor">Null on the last page.</param>
internal sealed record DeletionRequestPage(IReadOnlyList<DeletionRequest> Items, string? NextCursor);

/// <summary>Permissions over deletion requests.</summary>
public static class DeletionAccess
{
    public const string Read = "protection.deletions.read";
}
