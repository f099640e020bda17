using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Custodia.Acceptance.Journey;
using Custodia.Testing;

namespace Custodia.Acceptance.Clock;

/// <summary>An account ends all its services: what each line of the policy says about that comes true on its day, and holds for an old backup.</summary>
public sealed class TerminationClockTests
{
    [Fact]
    public async Task An_account_that_ends_everything_is_unreadable_after_thirty_days_also_in_a_backup()
    {
        using var folder = new TemporaryFolder();
        var (data, keys, backup, restored) = (folder.File("data"), folder.File("keys"), folder.File("backup"), folder.File("restored"));
        var time = new ManualTime();
        InitialAdmin owner;
        await using (var server = await StartAsync(data, keys, time))
        {
            owner = await server.InitialAdminAsync();
            (await KeysAsync(data, keys))["subject"].ShouldBeGreaterThan(5);
            await VerbAsync(data, keys, "backup", "--to", backup);
            await EndServicesAsync(server, "tickets", "integration", "identity");
            await EventuallyAsync(server, async () => (await SignInAsync(server, owner)) != HttpStatusCode.OK, "the end of the account's people");

            await DaysLaterAsync(server, 29);
            (await KeysAsync(data, keys))["account"].ShouldBe(2, "the server's and the account's, the day before");
            await DaysLaterAsync(server, 2);
            await EventuallyAsync(server, async () => (await KeysAsync(data, keys))["account"] == 1, "the end of the account's key");
            (await KeysAsync(data, keys)).Where(k => k.Value > 0).Select(k => k.Key).ShouldBe(["root", "account", "segment", "server"], ignoreOrder: true);
            await EventuallyAsync(server, async () => await NothingHeldAsync(data, keys, "identity.account"), "the end of the account itself");
            (await server.Client().GetAsync("/health/ready")).StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        // The server goes on without its account: the next start founds a new one, and what the backup brings back ends again.
        await using (var again = await StartAsync(data, keys, time))
        {
            (await SignInAsync(again, await again.InitialAdminAsync())).ShouldBe(HttpStatusCode.OK);
        }

        await VerbAsync(restored, keys, "restore", "--from", backup);
        await using var old = await StartAsync(restored, keys, time);
        (await SignInAsync(old, owner with { Issuer = $"{old.Url}/d/staff" })).ShouldNotBe(HttpStatusCode.OK);
        await EventuallyAsync(old, async () => (await old.Client().GetAsync("/d/staff/.well-known/openid-configuration")).StatusCode == HttpStatusCode.NotFound, "the end of the restored account");
    }

    [Fact]
    public async Task A_service_that_was_ended_is_not_opened_again_by_a_start()
    {
        using var folder = new TemporaryFolder();
        var (data, keys) = (folder.File("data"), folder.File("keys"));
        var time = new ManualTime();
        await using (var server = await StartAsync(data, keys, time))
        {
            (await OpenServicesAsync(server)).ShouldBe(["identity", "integration", "tickets"]);
            await EndServicesAsync(server, "tickets", "integration");
            await DaysLaterAsync(server, 59);
            (await ServicesAsync(server)).Count.ShouldBe(3, "that it was used is known for sixty days");
            await DaysLaterAsync(server, 2);
            await EventuallyAsync(server, async () => (await ServicesAsync(server)).Count == 1, "the end of what is known about the services");
        }

        await using var again = await StartAsync(data, keys, time);
        (await OpenServicesAsync(again)).ShouldBe(["identity"]);
        using var admin = await AdminAsync(again);
        (await admin.GetFromJsonAsync<JsonElement>("/api/v1/integration/groups")).GetProperty("items").GetArrayLength().ShouldBe(0, "the sample flow stays away");
    }

    [Fact]
    public async Task An_ended_service_takes_nothing_new_and_what_is_there_can_be_read_and_removed()
    {
        await using var server = await CustodiaServer.StartAsync();
        var person = await Visitor.SignInAsync(server, "customers", "jonas");
        using var admin = await AdminAsync(server);
        var ticket = new { directory = "customers", productCategory = "account", problemType = "question", severity = "normal", title = "One more", description = "Is it still open?" };
        (await admin.PostAsJsonAsync("/api/v1/tickets", ticket)).StatusCode.ShouldBe(HttpStatusCode.Created);
        await EndServicesAsync(server, "tickets", "integration", "identity");

        await RefusedAsync(admin.PostAsJsonAsync("/api/v1/tickets", ticket), "tickets");
        await RefusedAsync(admin.PostAsJsonAsync("/api/v1/integration/groups", new { name = "Late" }), "integration");
        await RefusedAsync(admin.PostAsJsonAsync("/api/v1/users", new { directory = "customers", userName = "late" }), "identity");
        var page = await person.OpenAsync("/support/customers/new");
        page.Status.ShouldBe(HttpStatusCode.Conflict);
        page.Html.ShouldContain("This service has ended");

        var items = (await admin.GetFromJsonAsync<JsonElement>("/api/v1/tickets")).GetProperty("items").EnumerateArray().ToList();
        items.ShouldNotBeEmpty();
        items.ShouldAllBe(t => t.GetProperty("title").GetString() != "Late");
        var group = (await admin.GetFromJsonAsync<JsonElement>("/api/v1/integration/groups")).GetProperty("items").EnumerateArray().ShouldHaveSingleItem();
        (await admin.DeleteAsync($"/api/v1/integration/groups/{group.GetProperty("id").GetGuid()}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    private static async Task RefusedAsync(Task<HttpResponseMessage> call, string service)
    {
        using var answer = await call;
        answer.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        problem.GetProperty("type").GetString().ShouldBe("urn:custodia:problem:service-ended");
        problem.GetProperty("service").GetString().ShouldBe(service);
    }

    private static async Task<IEnumerable<string?>> OpenServicesAsync(CustodiaServer server) =>
        (await ServicesAsync(server)).Where(s => s.GetProperty("terminatedAt").ValueKind == JsonValueKind.Null).Select(s => s.GetProperty("service").GetString());

    private static async Task<List<JsonElement>> ServicesAsync(CustodiaServer server)
    {
        using var admin = await AdminAsync(server);
        return [.. (await admin.GetFromJsonAsync<JsonElement>("/api/v1/services")).EnumerateArray()];
    }

    private static Task<CustodiaServer> StartAsync(string data, string keys, ManualTime time) => CustodiaServer.StartAsync(server =>
    {
        server.DataDirectory = data;
        server.Settings["Custodia:Keys:Directory"] = keys;
        server.Time = time;
    });

    private static async Task EndServicesAsync(CustodiaServer server, params string[] services)
    {
        using var admin = await AdminAsync(server);
        foreach (var service in services)
        {
            using var ended = await admin.PostAsJsonAsync($"/api/v1/services/{service}/terminate", new { confirm = service });
            ended.StatusCode.ShouldBe(HttpStatusCode.OK, await ended.Content.ReadAsStringAsync());
        }
    }

    /// <summary>Tokens do not live for days, and a server that was started again has another port: asked for anew each time.</summary>
    private static async Task<HttpClient> AdminAsync(CustodiaServer server) =>
        server.Client(await (await server.InitialAdminAsync() with { Issuer = $"{server.Url}/d/staff" }).TokenAsync(server.Client()));

    private static async Task<HttpStatusCode> SignInAsync(CustodiaServer server, InitialAdmin owner)
    {
        try
        {
            await owner.TokenAsync(server.Client());
            return HttpStatusCode.OK;
        }
        catch (HttpRequestException refused)
        {
            return refused.StatusCode ?? HttpStatusCode.Unauthorized;
        }
    }

    /// <summary>In steps of a round of retention, as the days would pass, only faster.</summary>
    private static async Task DaysLaterAsync(CustodiaServer server, int days)
    {
        for (var day = 0; day < days; day++)
        {
            server.Time.Advance(TimeSpan.FromDays(1));
            await Task.Delay(50);
        }
    }

    private static async Task EventuallyAsync(CustodiaServer server, Func<Task<bool>> reached, string what)
    {
        for (var tries = 0; tries < 100; tries++)
        {
            if (await reached()) return;
            server.Time.Advance(TimeSpan.FromMinutes(1));
            await Task.Delay(200);
        }

        throw new TimeoutException($"There is still not {what}.");
    }

    /// <summary>How many keys of each kind are not destroyed, as the verb counts them.</summary>
    private static async Task<Dictionary<string, int>> KeysAsync(string data, string keys)
    {
        var table = await VerbAsync(data, keys, "keys", "show");
        return table.Split('\n').Select(line => line.Split(['│', '|'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            .Where(cells => cells.Length == 4 && cells[0] != "kind")
            .GroupBy(cells => cells[0], StringComparer.Ordinal)
            .ToDictionary(kind => kind.Key, kind => kind.Sum(cells => int.Parse(cells[2], System.Globalization.CultureInfo.InvariantCulture)), StringComparer.Ordinal);
    }

    private static async Task<bool> NothingHeldAsync(string data, string keys, string category) =>
        (await VerbAsync(data, keys, "retention", "preview")).Split('\n').Where(line => line.Contains(category, StringComparison.Ordinal))
            .ShouldHaveSingleItem().Contains("nothing held", StringComparison.Ordinal);

    private static async Task<string> VerbAsync(string data, string keys, params string[] args)
    {
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal) { ["Custodia__DataDirectory"] = data, ["Custodia__Keys__Directory"] = keys };
        var (code, output, error) = await CustodiaProcess.RunAsync(args, settings);
        code.ShouldBe(0, $"{string.Join(' ', args)}\n{output}\n{error}");
        return output;
    }
}
