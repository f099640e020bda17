using System.Net;
using System.Net.Http.Json;
using System.Runtime.Versioning;
using System.Text.Json;
using System.Text.RegularExpressions;
using Custodia.Testing;

namespace Custodia.Acceptance.Journey;

/// <summary>One person's way through all services and out again, on each database.</summary>
[SupportedOSPlatform("linux")]
public sealed partial class EngineJourneyTests(PostgreSqlServer postgres) : IClassFixture<PostgreSqlServer>
{
    private const string Mail = "grace.canary@example.com";
    private const string UserName = "grace-canary";
    private const string Name = "Grace Canarina";
    private const string Password = "canary horse battery 43";
    private const string Contact = "canary.contact@example.org";
    private const string Secret = "canary-secret-box-78";
    private const string Customers = "customers";

    [Fact]
    public async Task A_person_is_served_and_forgotten_on_SQLite()
    {
        using var folder = new TemporaryFolder();
        await WalkAsync(folder.File("data"), null, () => Task.CompletedTask);
    }

    [EngineFact(Engines.PostgreSql)]
    public async Task A_person_is_served_and_forgotten_on_PostgreSQL_and_an_old_dump_does_not_bring_them_back()
    {
        using var folder = new TemporaryFolder();
        var (data, dump) = (folder.File("data"), folder.File("before.sql"));
        var connection = await postgres.NewDatabaseAsync();
        await WalkAsync(data, connection, () => postgres.DumpAsync(connection, dump));
        File.ReadAllText(dump).ShouldContain(UserName, customMessage: "the dump was taken while the person was there");

        await using var server = await StartAsync(data, await postgres.RestoreAsync(dump));
        using var admin = server.Client(await ((await server.InitialAdminAsync()) with { Issuer = $"{server.Url}/d/staff" }).TokenAsync(server.Client()));
        await GoneAsync(server, admin);
    }

