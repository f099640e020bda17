using Custodia.Console;
using Custodia.Identity.Authorize;
using Custodia.Identity.Protocol;
using Custodia.Identity.Sessions;
using Custodia.Kernel.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Custodia.Identity.Logout;

/// <summary><c>/d/{directory}/logout</c> (OpenID Connect RP-Initiated Logout 1.0).</summary>
internal static class LogoutEndpoint
{
    /// <summary>
    /// Ends the session at once when the ID token names it; otherwise asks: "the OP MUST ask the End-User this question if an
    /// id_token_hint was not provided or if the supplied ID Token does not belong to the current OP session" (section 2).
    /// </summary>
    public static async Task<IResult> GetAsync(
        string directory, HttpContext http, Issuers issuers, StoredRequests requests, SigningOut signingOut, CancellationToken cancellation)
    {
        if (await issuers.FindAsync(directory, cancellation) is not { } issuer) return Problem.NotFound("directory");
        var stored = http.Request.Query["request"].ToString();
        var pending = stored.Length == 0 ? null : await requests.FindAsync(issuer, stored, cancellation);
        if (stored.Length > 0 && pending is null) return ProtocolErrorPage.Show(http, "RequestGone");
        var parameters = pending?.Parameters ?? Parameters.OfQuery(http.Request.QueryString);
        var (request, fault) = await signingOut.CheckAsync(issuer, parameters, cancellation);
        if (request is null) return ProtocolErrorPage.Show(http, fault!);
        var session = await signingOut.SessionAsync(http, issuer, cancellation);
        if (session is not null && !request.Names(session))
            return Ask(http, issuer, request, pending?.Id ?? await requests.AddAsync(issuer, parameters, cancellation));
        if (session is not null) await signingOut.EndAsync(http, issuer, session, cancellation);
        return Done(http, request);
    }

    /// <summary>A form from another site comes without our session cookie (SameSite), so the request is stored and goes on with a GET.</summary>
    public static async Task<IResult> PostAsync(
        string directory, HttpContext http, Issuers issuers, StoredRequests requests, SigningOut signingOut, CancellationToken cancellation)
    {
        if (await issuers.FindAsync(directory, cancellation) is not { } issuer) return Problem.NotFound("directory");
        if (await ParameterReading.ReadFormAsync(http.Request, cancellation) is not { } parameters) return ProtocolErrorPage.Show(http, "UnreadableRequest");
        var (request, fault) = await signingOut.CheckAsync(issuer, parameters, cancellation);
        if (request is null) return ProtocolErrorPage.Show(http, fault!);
        var id = await requests.AddAsync(issuer, parameters, cancellation);
        return ProtocolAnswers.SeeOther(http, ProtocolAnswers.With(issuer.Path("logout"), ("request", id)));
    }

    /// <summary>The person has answered the question.</summary>
    public static async Task<IResult> ConfirmAsync(
        string directory, [FromForm] IFormCollection posted, HttpContext http, Issuers issuers, StoredRequests requests, SigningOut signingOut, CancellationToken cancellation)
    {
        if (await issuers.FindAsync(directory, cancellation) is not { } issuer) return Problem.NotFound("directory");
        if (await requests.FindAsync(issuer, posted["request"], cancellation) is not { } pending) return ProtocolErrorPage.Show(http, "RequestGone");
        var (request, fault) = await signingOut.CheckAsync(issuer, pending.Parameters, cancellation);
        if (request is null) return ProtocolErrorPage.Show(http, fault!);
        await requests.RemoveAsync(pending.Stored, cancellation);
        if (posted["decision"] != "sign-out") return ProtocolAnswers.SeeOther(http, $"/account/{issuer.Name}");
        if (await signingOut.SessionAsync(http, issuer, cancellation) is { } session) await signingOut.EndAsync(http, issuer, session, cancellation);
        return Done(http, request);
    }

    public static async Task<IResult> SignedOutAsync(string directory, HttpContext http, Issuers issuers, CancellationToken cancellation)
    {
        if (await issuers.FindAsync(directory, cancellation) is null) return Problem.NotFound("directory");
        ProtocolAnswers.NoStore(http);
        return Page.Show<SignedOutPage>();
    }

    private static IResult Ask(HttpContext http, Issuer issuer, LogoutRequest request, string id)
    {
        if (request.Return is { } target) SecurityHeaders.AllowFormAction(http, new Uri(target));
        ProtocolAnswers.NoStore(http);
        return Page.Show<SignOutPage>(new { Action = issuer.Path("logout/confirm"), Request = id, Application = request.Application?.Name });
    }

    private static IResult Done(HttpContext http, LogoutRequest request) =>
        ProtocolAnswers.SeeOther(http, request.Return ?? http.Request.PathBase + $"/d/{http.Request.RouteValues["directory"]}/signed-out");
}

/// <summary>Ends sessions on an application's request.</summary>
internal sealed class SigningOut(LogoutRequests requests, LiveSessions live, BrowserSessions sessions, ProtocolLog log)
{
    public Task<(LogoutRequest? Request, string? Fault)> CheckAsync(Issuer issuer, Parameters parameters, CancellationToken cancellation) =>
        requests.CheckAsync(issuer, parameters, cancellation);

    public ValueTask<LiveSession?> SessionAsync(HttpContext http, Issuer issuer, CancellationToken cancellation) =>
        live.FindAsync(http, issuer.Name, cancellation);

    public async Task EndAsync(HttpContext http, Issuer issuer, LiveSession session, CancellationToken cancellation)
    {
        await sessions.EndAsync(session.User.Id, session.Session.Id, cancellation);
        await log.AddAsync(http, issuer.Account, session.User.Id, ProtocolResult.SignedOut, cancellation);
        SessionCookie.Delete(http, issuer.Name);
    }
}
