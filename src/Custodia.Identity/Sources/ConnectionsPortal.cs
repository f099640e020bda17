using Custodia.Console;
using Custodia.Identity.Logs;
using Custodia.Identity.Portal;
using Custodia.Kernel.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Custodia.Identity.Sources;

/// <summary><c>/account/{directory}/connections</c>: the accounts elsewhere with which a person signs in.</summary>
internal static class ConnectionsPortal
{
    public static void MapConnections(this RouteGroupBuilder portal)
    {
        portal.MapGet("/connections", ListAsync);
        portal.MapPost("/connections/{source}/connect", ConnectAsync);
        portal.MapPost("/connections/{source}/disconnect", DisconnectAsync);
    }

    private static async Task<IResult> ListAsync(HttpContext http, LinkedIdentities identities, [AsParameters] ExternalParts parts, CancellationToken cancellation)
    {
        var live = http.Live();
        var held = (await identities.OfAsync(live.User.Id, cancellation)).ToLookup(i => i.SourceId);
        List<ConnectionRow> rows = [];
        foreach (var source in await parts.Sources.ListAsync(live.Directory, cancellation))
        {
            var identity = held[source.Id].FirstOrDefault();
            if (!source.Enabled && identity is null) continue;
            rows.Add(new ConnectionRow(source.Name, source.Title, identity?.CreatedAt, identity?.LastUsedAt));
            // The form to connect ends at the provider.
            if (identity is null && await parts.Client.AddressAsync(source, cancellation) is { } address) SecurityHeaders.AllowFormAction(http, address);
        }

        return View.Show<ConnectionsPage>(new ConnectionsModel(live.Directory.Name, rows));
    }

    // By post: a link from elsewhere must not connect somebody else's account there with this one here.
    private static async Task<IResult> ConnectAsync(
        HttpContext http, string source, [FromForm] IFormCollection posted, [AsParameters] ExternalParts parts, CancellationToken cancellation)
    {
        _ = posted;
        var live = http.Live();
        if (http.SignInAgain(parts.Time, "connections") is { } again) return again;
        if (await parts.Sources.FindAsync(live.Directory, source, cancellation) is not { Enabled: true } its) return Problem.NotFound("source");
        var state = ExternalState.New(its.Id, back: null, live.Session.Id, parts.Time.GetUtcNow());
        return await ExternalEndpoints.LeaveAsync(http, live.Directory, its, state, parts, cancellation) ?? Back(live.Directory.Name, SourceNotes.Refused);
    }

    private static async Task<IResult> DisconnectAsync(
        HttpContext http, string source, [FromForm] IFormCollection posted, LinkedIdentities identities, SourceRegistry sources, UserOperations operations, TimeProvider time, CancellationToken cancellation)
    {
        _ = posted;
        var live = http.Live();
        if (http.SignInAgain(time, "connections") is { } again) return again;
        if (await sources.FindAsync(live.Directory, source, cancellation) is not { } its) return Problem.NotFound("source");
        var user = live.User;
        var others = (await identities.OfAsync(user.Id, cancellation)).Count(i => i.SourceId != its.Id);
        if (user.Credentials is null && user.Email is null && others == 0) return Back(live.Directory.Name, SourceNotes.LastWay);
        if (!await identities.DisconnectAsync(user.Id, its.Id, cancellation)) return Problem.NotFound("source");
        await operations.RecordAsync(http, live.Directory, user.Id, OperationResult.IdentityDisconnected, cancellation);
        return Back(live.Directory.Name, SourceNotes.Disconnected);
    }

    private static SeeOther Back(string directory, string note) => new($"/account/{directory}/connections?note={note}");
}

internal sealed record ConnectionsModel(string Directory, IReadOnlyList<ConnectionRow> Rows);

/// <param name="Since">Null when it is not connected.</param>
internal sealed record ConnectionRow(string Name, string Title, DateTimeOffset? Since, DateTimeOffset? LastUsed);
