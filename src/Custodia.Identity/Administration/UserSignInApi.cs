using Custodia.Console;
using Custodia.Identity.Logs;
using Custodia.Identity.Sessions;
using Custodia.Kernel.Access;
using Custodia.Kernel.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Custodia.Identity.Administration;

/// <summary>Sessions and second factors of a user, by API and at <c>/console/users/{id}/sign-in</c>.</summary>
internal static class UserSignInApi
{
    public static void MapUserSignIn(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/v1/users/{id:guid}").WithTags("Users");
        api.MapGet("/sessions", ListAsync).RequirePermission(Permissions.UsersRead).Produces<ListAnswer<SessionAnswer>>()
            .Describe("listUserSessions", "Open sessions of a user, newest first, at most 100; values masked");
        api.MapDelete("/sessions/{session:guid}", EndAsync).WithinOwnRank().RequirePermission(Permissions.UsersWrite, "users.sessions").Produces(StatusCodes.Status204NoContent)
            .Describe("endUserSession", "Ends one session of a user");
        api.MapGet("/second-factors", FactorsAsync).RequirePermission(Permissions.UsersRead).Produces<SecondFactorsAnswer>()
            .Describe("getUserSecondFactors", "Which second factors a user has");
        api.MapDelete("/second-factors", ResetAsync).WithinOwnRank().RequirePermission(Permissions.UsersWrite, "users.second-factors").Produces(StatusCodes.Status204NoContent)
            .Describe("resetUserSecondFactors", "Takes all second factors of a user away and ends their sessions; the user is told", 409);
        var pages = routes.MapGroup("/console/users/{id:guid}/sign-in").ExcludeFromDescription();
        pages.MapGet("", ShowAsync).RequirePermission(Permissions.UsersRead);
        pages.MapPost("/sessions/end", EndFromPageAsync).WithinOwnRank().RequirePermission(Permissions.UsersWrite, "users.sessions");
        pages.MapPost("/second-factors/reset", ResetFromPageAsync).WithinOwnRank().RequirePermission(Permissions.UsersWrite, "users.second-factors");
    }

    private static async Task<IResult> ListAsync(HttpContext http, Guid id, UserQueries users, UserSignIns signIns, CancellationToken cancellation) =>
        await users.FindAsync(http.Caller().Account, id, cancellation) is null
            ? Problem.NotFound("user")
            : Results.Ok(new ListAnswer<SessionAnswer>(await signIns.SessionsAsync(id, cancellation), null));

    private static async Task<IResult> EndAsync(HttpContext http, Guid id, Guid session, UserQueries users, BrowserSessions sessions, CancellationToken cancellation)
    {
        if (await users.FindAsync(http.Caller().Account, id, cancellation) is null) return Problem.NotFound("user");
        return await sessions.EndAsync(id, session, cancellation) ? Results.NoContent() : Problem.NotFound("session");
    }

    private static async Task<IResult> FactorsAsync(HttpContext http, Guid id, UserQueries users, UserSignIns signIns, CancellationToken cancellation) =>
        await users.FindAsync(http.Caller().Account, id, cancellation) is null ? Problem.NotFound("user") : Results.Ok(await signIns.FactorsAsync(id, cancellation));

    private static async Task<IResult> ResetAsync(
        HttpContext http, Guid id, UserQueries users, FactorReset reset, UserOperations operations, CancellationToken cancellation)
    {
        var caller = http.Caller();
        if (await users.FindAsync(caller.Account, id, cancellation) is not { } found) return Problem.NotFound("user");
        if (id == caller.Person) return Problem.Conflict("yourself", "Nobody takes their own second factors away here; the account page does it.");
        if (!await reset.ResetAsync(found.Directory, id, cancellation)) return Problem.NotFound("user");
        await operations.RecordAsync(http, found.Directory, id, OperationResult.SecondFactorRemoved, cancellation);
        return Results.NoContent();
    }

    private static async Task<IResult> ShowAsync(HttpContext http, Guid id, UserQueries users, UserSignIns signIns, StaffRanks ranks, CancellationToken cancellation)
    {
        var caller = http.Caller();
        if (await users.FindAsync(caller.Account, id, cancellation) is not { } found) return Problem.NotFound("user");
        var user = await users.AnswerAsync(found.User, found.Directory, cancellation);
        var may = caller.Can(Permissions.UsersWrite) && id != caller.Person && await ranks.ReachesAsync(caller, id, cancellation);
        return View.Show<UserSignInPage>(new UserSignInModel(user, await signIns.SessionsAsync(id, cancellation), await signIns.FactorsAsync(id, cancellation), may));
    }

    private static async Task<IResult> EndFromPageAsync(
        HttpContext http, Guid id, [FromForm] IFormCollection posted, UserQueries users, BrowserSessions sessions, CancellationToken cancellation)
    {
        if (await users.FindAsync(http.Caller().Account, id, cancellation) is null) return Problem.NotFound("user");
        if (Guid.TryParse(posted["session"], out var session)) await sessions.EndAsync(id, session, cancellation);
        else await sessions.EndAllAsync(id, except: null, cancellation);
        return new SeeOther($"/console/users/{id}/sign-in?note=sessions-ended");
    }

    private static async Task<IResult> ResetFromPageAsync(
        HttpContext http, Guid id, [FromForm] IFormCollection posted, UserQueries users, FactorReset reset, UserOperations operations, CancellationToken cancellation)
    {
        _ = posted;
        var answer = await ResetAsync(http, id, users, reset, operations, cancellation);
        return answer is Microsoft.AspNetCore.Http.HttpResults.NoContent ? new SeeOther($"/console/users/{id}/sign-in?note=factors-reset") : answer;
    }
}

internal sealed record UserSignInModel(UserAnswer User, IReadOnlyList<SessionAnswer> Sessions, SecondFactorsAnswer Factors, bool MayWrite);
