using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Custodia.Identity.Tests.People;

namespace Custodia.Identity.Tests.Provisioning;

public sealed class ScimTests(PeopleServer server) : IClassFixture<PeopleServer>
{
    private const string Home = "/scim/v2/customers";

    [Fact]
    public async Task The_server_says_what_it_can()
    {
        var admin = await server.AdminAsync();
        var config = await GetAsync(admin, "/ServiceProviderConfig");
        config.GetProperty("patch").GetProperty("supported").GetBoolean().ShouldBeTrue();
        config.GetProperty("bulk").GetProperty("supported").GetBoolean().ShouldBeFalse();
        config.GetProperty("sort").GetProperty("supported").GetBoolean().ShouldBeFalse();
        (await GetAsync(admin, "/ResourceTypes")).GetProperty("totalResults").GetInt32().ShouldBe(2);
        (await GetAsync(admin, "/Schemas/urn:ietf:params:scim:schemas:core:2.0:User")).GetProperty("name").GetString().ShouldBe("User");
    }

    // As Okta does it: look the user up, create, read back, replace, deactivate by PATCH without a path.
    [Fact]
    public async Task Okta_provisions_changes_and_deactivates_a_user()
    {
        var admin = await server.AdminAsync();
        var none = await GetAsync(admin, $"/Users?filter={Uri.EscapeDataString("userName eq \"okta@example.com\"")}&startIndex=1&count=100");
        none.GetProperty("totalResults").GetInt32().ShouldBe(0);
        var created = await SendAsync(admin, HttpMethod.Post, "/Users", """
            {"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"okta@example.com","name":{"givenName":"Olga","familyName":"Kta"},
             "emails":[{"primary":true,"value":"okta@example.com","type":"work"}],"displayName":"Olga Kta","locale":"en-US","externalId":"00u1","groups":[],"password":"a-quite-long-phrase","active":true}
            """, HttpStatusCode.Created);
        var id = created.GetProperty("id").GetString();
        created.TryGetProperty("password", out _).ShouldBeFalse();
        created.GetProperty("name").GetProperty("familyName").GetString().ShouldBe("Kta");
        (await GetAsync(admin, $"/Users?filter={Uri.EscapeDataString("externalId eq \"00u1\" and active eq true")}")).GetProperty("totalResults").GetInt32().ShouldBe(1);
        (await server.SignInAsync("customers", "okta@example.com", "a-quite-long-phrase")).Status.ShouldBe(HttpStatusCode.SeeOther);

