using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Custodia.Identity.Tests.Logout;

/// <summary>An application's own server that hears of the end of sessions: real HTTP on a free port of loopback.</summary>
public sealed class Listener : IAsyncDisposable
{
    private static int _count;

    private readonly WebApplication _app;
    private readonly ConcurrentQueue<(string Type, string Token)> _heard = new();

    private Listener(WebApplication app) => _app = app;

    /// <summary>Statuses for the next requests; 200 when there is none.</summary>
    public ConcurrentQueue<int> Statuses { get; } = new();

    public string Address { get; private set; } = "";

    /// <summary>What came, with media type.</summary>
    public IReadOnlyList<(string Type, string Token)> Heard => [.. _heard];

    public static async Task<Listener> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var listener = new Listener(app);
        // A path of its own: a free port may be one that another listener had, and what was meant for that one may still be under way.
        var path = $"/logout/{Interlocked.Increment(ref _count)}";
        app.MapPost(path, async (HttpContext http) =>
        {
            var form = await http.Request.ReadFormAsync();
            listener._heard.Enqueue((http.Request.ContentType!, form["logout_token"].ToString()));
            return Results.StatusCode(listener.Statuses.TryDequeue(out var status) ? status : StatusCodes.Status200OK);
        });
        await app.StartAsync();
        listener.Address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single() + path;
        return listener;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}