    [Theory]
    [InlineData("backup", "--to")]
    [InlineData("restore", "--from")]
    public async Task Backup_and_restore_say_that_they_are_for_SQLite(string verb, string option)
    {
        using var folder = new TemporaryFolder();
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Custodia__DataDirectory"] = folder.File("data"),
            ["Custodia__Storage__Provider"] = "PostgreSql",
            ["Custodia__Storage__ConnectionString"] = "Host=127.0.0.1;Port=1;Username=nobody;Password=hunter2",
        };
        var (code, _, error) = await CustodiaProcess.RunAsync([verb, option, folder.File("backup")], settings);
        code.ShouldBe(2);
        error.ShouldContain($"'custodia {verb}' is for SQLite");
        error.ShouldNotContain("hunter2");
        Directory.Exists(folder.File("data")).ShouldBeFalse();
    }

    private static async Task WalkAsync(string data, string? connection, Func<Task> beforeDeletion)
    {
        await using var server = await StartAsync(data, connection);
        using var admin = await server.AdminAsync();
        var person = await SignUpAsync(server);
        await WelcomedAsync(server, admin);
        var ticket = await OpenTicketAsync(server, admin, person);
        await RevealAsync(server, ticket);
        await WorkAsync(admin, ticket);
        await beforeDeletion();
        await ForgetAsync(server, admin, person);
        await GoneAsync(server, admin);
        OwnersAlone(server.DataDirectory);
    }

    private static Task<CustodiaServer> StartAsync(string data, string? connection) => CustodiaServer.StartAsync(server =>
    {
        server.DataDirectory = data;
        if (connection is null) return;
        server.Settings["Custodia:Storage:Provider"] = "PostgreSql";
        server.Settings["Custodia:Storage:ConnectionString"] = connection;
    });

    /// <summary>Nobody else on the machine reads anything of all that was written on the way.</summary>
    private static void OwnersAlone(string data)
    {
        const UnixFileMode others = (UnixFileMode)0b000_111_111;
        var entries = Directory.GetFileSystemEntries(data, "*", SearchOption.AllDirectories);
        entries.Length.ShouldBeGreaterThan(20);
        entries.Append(data).Where(e => (File.GetUnixFileMode(e) & others) != 0).ShouldBeEmpty();
    }

    private static async Task<Visitor> SignUpAsync(CustodiaServer server)
    {
        var person = new Visitor(server);
        var asked = await person.PostAsync($"/d/{Customers}/sign-up", null, ("email", Mail), ("user-name", UserName), ("password", Password), ("display-name", Name));
        asked.Status.ShouldBe(HttpStatusCode.OK, asked.Html);
        var done = await person.PostFromAsync(asked, $"/d/{Customers}/sign-up/code", ("id", asked.Hidden("id")), ("code", await CodeAsync(server, Mail)));
        done.Address.ShouldBe($"/account/{Customers}");
        done.Html.ShouldContain(Name);
        return person;
    }

    /// <summary>The event of the registration started the flow, and its mail was sent.</summary>
    private static async Task WelcomedAsync(CustodiaServer server, HttpClient admin)
    {
        var mail = await UntilAsync(async () => (await server.OutboxAsync(Mail)).FirstOrDefault(m => m.Subject.Contains("Welcome", StringComparison.OrdinalIgnoreCase)), "the flow's mail");
        mail.Text.ShouldContain(Name);
        await UntilAsync(async () => (await ItemsAsync(admin, "/api/v1/integration/jobs?state=done")).Count > 0 ? "" : null, "a job that has succeeded");
        await UntilAsync(async () => (await ItemsAsync(admin, "/api/v1/logs/integration.running-log")).Count > 0 ? "" : null, "a record of the job");
        (await ItemsAsync(admin, $"/api/v1/users?directory={Customers}&email={Uri.EscapeDataString(Mail)}")).ShouldHaveSingleItem();
        (await admin.GetFromJsonAsync<JsonElement>($"/api/v1/statistics?directory={Customers}")).GetProperty("users").GetInt64().ShouldBeGreaterThan(1);
    }

    private static async Task<Guid> OpenTicketAsync(CustodiaServer server, HttpClient admin, Visitor person)
    {
        var opened = await person.UploadAsync(
            $"/support/{Customers}/new",
            ("category", "account"), ("problemType", "sign-in"), ("severity", "normal"), ("title", "The printer says no"),
            ("description", $"I am {Name} and it has not printed since Monday."), ("confidential", Secret), ("email", Contact));
        var path = opened.Address.Split('?')[0];
        path.ShouldStartWith($"/support/{Customers}/tickets/", customMessage: opened.Html);
        var verified = await person.PostAsync(path, $"{path}/contact/code", ("kind", "email"), ("code", await CodeAsync(server, Contact)));
        verified.Html.ShouldContain("The contact is verified.");
        var item = (await ItemsAsync(admin, $"/api/v1/tickets?number={path[(path.LastIndexOf('/') + 1)..]}")).ShouldHaveSingleItem();
        return item.GetProperty("id").GetGuid();
    }

    /// <summary>Staff sees a mask; off the whitelist it stays one, on it the value opens, and both are on record.</summary>
    private static async Task RevealAsync(CustodiaServer server, Guid ticket)
    {
        var desk = $"/console/tickets/{ticket}";
        (string, string)[] fields = [("target", "email"), ("purpose", "progress-notification"), ("reason", "call back about the printer")];
        var agent = await Visitor.SignInAsync(server, "staff", "support-agent");
        (await agent.OpenAsync(desk)).Html.ShouldContain("c***@example.org");
        var refused = await agent.PostAsync(desk, $"{desk}/reveal", fields);
        refused.Status.ShouldBe(HttpStatusCode.Forbidden);
        refused.Html.ShouldNotContain(Contact);
        var lead = await Visitor.SignInAsync(server, "staff", "support-lead");
        (await lead.PostAsync(desk, $"{desk}/reveal", fields)).Html.ShouldContain(Contact);
        var officer = await Visitor.SignInAsync(server, "staff", "privacy-officer");
        var log = await officer.OpenAsync("/console/logs/kernel.reveal-log");
        log.Html.ShouldContain("support-agent");
        log.Html.ShouldContain("support-lead");
    }

    private static async Task WorkAsync(HttpClient admin, Guid ticket)
    {
        using var message = await admin.PostAsJsonAsync($"/api/v1/tickets/{ticket}/messages", new { body = "We look into it." });
        message.StatusCode.ShouldBe(HttpStatusCode.Created, await message.Content.ReadAsStringAsync());
        var whole = await admin.GetFromJsonAsync<JsonElement>($"/api/v1/tickets/{ticket}");
        whole.GetProperty("messages").GetArrayLength().ShouldBe(1);
        whole.GetProperty("sealed").GetProperty("contactEmail").GetString().ShouldBe("c***@example.org");
        var step = whole.GetProperty("allowedActions")[0].GetString();
        using var moved = await admin.PostAsJsonAsync($"/api/v1/tickets/{ticket}/transitions", new { action = step });
        moved.StatusCode.ShouldBe(HttpStatusCode.OK, await moved.Content.ReadAsStringAsync());
    }

    private static async Task ForgetAsync(CustodiaServer server, HttpClient admin, Visitor person)
    {
        var export = await person.OpenAsync($"/account/{Customers}/data");
        export.Status.ShouldBe(HttpStatusCode.OK);
        var asked = await person.PostAsync($"/account/{Customers}/delete", null, ("password", Password), ("confirmed", "true"));
        ((int)asked.Status).ShouldBeLessThan(400, asked.Html);
        var done = await UntilAsync(
            async () => (await ItemsAsync(admin, "/api/v1/deletion-requests")).Select(r => (JsonElement?)r).FirstOrDefault(r => r!.Value.GetProperty("state").GetString() == "done"), "the end of the deletion");
        var evidence = Path.Combine(server.DataDirectory, "evidence");
        using var proof = await admin.GetAsync($"/api/v1/deletion-requests/{done!.Value.GetProperty("id").GetGuid()}/evidence");
        proof.StatusCode.ShouldBe(HttpStatusCode.OK);
        Directory.EnumerateFiles(evidence, "*.json").ShouldNotBeEmpty();
    }

    private static async Task GoneAsync(CustodiaServer server, HttpClient admin)
    {
        (await ItemsAsync(admin, $"/api/v1/users?directory={Customers}&email={Uri.EscapeDataString(Mail)}")).ShouldBeEmpty();
        var ticket = (await ItemsAsync(admin, "/api/v1/tickets?limit=100")).First(i => i.GetProperty("title").GetString()!.Contains("printer", StringComparison.Ordinal));
        ticket.GetProperty("person").ValueKind.ShouldBe(JsonValueKind.Null);
        Canaries.FindIn(server.DataDirectory, Mail, UserName, Contact, Secret, Password).ShouldBeEmpty();
    }

    private static async Task<List<JsonElement>> ItemsAsync(HttpClient client, string address)
    {
        using var answer = await client.GetAsync(address);
        var text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, $"{address}: {text}");
        return [.. JsonSerializer.Deserialize<JsonElement>(text).GetProperty("items").EnumerateArray()];
    }

    private static async Task<string> CodeAsync(CustodiaServer server, string to) =>
        await UntilAsync(async () => (await server.OutboxAsync(to)).Select(m => Code().Match(m.Text)).FirstOrDefault(m => m.Success)?.Value, $"a code in the outbox");

    private static async Task<T> UntilAsync<T>(Func<Task<T?>> look, string what)
    {
        for (var tries = 0; tries < 300; tries++)
        {
            if (await look() is { } found) return found;
            await Task.Delay(100);
        }

        throw new TimeoutException($"There is still not {what}.");
    }

    [GeneratedRegex(@"(?<![0-9])[0-9]{6}(?![0-9])", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Code();
}
