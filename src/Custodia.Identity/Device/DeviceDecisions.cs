using Custodia.Identity.Applications;
using Custodia.Identity.Consents;
using Custodia.Identity.Logout;
using Custodia.Identity.Protocol;
using Custodia.Identity.Sessions;
using Microsoft.AspNetCore.Http;

namespace Custodia.Identity.Device;

/// <summary>Finds what a code stands for and carries out what a person decides on it, with a line in their operation log.</summary>
internal sealed class DeviceDecisions(DeviceRequests requests, ApplicationCache applications, ConsentStore consents, LogoutAudience audience, ProtocolLog log)
{
    public async Task<AskingDevice?> FindAsync(Issuer issuer, string typed, CancellationToken cancellation)
    {
        if (UserCode.Read(typed) is not { } code) return null;
        if (await requests.FindAsync(issuer, code, cancellation) is not { } request) return null;
        return await requests.ApplicationAsync(request, applications, cancellation) is { } application ? new AskingDevice(code, request, application) : null;
    }

    /// <summary>False when it was decided or ran out meanwhile.</summary>
    public async Task<bool> DecideAsync(HttpContext http, LiveSession live, AskingDevice asked, bool allow, CancellationToken cancellation)
    {
        var (_, request, application) = asked;
        var decided = allow ? await requests.AllowAsync(request, application, live, cancellation) : await requests.RefuseAsync(request, cancellation);
        if (!decided) return false;
        if (allow)
        {
            await audience.RememberAsync(application, live.Session, cancellation);
            if (application.ConsentRequired)
                await consents.GiveAsync(request.Account, live.User.Id, application.Id, Scopes.Split(request.Scopes), cancellation);
        }

        await log.AddAsync(http, request.Account, live.User.Id, allow ? ProtocolResult.DeviceAllowed : ProtocolResult.DeviceRefused, cancellation);
        return true;
    }
}

/// <param name="UserCode">Without the hyphen.</param>
internal sealed record AskingDevice(string UserCode, DeviceRequest Request, ApplicationModel Application)
{
    public AccessTerms Terms(DateTimeOffset now) => AccessTerms.Of(Application, Scopes.Split(Request.Scopes), Request.Resource, now);

    /// <summary>Never the code.</summary>
    public override string ToString() => $"(device request {Request.Id:N})";
}
