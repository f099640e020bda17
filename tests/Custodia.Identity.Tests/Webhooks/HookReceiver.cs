using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Custodia.Identity.Tests.Webhooks;

/// <summary>A system that is told by webhook: real HTTP on a free port of loopback.</summary>
public sealed class HookReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<HookMessage> _heard = new();

    private HookReceiver(WebApplication app) => _app = app;

    public string Url { get; private set; } = "";

    /// <summary>What is answered; 204 unless set. Gets the message and how many there were before it.</summary>
    public Func<HookMessage, int, Task<IResult>> Answer { get; set; } = (_, _) => Task.FromResult(Results.NoContent());

    public IReadOnlyList<HookMessage> Heard => [.. _heard];

    /// <summary>Requests to the place that redirects lead to.</summary>
    public int Redirected { get; private set; }

    public static async Task<HookReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var receiver = new HookReceiver(app);
        // A path of its own: a free port may be one that another receiver had, and a webhook of that one still sends there.
        var path = $"/hook/{Guid.CreateVersion7():N}";
        app.MapPost(path, (RequestDelegate)(async http => await (await receiver.TakeAsync(http)).ExecuteAsync(http)));
        app.Map("/elsewhere", () => receiver.Redirected++);
        await app.StartAsync();
        receiver.Url = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single() + path;
        return receiver;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task<IResult> TakeAsync(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body, Encoding.UTF8);
        var message = new HookMessage(
            http.Request.Headers["webhook-id"].ToString(),
            http.Request.Headers["webhook-timestamp"].ToString(),
            http.Request.Headers["webhook-signature"].ToString(),
            http.Request.ContentType ?? "",
            await reader.ReadToEndAsync());
        var before = _heard.Count;
        _heard.Enqueue(message);
        return await Answer(message, before);
    }
}

/// <summary>A message as it came in.</summary>
public sealed record HookMessage(string Id, string Timestamp, string Signature, string ContentType, string Body)
{
    public JsonElement Json => JsonSerializer.Deserialize<JsonElement>(Body);

    public string Type => Json.GetProperty("type").GetString()!;

    public JsonElement Data => Json.GetProperty("data");

    /// <summary>
    /// The verification that Standard Webhooks describes to receivers, written from its text: time within five minutes, any one
    /// of the signatures equal in constant time.
    /// </summary>
    public bool IsSignedWith(string secret, DateTimeOffset now)
    {
        if (!long.TryParse(Timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)) return false;
        if (Math.Abs(now.ToUnixTimeSeconds() - seconds) > 300) return false;
        var key = Convert.FromBase64String(secret.Split('_', 2)[1]);
        var expected = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{Id}.{Timestamp}.{Body}"));
        return Signature.Split(' ').Any(s => s.StartsWith("v1,", StringComparison.Ordinal)
            && CryptographicOperations.FixedTimeEquals(Convert.FromBase64String(s[3..]), expected));
    }
}
