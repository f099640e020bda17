using Custodia.Identity.Administration;
using Custodia.Kernel.Access;
using Custodia.Kernel.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Custodia.Identity.Merging;

/// <summary><c>POST /api/v1/users/{id}/merge</c>.</summary>
internal static class MergeApi
{
    public const string Area = "users.merge";

    public static void MapMergeApi(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/v1/users/{id:guid}/merge", MergeAsync).WithTags("Users")
            .RequirePermission(Permissions.UsersDelete, Area).Produces<MergeAnswer>()
            .Describe("mergeUsers", "Makes one account of two; the one in the address survives, the other is deleted", 409);

    private static async Task<IResult> MergeAsync(HttpContext http, Guid id, MergeRequest body, UserQueries users, AccountMerge merge, CancellationToken cancellation)
    {
        if (await users.FindAsync(http.Caller().Account, id, cancellation) is not { } found) return Problem.NotFound("user");
        if (found.Directory.IsStaff) return Problem.Conflict("staff-directory", "Members of staff are not merged: their roles would be.");
        return await merge.RunAsync(http, found.Directory, id, body.Other, "api", cancellation) switch
        {
            MergeOutcome.Merged merged => Results.Ok(new MergeAnswer(id, merged.Connections, merged.Request.Id, merged.Request.DueAt)),
            MergeOutcome.Same => Problem.Invalid(("other", "another account than the one that survives")),
            MergeOutcome.NotKept => Problem.Conflict("not-kept", "The account that is to survive is locked, frozen or about to be deleted."),
            _ => Problem.Invalid(("other", "an account of the same directory")),
        };
    }
}

/// <param name="Other">The account that goes; of the same directory.</param>
internal sealed record MergeRequest(Guid Other);

/// <param name="Surviving">The account that stays.</param>
/// <param name="Connections">How many connections with identity providers it has taken over.</param>
/// <param name="DeletionRequest">The request under which the other is deleted.</param>
internal sealed record MergeAnswer(Guid Surviving, int Connections, Guid DeletionRequest, DateTimeOffset DueAt);