        var replaced = await SendAsync(admin, HttpMethod.Put, $"/Users/{id}", """
            {"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"okta@example.com","emails":[{"primary":true,"value":"okta@example.com"}],"displayName":"Olga","active":true}
            """, HttpStatusCode.OK);
        replaced.GetProperty("displayName").GetString().ShouldBe("Olga");
        replaced.TryGetProperty("externalId", out _).ShouldBeFalse();
        var inactive = await SendAsync(admin, HttpMethod.Patch, $"/Users/{id}", """
            {"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"replace","value":{"active":false}}]}
            """, HttpStatusCode.OK);
        inactive.GetProperty("active").GetBoolean().ShouldBeFalse();
        (await server.SignInAsync("customers", "okta@example.com", "a-quite-long-phrase")).Status.ShouldNotBe(HttpStatusCode.SeeOther);
    }

    // As Entra ID does it: capital operation names, texts for truth, paths with value filters, members by path.
    [Fact]
    public async Task Entra_patches_users_and_groups_by_paths()
    {
        var admin = await server.AdminAsync();
        var user = await SendAsync(admin, HttpMethod.Post, "/Users", """
            {"schemas":["urn:ietf:params:scim:schemas:core:2.0:User","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],
             "externalId":"entra-1","userName":"entra-one","active":true,"displayName":"Entra One","emails":[{"primary":true,"type":"work","value":"entra-one@example.com"}],"meta":{"resourceType":"User"}}
            """, HttpStatusCode.Created);
        var id = user.GetProperty("id").GetString();
        var patched = await SendAsync(admin, HttpMethod.Patch, $"/Users/{id}", """
            {"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[
              {"op":"Replace","path":"emails[type eq \"work\"].value","value":"entra-new@example.com"},
              {"op":"Add","path":"phoneNumbers[type eq \"mobile\"].value","value":"+1 555 0199"},
              {"op":"Replace","path":"name.familyName","value":"Two"},
              {"op":"Remove","path":"displayName"},
              {"op":"Replace","path":"active","value":"False"}]}
            """, HttpStatusCode.OK);
        patched.GetProperty("emails")[0].GetProperty("value").GetString().ShouldBe("entra-new@example.com");
        patched.GetProperty("phoneNumbers")[0].GetProperty("value").GetString().ShouldBe("+1 555 0199");
        patched.GetProperty("active").GetBoolean().ShouldBeFalse();

        var group = await SendAsync(admin, HttpMethod.Post, "/Groups", """
            {"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"externalId":"g-1","displayName":"Entra people"}
            """, HttpStatusCode.Created);
        var path = $"/Groups/{group.GetProperty("id").GetString()}";
        await SendAsync(admin, HttpMethod.Patch, path, $$"""{"Operations":[{"op":"Add","path":"members","value":[{"value":"{{id}}"}]}]}""", HttpStatusCode.OK);
        (await GetAsync(admin, $"/Users/{id}")).GetProperty("groups")[0].GetProperty("display").GetString().ShouldBe("Entra people");
        (await GetAsync(admin, $"/Groups?excludedAttributes=members&filter={Uri.EscapeDataString("displayName eq \"ENTRA PEOPLE\"")}")).GetProperty("Resources")[0].TryGetProperty("members", out _).ShouldBeFalse();
        var empty = await SendAsync(admin, HttpMethod.Patch, path, $$"""{"Operations":[{"op":"Remove","path":"members[value eq \"{{id}}\"]"}]}""", HttpStatusCode.OK);
        empty.GetProperty("members").GetArrayLength().ShouldBe(0);
        await SendAsync(admin, HttpMethod.Post, "/Groups", """{"displayName":"entra PEOPLE"}""", HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task Of_twenty_clients_that_create_one_address_one_does()
    {
        var admin = await server.AdminAsync();
        const string Body = """{"userName":"scim-race@example.com"}""";
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => RawAsync(admin, HttpMethod.Post, "/Users", Body)));
        answers.Count(a => a.Status == HttpStatusCode.Created).ShouldBe(1);
        answers.Count(a => a.Status == HttpStatusCode.Conflict && a.Body.GetProperty("scimType").GetString() == "uniqueness").ShouldBe(19);
    }

    [Theory]
    [InlineData("displayName sw \"A\"", "invalidFilter", "displayname")]
    [InlineData("userName co \"a\"", "invalidFilter", "username")]
    [InlineData("userName eq", "invalidFilter", "value")]
    [InlineData("(userName pr", "invalidFilter", "position")]
    [InlineData("userName xx \"a\"", "invalidFilter", "operator")]
    public async Task A_filter_that_cannot_be_answered_says_why(string filter, string type, string word)
    {
        var answer = await RawAsync(await server.AdminAsync(), HttpMethod.Get, $"/Users?filter={Uri.EscapeDataString(filter)}", null);
        answer.Status.ShouldBe(HttpStatusCode.BadRequest);
        answer.Body.GetProperty("scimType").GetString().ShouldBe(type);
        answer.Body.GetProperty("status").GetString().ShouldBe("400");
        answer.Body.GetProperty("detail").GetString()!.ShouldContain(word);
    }

    [Theory]
    [InlineData("userName eq \"ada\" or userName eq \"wei\"", 2)]
    [InlineData("userName pr and not (userName eq \"ada\") and (userName eq \"ada\" or userName eq \"WEI\")", 1)]
    [InlineData("emails[type eq \"work\" and value eq \"ada@customers.example\"]", 1)]
    [InlineData("urn:ietf:params:scim:schemas:core:2.0:User:userName EQ \"ada\"", 1)]
    [InlineData("userName eq \"ada\" and meta.created gt \"2100-01-01T00:00:00Z\"", 0)]
    public async Task Filters_follow_the_grammar(string filter, int found) =>
        (await GetAsync(await server.AdminAsync(), $"/Users?filter={Uri.EscapeDataString(filter)}")).GetProperty("totalResults").GetInt32().ShouldBe(found);

    [Fact]
    public async Task A_change_of_another_version_is_refused_and_a_page_is_what_was_asked_for()
    {
        var admin = await server.AdminAsync();
        var user = await SendAsync(admin, HttpMethod.Post, "/Users", """{"userName":"etag-one"}""", HttpStatusCode.Created);
        using var request = new HttpRequestMessage(HttpMethod.Patch, $"{Home}/Users/{user.GetProperty("id").GetString()}") { Content = Scim("""{"Operations":[{"op":"replace","path":"displayName","value":"X"}]}""") };
        request.Headers.TryAddWithoutValidation("If-Match", "W/\"0\"");
        using var refused = await admin.SendAsync(request);
        refused.StatusCode.ShouldBe(HttpStatusCode.PreconditionFailed);
        var page = await GetAsync(admin, "/Users?startIndex=2&count=1&attributes=userName");
        page.GetProperty("itemsPerPage").GetInt32().ShouldBe(1);
        page.GetProperty("Resources")[0].TryGetProperty("emails", out _).ShouldBeFalse();
        page.GetProperty("Resources")[0].TryGetProperty("userName", out _).ShouldBeTrue();
    }

    [Fact]
    public async Task A_deleted_user_is_gone_for_the_client_and_later_everywhere()
    {
        var admin = await server.AdminAsync();
        var user = await SendAsync(admin, HttpMethod.Post, "/Users", """{"userName":"scim-gone","externalId":"gone-1"}""", HttpStatusCode.Created);
        var id = user.GetProperty("id").GetString();
        (await RawAsync(admin, HttpMethod.Delete, $"/Users/{id}", null)).Status.ShouldBe(HttpStatusCode.NoContent);
        (await RawAsync(admin, HttpMethod.Get, $"/Users/{id}", null)).Status.ShouldBe(HttpStatusCode.NotFound);
        await Eventually.TrueAsync(async () =>
        {
            using var answer = await admin.GetAsync($"/api/v1/users/{id}");
            return answer.StatusCode == HttpStatusCode.NotFound;
        });
    }

    [Fact]
    public async Task Only_an_application_with_a_token_provisions()
    {
        using var nobody = await server.Client().GetAsync($"{Home}/Users");
        nobody.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        var staff = await server.SignInAsync("staff", "administrator");
        (await staff.OpenAsync($"{Home}/Users")).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await RawAsync(await server.AdminAsync(), HttpMethod.Get, "/../staff/Users", null)).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Users_are_found_by_their_group()
    {
        var admin = await server.AdminAsync();
        using var created = await admin.PostAsJsonAsync("/api/v1/groups", new { directory = "customers", name = "Found by group" });
        created.StatusCode.ShouldBe(HttpStatusCode.Created);
        var group = (await created.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid();
        var ada = await server.UserIdAsync("ada@customers.example");
        using var added = await admin.PostAsJsonAsync($"/api/v1/groups/{group}/members", new { users = new[] { ada } });
        (await added.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("members").GetInt32().ShouldBe(1);
        var found = await admin.GetFromJsonAsync<JsonElement>($"/api/v1/users?directory=customers&group={group}");
        found.GetProperty("items").EnumerateArray().Single().GetProperty("id").GetGuid().ShouldBe(ada);
        using var stranger = await admin.PostAsJsonAsync($"/api/v1/groups/{group}/members", new { users = new[] { Guid.CreateVersion7() } });
        stranger.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        using var again = await admin.PostAsJsonAsync("/api/v1/groups", new { directory = "customers", name = "found BY group" });
        again.StatusCode.ShouldBe(HttpStatusCode.Conflict);
    }

    private static async Task<JsonElement> GetAsync(HttpClient client, string path)
    {
        var (status, body) = await RawAsync(client, HttpMethod.Get, path, null);
        status.ShouldBe(HttpStatusCode.OK, body.ToString());
        return body;
    }

    private static async Task<JsonElement> SendAsync(HttpClient client, HttpMethod method, string path, string body, HttpStatusCode expected)
    {
        var (status, answer) = await RawAsync(client, method, path, body);
        status.ShouldBe(expected, answer.ToString());
        return answer;
    }

    private static async Task<(HttpStatusCode Status, JsonElement Body)> RawAsync(HttpClient client, HttpMethod method, string path, string? body)
    {
        using var request = new HttpRequestMessage(method, Home + path);
        if (body is not null) request.Content = Scim(body);
        using var answer = await client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return (answer.StatusCode, text.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(text));
    }

    private static StringContent Scim(string body) => new(body, Encoding.UTF8, "application/scim+json");
}
