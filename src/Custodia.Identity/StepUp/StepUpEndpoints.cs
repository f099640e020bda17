using Custodia.Console;
using Custodia.Identity.Directories;
using Custodia.Identity.Factors;
using Custodia.Identity.Portal;
using Custodia.Identity.Sessions;
using Custodia.Identity.SignIn;
using Custodia.Kernel.Access;
using Custodia.Kernel.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Custodia.Identity.StepUp;

/// <summary>
/// <c>/d/{directory}/step-up</c>: somebody who is signed in proves more, because an application asks for a stronger context class.
/// The proof itself is that of a sign-in; the session stays and becomes stronger.
/// </summary>
internal static class StepUpEndpoints
{
    public static void MapStepUp(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/d/{directory}/step-up", BeginAsync).AllowAnyone("People sign in here").ExcludeFromDescription();

    /// <summary>Where a person goes to prove more.</summary>
    /// <param name="passkey">Nothing but a passkey is enough.</param>
    public static string PathOf(string directory, string back, bool passkey) =>
        $"/d/{directory}/step-up?return={Uri.EscapeDataString(back)}{(passkey ? "&passkey=true" : "")}";

    private static async Task<IResult> BeginAsync(HttpContext http, string directory, bool? passkey, [AsParameters] StepUpParts parts, CancellationToken cancellation)
    {
        if (await parts.Database.FindDirectoryAsync(http, directory, cancellation) is not { } home) return DirectoryPages.NoDirectory();
        var back = SignInEndpoints.Wanted(http.Request.Query["return"]);
        if (await parts.Sessions.FindAsync(http, home.Name, cancellation) is not { } live) return SignInFirst(home, back);
        var has = await parts.Factors.OfAsync(live.User.Id, cancellation);
        var need = passkey == true ? PendingNeed.Passkey : has.Any ? PendingNeed.Factor : PendingNeed.Enrolment;
        if (need == PendingNeed.Passkey && has.Passkeys == 0) return Problem.NotFound("passkey");
        // A session that was left open must not be enough to set up somebody else's factor.
        if (need == PendingNeed.Enrolment && live.Session.AuthTime + PortalAccess.Fresh <= parts.Time.GetUtcNow())
            return SignInFirst(home, PathOf(home.Name, back ?? home.HomePath(), passkey: false));
        var proof = new PendingProof(Authentication.FirstMethods(live.Session.Amr), need, null, back);
        await parts.Pendings.AddAsync(http, home, live.User, proof, live.Session.Id, cancellation);
        return new SeeOther(SecondFactorEndpoints.PathOf(home));
    }

    private static SeeOther SignInFirst(Directory home, string? back) =>
        new($"/d/{home.Name}/sign-in{(back is null ? "" : "?return=" + Uri.EscapeDataString(back))}");
}

/// <summary>What stepping up works with.</summary>
internal readonly record struct StepUpParts(
    IdentityContext Database, LiveSessions Sessions, SecondFactors Factors, PendingSignIns Pendings, TimeProvider Time);
