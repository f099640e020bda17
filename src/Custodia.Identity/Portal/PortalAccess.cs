using Custodia.Console;
using Custodia.Identity.Directories;
using Custodia.Identity.Protocol;
using Custodia.Identity.Registration;
using Custodia.Identity.Sessions;
using Custodia.Identity.Sources;
using Custodia.Kernel.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Custodia.Identity.Portal;

/// <summary>What all pages of the account portal need: the session in this browser and the portal's navigation.</summary>
internal static class PortalAccess
{
    /// <summary>How long after signing in somebody may change how they sign in.</summary>
    public static readonly TimeSpan Fresh = TimeSpan.FromMinutes(15);

    /// <summary>A person's pages; a token does not open them, because they are about sessions and credentials.</summary>
    public static RouteGroupBuilder WithSession(this RouteGroupBuilder group) => group.AddEndpointFilter(async (context, next) =>
    {
        if (context.HttpContext.Features.Get<LiveSession>() is not { } live)
            return Problem.Forbidden("session-needed", "These pages need a session in a browser.");
        Dress(context.HttpContext, live.Directory);
        return await next(context);
    });

    public static LiveSession Live(this HttpContext http) =>
        http.Features.Get<LiveSession>() ?? throw new InvalidOperationException("This page is outside the portal.");

    /// <summary>Null when the person has signed in a short while ago, else the way to sign in again and come back.</summary>
    public static IResult? SignInAgain(this HttpContext http, TimeProvider time, string page)
    {
        var live = http.Live();
        if (live.Session.AuthTime + Fresh > time.GetUtcNow()) return null;
        var back = Uri.EscapeDataString($"/account/{live.Directory.Name}/{page}");
        return new SeeOther($"/d/{live.Directory.Name}/sign-in?return={back}&note=sign-in-again");
    }

    private static void Dress(HttpContext http, Directory directory)
    {
        var frame = PageFrame.Of(http);
        var home = $"/account/{directory.Name}";
        frame.HomePath = home;
        NavLink[] console = directory.IsStaff ? [new NavLink(Texts.Of("Dashboard"), "/console", "chart")] : [];
        frame.Links =
        [
            .. console,
            new NavLink(Texts.Of("Portal_Profile"), home, "user"),
            new NavLink(Texts.Of("Portal_Security"), home + "/security", "lock"),
            new NavLink(SourceTexts.Of("ConnectionsTitle"), home + "/connections", "key"),
            new NavLink(ProtocolTexts.Of("ConsentsTitle"), home + "/applications", "application"),
            new NavLink(RegistrationTexts.Of("Agreements"), home + "/agreements", "policy"),
            new NavLink(Texts.Of("Portal_Activity"), home + "/activity", "log"),
            new NavLink(Texts.Of("Portal_Data"), home + "/data", "evidence"),
        ];
    }
}
