using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Custodia.Identity.Tests.Sms;

/// <summary>An SMS gateway over real HTTP: it takes what our documentation promises and answers 400 to everything else.</summary>
public sealed partial class GatewayStandIn : IAsyncDisposable
{
    public const string Token = "gateway-token-1";

    /// <summary>An answer that never comes.</summary>
    public const int Silent = -1;

    private readonly WebApplication _app;
    private readonly ConcurrentQueue<int> _troubles = new();
    private readonly ConcurrentDictionary<Guid, (string To, string Text)> _taken = new();
    private readonly ConcurrentQueue<(Guid Id, int Answer)> _calls = new();
    private readonly ConcurrentQueue<string> _faults = new();

    private GatewayStandIn(WebApplication app) => _app = app;

    public string Url => _app.Urls.First() + "/v1/messages";

    /// <summary>What was wrong with requests; must stay empty.</summary>
    public IReadOnlyCollection<string> Faults => _faults;

    /// <summary>Every request with its answer; 0 is a connection that was broken off.</summary>
    public IReadOnlyCollection<(Guid Id, int Answer)> Calls => _calls;

    public static async Task<GatewayStandIn> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var gateway = new GatewayStandIn(builder.Build());
        gateway._app.Run(gateway.TakeAsync);
        await gateway._app.StartAsync();
        return gateway;
    }

    /// <summary>The next requests are answered with these statuses, one each; 0 breaks the connection off, <see cref="Silent"/> keeps it open.</summary>
    public void Fail(params int[] answers)
    {
        foreach (var answer in answers) _troubles.Enqueue(answer);
    }

    /// <summary>Texts that were taken over for a number, oldest first: ids are in the order of their time.</summary>
    public IReadOnlyList<string> To(string number) => [.. _taken.OrderBy(m => m.Key).Where(m => m.Value.To == number).Select(m => m.Value.Text)];

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task TakeAsync(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body);
        var message = Check(http.Request, await reader.ReadToEndAsync());
        if (message is not { } sound)
        {
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        var answer = _troubles.TryDequeue(out var trouble) ? trouble : StatusCodes.Status202Accepted;
        _calls.Enqueue((sound.Id, answer));
        if (answer == StatusCodes.Status202Accepted) _taken[sound.Id] = (sound.To, sound.Text);
        if (answer == Silent) await Task.Delay(Timeout.Infinite, http.RequestAborted);
        else if (answer == 0) http.Abort();
        else http.Response.StatusCode = answer;
    }

    private (Guid Id, string To, string Text)? Check(HttpRequest request, string body)
    {
        var before = _faults.Count;
        Demand(request.Method == "POST", $"method {request.Method}");
        Demand(request.Path == "/v1/messages" && !request.QueryString.HasValue, $"address {request.Path}{request.QueryString}");
        Demand(request.Headers.Authorization == $"Bearer {Token}", "authorization");
        Demand(request.ContentType?.StartsWith("application/json", StringComparison.Ordinal) == true, $"content type {request.ContentType}");
        Demand(!request.Headers.ContainsKey("traceparent"), "a trace id of the server");
        using var json = JsonDocument.Parse(body);
        Demand(json.RootElement.EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal).SequenceEqual(["id", "text", "to"], StringComparer.Ordinal), "members");
        if (_faults.Count > before) return null;
        var (to, text) = (json.RootElement.GetProperty("to").GetString()!, json.RootElement.GetProperty("text").GetString()!);
        Demand(json.RootElement.GetProperty("id").TryGetGuid(out var id), "id");
        Demand(International().IsMatch(to), $"number {to}");
        Demand(text.Length is > 0 and <= 160, $"{text.Length} characters");
        return _faults.Count > before ? null : (id, to, text);
    }

    private void Demand(bool holds, string what)
    {
        if (!holds) _faults.Enqueue(what);
    }

    /// <summary>ITU-T E.164 as it is written for machines.</summary>
    [GeneratedRegex(@"^\+[1-9][0-9]{6,14}$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex International();
}
