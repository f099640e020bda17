using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Custodia.Testing;

namespace Custodia.Acceptance.Crash;

/// <summary>
/// The server is killed in the middle of everything, again and again. What it acknowledged is there afterwards, what it began is
/// finished, nothing is half deleted, and its logs verify. <c>CUSTODIA_KILLS=200</c> makes the full run.
/// </summary>
public sealed class CrashTests
{
    private const int Writers = 3;

    private readonly ConcurrentBag<(Guid Id, string Mail)> _users = [];
    private readonly ConcurrentBag<string> _tickets = [];
    private readonly ConcurrentBag<Guid> _deletions = [];

    private static int Kills => int.TryParse(Environment.GetEnvironmentVariable("CUSTODIA_KILLS"), out var kills) ? kills : 4;

    [Fact]
    public async Task Nothing_acknowledged_is_lost_when_the_server_is_killed()
    {
        using var folder = new TemporaryFolder();
        var port = CustodiaProcess.FreePort();
        var data = folder.File("data");
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Custodia__PublicUrl"] = $"http://127.0.0.1:{port}",
            ["Custodia__Http__RequestsPerMinute"] = "1000000",
            ["Custodia__Http__RequestsPerMinutePerCaller"] = "1000000",
        };
        for (var kill = 0; kill < Kills; kill++)
        {
            await using var server = await CustodiaProcess.StartAsync(data, settings, port);
            using var stop = new CancellationTokenSource();
            using var http = await AdminAsync(server.Url, data);
            var writers = Enumerable.Range(0, Writers).Select(n => WriteAsync(http, $"{kill}-{n}", stop.Token)).ToArray();
            try
            {
                await AcknowledgedAsync(writers);
                await Task.Delay(RandomNumberGenerator.GetInt32(50, 1500));
                await server.KillAsync();
                await stop.CancelAsync();
                await Task.WhenAll(writers);
            }
            catch (ShouldAssertException failure)
            {
                await server.KillAsync();
                throw new InvalidOperationException($"Before kill {kill + 1} of {Kills}: {failure.Message}\n{Tail(server.Output)}", failure);
            }
        }

        _users.ShouldNotBeEmpty();
        await using (var server = await CustodiaProcess.StartAsync(data, settings, port))
        {
            using var http = await AdminAsync(server.Url, data);
            await CheckAsync(http, data);
            (await server.StopAsync()).ShouldBe(0);
        }

        var (code, output, error) = await CustodiaProcess.RunAsync(["audit", "verify", $"--Custodia:DataDirectory={data}"]);
        code.ShouldBe(0, output + error);
    }

    /// <summary>Until this run of the server has acknowledged something, however slow the machine.</summary>
    private async Task AcknowledgedAsync(Task[] writers)
    {
        var before = _tickets.Count;
        for (var tries = 0; _tickets.Count == before && tries < 600; tries++)
        {
            if (writers.FirstOrDefault(w => w.IsFaulted) is { } failed) await failed;
            await Task.Delay(100);
        }
    }

    private async Task WriteAsync(HttpClient http, string writer, CancellationToken stop)
    {
        try
        {
            for (var n = 0; !stop.IsCancellationRequested; n++)
            {
                var mail = $"crash-{writer}-{n}@example.com";
                var user = await PostAsync(http, "/api/v1/users", new { directory = "customers", userName = $"crash-{writer}-{n}", email = mail }, null);
                var id = user.GetProperty("id").GetGuid();
                if (n % 3 == 2)
                {
                    using var deleted = await http.DeleteAsync($"/api/v1/users/{id}", CancellationToken.None);
                    if (deleted.IsSuccessStatusCode) _deletions.Add(id);
                }
                else
                {
                    _users.Add((id, mail));
                }

                var ticket = new { directory = "customers", productCategory = "account", problemType = "question", severity = "normal", title = $"Crash {writer} {n}", description = "Written while the server is killed." };
                _tickets.Add((await PostAsync(http, "/api/v1/tickets", ticket, $"crash-{writer}-{n}")).GetProperty("id").GetString()!);
            }
        }
        catch (Exception e) when (e is HttpRequestException or System.Net.Sockets.SocketException)
        {
            // Killed: this call was not acknowledged. (The bare kind comes from a connection that was reset as it was made.)
        }
    }

    private static string Tail(string output) => output[Math.Max(0, output.Length - 8000)..];

    private async Task CheckAsync(HttpClient http, string data)
    {
        foreach (var (id, mail) in _users)
        {
            (await StatusAsync(http, $"/api/v1/users/{id}")).ShouldBe(HttpStatusCode.OK, $"user {id}");
            (await WelcomesAsync(http, mail)).ShouldBe(1, $"the flow's mail to {id}");
        }

        foreach (var ticket in _tickets) (await StatusAsync(http, $"/api/v1/tickets/{ticket}")).ShouldBe(HttpStatusCode.OK, $"ticket {ticket}");
        foreach (var person in _deletions) (await GoneAsync(http, person)).ShouldBeTrue($"deletion of {person}");
        Directory.EnumerateFiles(Path.Combine(data, "evidence"), "*.json").Count().ShouldBeGreaterThanOrEqualTo(_deletions.Count);
    }

    /// <summary>Welcome mails of a person; waits until the resumed jobs have sent it.</summary>
    private static async Task<int> WelcomesAsync(HttpClient http, string mail)
    {
        for (var tries = 0; tries < 120; tries++)
        {
            using var outbox = JsonDocument.Parse(await http.GetStringAsync($"/outbox.json?to={Uri.EscapeDataString(mail)}"));
            var mails = outbox.RootElement.EnumerateArray().Count(m => m.GetProperty("origin").GetString() == "integration.flow");
            if (mails > 0) return mails;
            await Task.Delay(250);
        }

        return 0;
    }

    private static async Task<bool> GoneAsync(HttpClient http, Guid person)
    {
        for (var tries = 0; tries < 120; tries++)
        {
            if (await StatusAsync(http, $"/api/v1/users/{person}") == HttpStatusCode.NotFound) return true;
            await Task.Delay(250);
        }

        return false;
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient http, string path)
    {
        using var answer = await http.GetAsync(path);
        return answer.StatusCode;
    }

    private static async Task<JsonElement> PostAsync(HttpClient http, string path, object body, string? key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        using var answer = await http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        answer.IsSuccessStatusCode.ShouldBeTrue($"{path}: {answer.StatusCode} {text}");
        return JsonDocument.Parse(text).RootElement.Clone();
    }

    private static async Task<HttpClient> AdminAsync(string url, string data)
    {
        await using var file = File.OpenRead(Path.Combine(data, "initial-admin.json"));
        var admin = (await JsonSerializer.DeserializeAsync<InitialAdmin>(file, JsonSerializerOptions.Web))!;
#pragma warning disable RS0030 // The test looks from outside.
        var http = new HttpClient { BaseAddress = new Uri(url), Timeout = TimeSpan.FromSeconds(30) };
#pragma warning restore RS0030
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await admin.TokenAsync(http));
        return http;
    }
}
