using Custodia.Console;
using Custodia.Identity.Factors;
using Custodia.Identity.Logs;
using Custodia.Identity.Sessions;
using Custodia.Identity.SignIn;
using Custodia.Kernel.Http;
using Custodia.Kernel.Streams;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Custodia.Identity.Portal;

/// <summary>A person's password, sessions and activity.</summary>
internal static class SecurityEndpoints
{
    public static void MapSecurity(this RouteGroupBuilder portal)
    {
        portal.MapGet("/security", ShowAsync);
        portal.MapPost("/password", ChangePasswordAsync);
        portal.MapPost("/sessions/{session:guid}/end", EndAsync);
        portal.MapPost("/sessions/end", EndManyAsync);
        portal.MapGet("/activity", ActivityAsync);
    }

    private static async Task<IResult> ShowAsync(HttpContext http, SecurityModels models, CancellationToken cancellation) =>
        View.Show<SecurityPage>(await models.OfAsync(http.Live(), new FormState(), cancellation));

    private static async Task<IResult> ChangePasswordAsync(
        HttpContext http, [FromForm] IFormCollection posted, PasswordChange change, CredentialNotices notices, SecurityModels models, CancellationToken cancellation)
    {
        var live = http.Live();
        var form = new FormState(posted);
        if (await change.TryAsync(http, live, form, cancellation))
        {
            await notices.SendAsync(live.Directory, live.User, "PasswordChanged", cancellation);
            return new SeeOther($"/account/{live.Directory.Name}/security?note=password-changed");
        }

        return View.Show<SecurityPage>(SignInEndpoints.StatusOf(form, http), await models.OfAsync(live, form, cancellation));
    }

    private static async Task<IResult> EndAsync(
        HttpContext http, Guid session, [FromForm] IFormCollection posted, BrowserSessions sessions, UserOperations operations, CancellationToken cancellation)
    {
        _ = posted;
        var live = http.Live();
        if (!await sessions.EndAsync(live.User.Id, session, cancellation)) return Problem.NotFound("session");
        await operations.RecordAsync(http, live.Directory, live.User.Id, OperationResult.SessionEnded, cancellation);
        return After(live, session == live.Session.Id);
    }

    private static async Task<IResult> EndManyAsync(
        HttpContext http, [FromForm] IFormCollection posted, BrowserSessions sessions, UserOperations operations, CancellationToken cancellation)
    {
        var live = http.Live();
        var all = posted["which"] == "all";
        await sessions.EndAllAsync(live.User.Id, all ? null : live.Session.Id, cancellation);
        await operations.RecordAsync(http, live.Directory, live.User.Id, OperationResult.SessionsEnded, cancellation);
        if (all) SessionCookie.Delete(http, live.Directory.Name);
        return After(live, all);
    }

    private static async Task<IResult> ActivityAsync(HttpContext http, string? cursor, LogStreams streams, CancellationToken cancellation)
    {
        var live = http.Live();
        var page = await streams.QueryAsync(
            new StreamQuery("identity.user-operation-log", live.User.Account) { Person = live.User.Id, Cursor = cursor, Limit = 25 }, cancellation);
        var older = page.NextCursor is null ? null : $"/account/{live.Directory.Name}/activity?cursor={Uri.EscapeDataString(page.NextCursor)}";
        return View.Show<ActivityPage>(new ActivityModel(live.Directory, page.Entries, older));
    }

    private static SeeOther After(LiveSession live, bool signedOut) => new(
        signedOut ? $"/d/{live.Directory.Name}/sign-in?note=signed-out" : $"/account/{live.Directory.Name}/security?note=session-ended");
}
