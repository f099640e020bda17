using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Custodia.Identity.Tests.Jobs;
using Custodia.Identity.Tests.People;

namespace Custodia.Identity.Tests.Users;

/// <summary>What no text is, is refused by name, and breaks nothing.</summary>
public sealed class UnreadableInputTests(PeopleServer server) : IClassFixture<PeopleServer>
{
    [Theory]
    [InlineData("""{"displayName":"\ud800"}""", "displayName")]
    [InlineData("""{"status":"\udfff","reason":"a good reason"}""", "status")]
    [InlineData("""{"status":"LOCKED","reason":"half \ud83d of it"}""", "reason")]
    [InlineData("""{"customAttributes":{"tier":"\ud800"}}""", "customAttributes")]
    public async Task Half_a_character_is_a_finding(string body, string field)
    {
        var admin = await server.AdminAsync();
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var refused = await admin.PatchAsync(new Uri($"/api/v1/users/{await server.UserIdAsync("wei@customers.example")}", UriKind.Relative), content);
        refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest, await refused.Content.ReadAsStringAsync());
        (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors").TryGetProperty(field, out _).ShouldBeTrue();
    }

    [Theory]
    [InlineData("/api/v1/applications", "POST", """{"directory":"customers","kind":"web","name":"x","redirectUris":[null]}""", "redirectUris")]
    [InlineData("/api/v1/applications", "POST", """{"directory":"customers","kind":"web","name":"x","redirectUris":["https://x.example/"],"postLogoutUris":[null]}""", "postLogoutUris")]
    [InlineData("/api/v1/applications", "POST", """{"directory":"customers","kind":"web","name":"x","redirectUris":["https://x.example/"],"scopes":["openid",null]}""", "scopes")]
    [InlineData("/api/v1/applications", "POST", """{"directory":"customers","kind":"web","name":"x","redirectUris":["https://x.example/"],"resources":[null]}""", "resources")]
    [InlineData("/api/v1/directories/customers/sign-in", "PATCH", """{"smsCountries":[null]}""", "smsCountries")]
    [InlineData("/api/v1/directories/customers/sources", "POST", """{"name":"gap","kind":"oAuth2","title":"Gap","clientId":"c","scopes":[null]}""", "scopes")]
    public async Task Nothing_among_the_texts_of_a_list_is_a_finding(string address, string method, string body, string field)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), address) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        using var refused = await (await server.AdminAsync()).SendAsync(request);
        refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest, await refused.Content.ReadAsStringAsync());
        (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors").TryGetProperty(field, out _).ShouldBeTrue();
    }

    [Theory]
    [InlineData("safe\u202egnp.exe", "control-characters")]
    [InlineData("\u2066isolated", "control-characters")]
    [InlineData("\u200b\u200d", "blank")]
    [InlineData("\u3164", "blank")]
    public async Task A_name_shows_something_and_turns_nothing_around_it(string name, string rule)
    {
        using var refused = await (await server.AdminAsync()).PatchAsJsonAsync($"/api/v1/users/{await server.UserIdAsync("sofia@customers.example")}", new { displayName = name });
        refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors").GetProperty("displayName")[0].GetString().ShouldBe(rule);
    }

    [Theory]
    [InlineData("مريم\u200fأحمد")]
    [InlineData("क\u200dष")]
    [InlineData("👩\u200d🔬 Ada")]
    public async Task Joiners_and_marks_that_scripts_need_stay_allowed(string name)
    {
        using var changed = await (await server.AdminAsync()).PatchAsJsonAsync($"/api/v1/users/{await server.UserIdAsync("jonas@customers.example")}", new { displayName = name });
        changed.StatusCode.ShouldBe(HttpStatusCode.OK, await changed.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_row_with_half_a_character_is_reported_and_the_others_are_imported()
    {
        var done = await (await server.AdminAsync()).ImportAsync(
            """
            {"userName":"half-one","displayName":"One"}
            {"userName":"\ud800","displayName":"Half"}
            {"userName":"half-two","displayName":"Two"}
            """,
            new { mapping = new { userName = "userName", displayName = "displayName" } },
            "application/x-ndjson");
        done.Figures().ShouldBe((2, 0, 0, 1));
    }

    [Theory]
    [InlineData("text/csv", "\ufeffuserName,displayName\r\nmark-csv,Marked\r\n")]
    [InlineData("application/x-ndjson", "\ufeff{\"userName\":\"mark-json\",\"displayName\":\"Marked\"}\n")]
    public async Task The_mark_that_spreadsheets_put_before_a_file_belongs_to_no_column(string type, string content)
    {
        var admin = await server.AdminAsync();
        var job = await admin.UploadAsync(content, type);
        var columns = await admin.GetFromJsonAsync<JsonElement>($"/api/v1/jobs/{job.GetProperty("id").GetGuid()}/columns");
        columns.GetProperty("columns")[0].GetString().ShouldBe("userName");
        columns.GetProperty("suggested").TryGetProperty("profile", out _).ShouldBeFalse("what the server works with is no part of its answer");
        await admin.StartAsync(job, new { mapping = new { userName = "userName", displayName = "displayName" } });
        (await admin.EndOfAsync(job)).Figures().ShouldBe((1, 0, 0, 0));
    }
}
