using Custodia.Console;
using Custodia.Identity.Portal;
using Custodia.Identity.Protocol;
using Custodia.Kernel.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Custodia.Identity.Consents;

/// <summary><c>/account/{directory}/applications</c>: what a person has let applications do, and the way to take it back.</summary>
internal static class ConsentsPortal
{
    /// <summary>Registered notice after a consent was taken back.</summary>
    public const string Revoked = "consent-revoked";

    public static void MapConsents(this RouteGroupBuilder portal)
    {
        portal.MapGet("/applications", ListAsync);
        portal.MapPost("/applications/{application:guid}/revoke", RevokeAsync);
    }

    private static async Task<IResult> ListAsync(HttpContext http, ConsentStore consents, CancellationToken cancellation)
    {
        var live = http.Live();
        return View.Show<ConsentsPage>(new ConsentsModel(live.Directory.Name, await consents.ListAsync(live.User, cancellation)));
    }

    private static async Task<IResult> RevokeAsync(
        HttpContext http, Guid application, [FromForm] IFormCollection posted, ConsentStore consents, ProtocolLog log, CancellationToken cancellation)
    {
        _ = posted;
        var live = http.Live();
        if (!await consents.RevokeAsync(live.User.Id, application, cancellation)) return Problem.NotFound("consent");
        await log.AddAsync(http, live.User.Account, live.User.Id, ProtocolResult.ConsentRevoked, cancellation);
        return new SeeOther($"/account/{live.Directory.Name}/applications?note={Revoked}");
    }
}

internal sealed record ConsentsModel(string Directory, IReadOnlyList<GivenConsent> Given);
