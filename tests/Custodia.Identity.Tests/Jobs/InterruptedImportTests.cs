using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Custodia.Testing;

namespace Custodia.Identity.Tests.Jobs;

/// <summary>A real process, killed in the middle of an import, more than once.</summary>
public sealed class InterruptedImportTests
{
    private const int Rows = 3000;

    [Fact]
    public async Task An_import_that_was_killed_goes_on_behind_its_last_batch()
    {
        using var folder = new TemporaryFolder();
        var port = CustodiaProcess.FreePort();
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Custodia__PublicUrl"] = $"http://127.0.0.1:{port}",
            ["Custodia__Http__RequestsPerMinutePerCaller"] = "1000000",
        };
        var data = folder.File("data");
        JsonElement job;
        long before;
        await using (var server = await CustodiaProcess.StartAsync(data, settings, port))
        {
            using var admin = await AdminAsync(server, data);
            before = await UsersAsync(admin);
            job = await admin.UploadAsync(Content());
            await admin.StartAsync(job, new { mapping = new { userName = "login", email = "mail" } });
            await BehindAsync(admin, job, 250);
            await server.KillAsync();
        }

        for (var kill = 2; kill <= 4; kill++)
        {
            await using var server = await CustodiaProcess.StartAsync(data, settings, port);
            using var admin = await AdminAsync(server, data);
            await BehindAsync(admin, job, 250 * kill);
            await server.KillAsync();
        }

        await using var last = await CustodiaProcess.StartAsync(data, settings, port);
        using var client = await AdminAsync(last, data);
        var done = await client.EndOfAsync(job);
        done.GetProperty("status").GetString().ShouldBe("done");
        // Every tenth row has no address; nobody was made twice, nobody left out, and the figures agree.
        done.Figures().ShouldBe((Rows - (Rows / 10), 0, 0, Rows / 10));
        (await UsersAsync(client)).ShouldBe(before + Rows - (Rows / 10));
        var findings = await client.GetFromJsonAsync<JsonElement>($"/api/v1/jobs/{job.GetProperty("id").GetGuid()}/findings?limit=1000");
        findings.GetProperty("items").EnumerateArray().Select(f => f.GetProperty("line").GetInt32()).ShouldBe(Enumerable.Range(1, Rows / 10).Select(n => (n * 10) + 1));
    }

    private static string Content()
    {
        var text = new StringBuilder("login,mail\n");
        for (var n = 1; n <= Rows; n++) text.Append(CultureInfo.InvariantCulture, $"killed-{n},{(n % 10 == 0 ? "none" : $"killed-{n}@example.com")}\n");
        return text.ToString();
    }

    private static async Task BehindAsync(HttpClient admin, JsonElement job, int position)
    {
        for (var tries = 0; tries < 600; tries++)
        {
            var now = await admin.GetFromJsonAsync<JsonElement>($"/api/v1/jobs/{job.GetProperty("id").GetGuid()}");
            if (now.GetProperty("position").GetInt32() >= position) return;
            await Task.Delay(20);
        }

        throw new TimeoutException("The import does not move.");
    }

    private static async Task<long> UsersAsync(HttpClient admin) =>
        (await admin.GetFromJsonAsync<JsonElement>("/api/v1/statistics?directory=customers")).GetProperty("users").GetInt64();

    private static async Task<HttpClient> AdminAsync(CustodiaProcess server, string data)
    {
        await using var file = File.OpenRead(Path.Combine(data, "initial-admin.json"));
        var admin = (await JsonSerializer.DeserializeAsync<InitialAdmin>(file, JsonSerializerOptions.Web))!;
        var client = server.Client();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await admin.TokenAsync(client));
        return client;
    }
}
