using Custodia.Console;
using Custodia.Identity.Browsers;
using Custodia.Identity.Logs;
using Custodia.Identity.Portal;
using Custodia.Identity.Sessions;
using Custodia.Identity.Users;
using Custodia.Kernel.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Merging;

/// <summary>
/// <c>/account/{directory}/connections/merge</c>: a person makes one account of two. They begin in the account that is to stay, sign in to the other
/// in the same browser, as that account demands it, and confirm there. So both are proved, and a link or code that is passed on does
/// nothing.
/// </summary>
internal static class MergePortal
{
    public static void MapMergePortal(this RouteGroupBuilder portal)
    {
        portal.MapGet("/connections/merge", ShowAsync);
        portal.MapPost("/connections/merge/begin", Begin);
        portal.MapPost("/connections/merge", MergeAsync);
    }

    private static async Task<IResult> ShowAsync(HttpContext http, MergeIntents intents, CancellationToken cancellation)
    {
        var live = http.Live();
        if (live.Directory.IsStaff) return Problem.NotFound("page");
        return View.Show<MergeMinePage>(await ModelAsync(http, intents, new FormState(), cancellation));
    }

    private static IResult Begin(HttpContext http, [FromForm] IFormCollection posted, MergeIntents intents, TimeProvider time)
    {
        _ = posted;
        var live = http.Live();
        if (live.Directory.IsStaff) return Problem.NotFound("page");
        if (http.SignInAgain(time, "connections/merge") is { } again) return again;
        intents.Keep(http, live);
        var back = Uri.EscapeDataString($"/account/{live.Directory.Name}/connections/merge");
        return new SeeOther($"/d/{live.Directory.Name}/sign-in?return={back}&note=merge-sign-in");
    }

    private static async Task<IResult> MergeAsync(
        HttpContext http, [FromForm] IFormCollection posted, MergeIntents intents, AccountMerge merge, UserOperations operations, CancellationToken cancellation)
    {
        var live = http.Live();
        var form = new FormState(posted);
        if (await intents.SurvivorAsync(http, live, cancellation) is not { } survivor) return new SeeOther($"/account/{live.Directory.Name}/connections/merge");
        if (!form.Ticked("sure")) form.Fail("sure", MergeTexts.Of("MineSureMissing"));
        if (!form.IsValid) return View.Invalid<MergeMinePage>(await ModelAsync(http, intents, form, cancellation));

        // Recorded first: once erasing has begun, the person's key may be gone.
        await operations.RecordAsync(http, live.Directory, live.User.Id, OperationResult.DeletionRequested, cancellation);
        if (await merge.RunAsync(http, live.Directory, survivor.Id, live.User.Id, "subject", cancellation) is not MergeOutcome.Merged)
        {
            form.Fail(MergeTexts.Of("NotKept"));
            return View.Invalid<MergeMinePage>(await ModelAsync(http, intents, form, cancellation));
        }

        MergeIntents.Forget(http);
        SessionCookie.Delete(http, live.Directory.Name);
        return new SeeOther($"/d/{live.Directory.Name}/sign-in?return={Uri.EscapeDataString($"/account/{live.Directory.Name}")}&note=merged");
    }

    private static async Task<MergeMineModel> ModelAsync(HttpContext http, MergeIntents intents, FormState form, CancellationToken cancellation)
    {
        var live = http.Live();
        var survivor = await intents.SurvivorAsync(http, live, cancellation);
        return new MergeMineModel(
            live.Directory.Name, await intents.NameAsync(live.User, cancellation), survivor is null ? null : await intents.NameAsync(survivor, cancellation), form);
    }
}

/// <summary>That somebody in this browser wants to merge another account into theirs.</summary>
/// <param name="Stamp">Of the surviving account; when it changes credentials meanwhile, the intent is void.</param>
internal sealed record MergeIntent(Guid Directory, Guid Surviving, string Stamp, DateTimeOffset At);

/// <summary>Keeps merge intents in the browser and says what they are worth.</summary>
internal sealed class MergeIntents(ProtectedCookies cookies, IdentityContext database, UserProfiles profiles, TimeProvider time)
{
    private const string Cookie = "custodia-merge";
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(15);

    public void Keep(HttpContext http, LiveSession live) =>
        cookies.Write(http, Cookie, new MergeIntent(live.Directory.Id, live.User.Id, live.User.SecurityStamp, time.GetUtcNow()), Life);

    public static void Forget(HttpContext http) => ProtectedCookies.Forget(http, Cookie);

    /// <summary>
    /// The account that is to stay: the one that began in this browser a short while ago. Null when there is none, or when nobody else
    /// has signed in since.
    /// </summary>
    public async Task<User?> SurvivorAsync(HttpContext http, LiveSession live, CancellationToken cancellation)
    {
        if (cookies.Read<MergeIntent>(http, Cookie) is not { } intent) return null;
        if (intent.Directory != live.Directory.Id || intent.Surviving == live.User.Id) return null;
        if (intent.At + Life <= time.GetUtcNow() || live.Session.AuthTime < intent.At) return null;
        return await database.Users.AsNoTracking().SingleOrDefaultAsync(
            u => u.Id == intent.Surviving && u.DirectoryId == live.Directory.Id && u.Status == UserStatus.Normal && u.SecurityStamp == intent.Stamp, cancellation);
    }

    /// <summary>What the person knows the account by. Not masked: they have proved both, and must not mix them up.</summary>
    public async Task<string> NameAsync(User user, CancellationToken cancellation) =>
        await profiles.OpenAsync(user, UserField.UserName, ProfileUse.Identification, cancellation)
        ?? await profiles.OpenAsync(user, UserField.Email, ProfileUse.Identification, cancellation)
        ?? user.Id.ToString("N")[..8];
}

/// <param name="Here">The account that is signed in.</param>
/// <param name="Surviving">The account that stays; null before the other has signed in.</param>
internal sealed record MergeMineModel(string Directory, string Here, string? Surviving, FormState Form);
