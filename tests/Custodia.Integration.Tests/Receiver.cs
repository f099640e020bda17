using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Custodia.Integration.Tests;

/// <summary>A real HTTP server that flows call: it honours idempotency keys and counts effects.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<string> _keys = new();
    private readonly ConcurrentDictionary<string, bool> _effects = new(StringComparer.Ordinal);

    private Receiver(WebApplication app) => _app = app;

    public string Url { get; private set; } = "";

    /// <summary>Idempotency keys of all calls, in order.</summary>
    public IReadOnlyList<string> Keys => [.. _keys];

    /// <summary>Different keys: what a receiver that honours them has done.</summary>
    public int Effects => _effects.Count;

    /// <summary>What the next call gets; given the number of the call from 1.</summary>
    public Func<int, HttpContext, Task> Answer { get; set; } = (_, http) => http.Response.WriteAsJsonAsync(new { ok = true });

    public static async Task<Receiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var receiver = new Receiver(builder.Build());
        receiver._app.Run(receiver.TakeAsync);
        await receiver._app.StartAsync();
        receiver.Url = receiver._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        return receiver;
    }

    public async Task CalledAsync(int times)
    {
        for (var i = 0; i < 600 && _keys.Count < times; i++) await Task.Delay(50);
        _keys.Count.ShouldBeGreaterThanOrEqualTo(times);
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private Task TakeAsync(HttpContext http)
    {
        var key = http.Request.Headers["Idempotency-Key"].ToString();
        _keys.Enqueue(key);
        _effects[key] = true;
        return Answer(_keys.Count, http);
    }
}
