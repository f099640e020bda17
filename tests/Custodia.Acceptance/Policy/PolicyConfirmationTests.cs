using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Custodia.Acceptance.Journey;
using Custodia.Testing;

namespace Custodia.Acceptance.Policy;

/// <summary>A policy that deletes sooner waits for a person, who looks at it and confirms it over the API or in the console.</summary>
public sealed class PolicyConfirmationTests : IDisposable
{
    private const string Log = "identity.admin-action-log";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_policy_that_deletes_sooner_is_previewed_and_confirmed_on_the_record()
    {
        CopyPolicy();
        await using (await StartAsync())
        {
            // The first start puts the policy into force.
        }

        Change("age: P180D", "age: P31D");
        await using (var server = await StartAsync())
        {
            using var client = await AdminAsync(server);
            var sha256 = await WaitsAsync(client);
            await RefusesAsync(client, new { sha256 }, HttpStatusCode.BadRequest, "invalid");
            await RefusesAsync(client, new { sha256 = new string('0', 64), by = "Ada Lovelace" }, HttpStatusCode.Conflict, "other-policy");
            await WaitsAsync(client);
            using var confirmed = await client.PostAsJsonAsync("/api/v1/policy/confirm", new { sha256, by = "Ada Lovelace" });
            var standing = await confirmed.Content.ReadFromJsonAsync<JsonElement>();
            confirmed.StatusCode.ShouldBe(HttpStatusCode.OK, standing.ToString());
            standing.GetProperty("waiting").GetArrayLength().ShouldBe(0);
            standing.GetProperty("inForce").GetProperty("sha256").GetString().ShouldBe(sha256);
            standing.GetProperty("inForce").GetProperty("confirmedBy").GetString()!.ShouldStartWith("Ada Lovelace (");
            await RefusesAsync(client, new { sha256, by = "Ada Lovelace" }, HttpStatusCode.Conflict, "nothing-waits");
            var records = await client.GetFromJsonAsync<JsonElement>($"/api/v1/logs/{Log}?field.log-area=policy.confirm");
            records.GetProperty("items").GetArrayLength().ShouldBe(1);
            await FilesAsync(client);
        }

        Change("age: P29D", "age: P14D");
        await using var again = await StartAsync();
        await ByThePrivacyOfficerAsync(again);
    }

    /// <summary>The file was written by the first start, which listened elsewhere.</summary>
    private static async Task<HttpClient> AdminAsync(CustodiaServer server)
    {
        var admin = (await server.InitialAdminAsync()) with { Issuer = $"{server.Url}/d/staff" };
        return server.Client(await admin.TokenAsync(server.Client()));
    }

    private static async Task<string> WaitsAsync(HttpClient client)
    {
        var standing = await client.GetFromJsonAsync<JsonElement>("/api/v1/policy");
        var change = standing.GetProperty("waiting").EnumerateArray().ShouldHaveSingleItem();
        change.GetProperty("category").GetString().ShouldBe(Log);
        change.GetProperty("before").GetString().ShouldBe("P180D");
        change.GetProperty("after").GetString().ShouldBe("P31D");
        var preview = await client.GetFromJsonAsync<JsonElement>("/api/v1/policy/preview");
        var line = preview.GetProperty("deletions").EnumerateArray().ShouldHaveSingleItem();
        line.GetProperty("trigger").GetString().ShouldBe("age");
        line.GetProperty("due").GetInt64().ShouldBe(0);
        preview.GetProperty("sha256").GetString().ShouldBe(standing.GetProperty("sha256").GetString());
        return standing.GetProperty("sha256").GetString()!;
    }

    private static async Task RefusesAsync(HttpClient client, object body, HttpStatusCode status, string code)
    {
        using var answer = await client.PostAsJsonAsync("/api/v1/policy/confirm", body);
        answer.StatusCode.ShouldBe(status);
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("type").GetString().ShouldBe($"urn:custodia:problem:{code}");
    }

    /// <summary>The files are changed under a running server: the next start would load them.</summary>
    private async Task FilesAsync(HttpClient client)
    {
        Change("age: P31D", "age: P29D");
        var files = await client.GetFromJsonAsync<JsonElement>("/api/v1/policy/files");
        files.GetProperty("findings").GetArrayLength().ShouldBe(0);
        files.GetProperty("changes").EnumerateArray().ShouldHaveSingleItem().GetProperty("deletesSooner").GetBoolean().ShouldBeTrue();
        Change("age: P29D", "age: soon");
        files = await client.GetFromJsonAsync<JsonElement>("/api/v1/policy/files");
        files.GetProperty("findings").EnumerateArray().ShouldContain(f => f.GetProperty("what").GetString()!.StartsWith(Log, StringComparison.Ordinal));
        Change("age: soon", "age: P29D");
    }

    private static async Task ByThePrivacyOfficerAsync(CustodiaServer server)
    {
        const string home = "/console/privacy/policy";
        var seen = (await (await Visitor.SignInAsync(server, "staff", "auditor")).OpenAsync(home)).Html;
        seen.ShouldContain("P14D");
        seen.ShouldNotContain("Put into force");
        var officer = await Visitor.SignInAsync(server, "staff", "privacy-officer");
        var page = await officer.OpenAsync(home);
        var after = await officer.PostFromAsync(page, home + "/confirm", ("sha256", page.Hidden("sha256")), ("confirmed", "true"));
        after.Html.ShouldContain("The policy is in force.");
        after.Html.ShouldContain("privacy-officer,");
        after.Html.ShouldNotContain("Put into force");
    }

    private Task<CustodiaServer> StartAsync() => CustodiaServer.StartAsync(server =>
    {
        server.DataDirectory = _folder.File("data");
        server.Settings["Custodia:PolicyDirectory"] = _folder.File("policy");
    });

    private void CopyPolicy()
    {
        Directory.CreateDirectory(_folder.File("policy"));
        foreach (var file in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "policy"), "*.yaml")) File.Copy(file, _folder.File("policy", Path.GetFileName(file)));
    }

    private void Change(string before, string after)
    {
        var text = File.ReadAllText(_folder.File("policy", "identity.yaml"));
        text.Split(before).Length.ShouldBe(2, $"'{before}' stands once");
        File.WriteAllText(_folder.File("policy", "identity.yaml"), text.Replace(before, after, StringComparison.Ordinal));
    }
}
