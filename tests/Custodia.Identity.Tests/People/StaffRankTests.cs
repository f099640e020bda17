using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Custodia.Identity.Tests.People;

/// <summary>Nobody changes how a member of staff signs in who may do more than they may themselves.</summary>
public sealed class StaffRankTests(PeopleServer server) : IClassFixture<PeopleServer>
{
    [Theory]
    [InlineData("PATCH", "", """{"email":"mine@attacker.example","emailVerified":true}""")]
    [InlineData("PATCH", "", """{"status":"LOCKED","reason":"because I can"}""")]
    [InlineData("POST", "/lock", """{"reason":"because I can"}""")]
    [InlineData("POST", "/sessions/end", null)]
    [InlineData("DELETE", "/second-factors", null)]
    public async Task An_application_that_may_change_users_changes_no_owner(string method, string path, string? body)
    {
        using var lesser = await LesserAsync("identity.users.read", "identity.users.write");
        var owner = await MemberAsync("owner");
        using var refused = await SendAsync(lesser, method, $"/api/v1/users/{owner.User}{path}", body);
        refused.StatusCode.ShouldBe(HttpStatusCode.Forbidden, await refused.Content.ReadAsStringAsync());
        (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("type").GetString().ShouldBe("urn:custodia:problem:role-too-high");
        var now = await (await server.AdminAsync()).GetFromJsonAsync<JsonElement>($"/api/v1/users/{owner.User}");
        now.GetProperty("status").GetString().ShouldBe("NORMAL");
        now.GetProperty("masked").GetProperty("email").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task People_of_customer_directories_are_changed_as_before()
    {
        using var lesser = await LesserAsync("identity.users.read", "identity.users.write");
        using var changed = await SendAsync(lesser, "PATCH", $"/api/v1/users/{await server.UserIdAsync("mei@customers.example")}", """{"displayName":"Mei Li"}""");
        changed.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task An_administrator_neither_locks_an_owner_in_the_console_nor_is_offered_to()
    {
        var owner = await MemberAsync("owner");
        var staff = await server.SignInAsync("staff", "administrator");
        await staff.OpenAsync($"/console/users/{owner.User}");
        staff.Html.ShouldNotContain("/lock\"");
        (await staff.PostAsync($"/console/users/{owner.User}/lock", ("lock-reason", "because I can"))).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await staff.PostAsync($"/console/users/{owner.User}/freeze", ("freeze-reason", "because I can"))).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await staff.PostAsync($"/console/users/{owner.User}/sign-in/second-factors/reset")).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await staff.PostAsync($"/console/users/{owner.User}/sign-in/sessions/end")).Status.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task The_last_owner_who_can_sign_in_is_not_locked()
    {
        var admin = await server.AdminAsync();
        var owner = await MemberAsync("owner");
        foreach (var path in new[] { "/lock", "" })
        {
            using var refused = await SendAsync(admin, path.Length > 0 ? "POST" : "PATCH", $"/api/v1/users/{owner.User}{path}", path.Length > 0 ? """{"reason":"a mistake"}""" : """{"status":"FROZEN","reason":"a mistake"}""");
            refused.StatusCode.ShouldBe(HttpStatusCode.Conflict);
            (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("type").GetString().ShouldBe("urn:custodia:problem:last-owner");
        }
    }

    [Fact]
    public async Task A_locked_owner_does_not_count_as_the_one_who_stays()
    {
        await using var own = await PeopleServer.StartNewAsync();
        var admin = await own.AdminAsync();
        using var made = await admin.PostAsJsonAsync("/api/v1/sub-accounts", new { userName = "second-owner", password = "a-quite-long-phrase", roles = new[] { "owner" } });
        made.StatusCode.ShouldBe(HttpStatusCode.Created);
        var second = (await made.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("userId").GetGuid();
        using var locked = await SendAsync(admin, "POST", $"/api/v1/users/{second}/lock", """{"reason":"left the company"}""");
        locked.StatusCode.ShouldBe(HttpStatusCode.OK);
        var members = await admin.GetFromJsonAsync<JsonElement>("/api/v1/sub-accounts");
        var first = members.GetProperty("items").EnumerateArray().First(m => m.GetProperty("roles")[0].GetString() == "owner" && m.GetProperty("userId").GetGuid() != second);
        using var refused = await SendAsync(admin, "PATCH", $"/api/v1/sub-accounts/{first.GetProperty("uin").GetInt64()}", """{"roles":["auditor"]}""");
        refused.StatusCode.ShouldBe(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task No_grace_leaves_two_owners_who_delete_each_other_without_an_owner()
    {
        await using var own = await PeopleServer.StartNewAsync();
        var admin = await own.AdminAsync();
        using var set = await SendAsync(admin, "PATCH", "/api/v1/directories/staff", """{"graceDays":7}""");
        set.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await set.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("graceDays").GetInt32().ShouldBe(0);
        using var made = await admin.PostAsJsonAsync("/api/v1/sub-accounts", new { userName = "second-owner", password = "a-quite-long-phrase", roles = new[] { "owner" } });
        made.StatusCode.ShouldBe(HttpStatusCode.Created);
        var second = (await made.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("uin").GetInt64();
        var members = await admin.GetFromJsonAsync<JsonElement>("/api/v1/sub-accounts");
        var first = members.GetProperty("items").EnumerateArray().Single(m => m.GetProperty("roles")[0].GetString() == "owner" && m.GetProperty("uin").GetInt64() != second);
        using var deleted = await admin.DeleteAsync(new Uri($"/api/v1/sub-accounts/{second}", UriKind.Relative));
        deleted.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var clock = await deleted.Content.ReadFromJsonAsync<JsonElement>();
        clock.GetProperty("executeAfter").GetDateTimeOffset().ShouldBe(clock.GetProperty("requestedAt").GetDateTimeOffset());
        (await admin.DeleteAsync(new Uri($"/api/v1/sub-accounts/{first.GetProperty("uin").GetInt64()}", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task An_application_that_may_do_more_is_not_deleted()
    {
        using var lesser = await LesserAsync("identity.applications.read", "identity.applications.write");
        var all = await lesser.GetFromJsonAsync<JsonElement>("/api/v1/applications?directory=staff");
        var first = all.GetProperty("items").EnumerateArray().First(a => a.GetProperty("settings").GetProperty("name").GetString() == "First administrator");
        using var refused = await lesser.DeleteAsync(new Uri($"/api/v1/applications/{first.GetProperty("id").GetString()}", UriKind.Relative));
        refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await refused.Content.ReadAsStringAsync()).ShouldContain("permissions");
        (await lesser.GetAsync(new Uri($"/api/v1/applications/{first.GetProperty("id").GetString()}", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    /// <summary>An API client of an application with these permissions only.</summary>
    private async Task<HttpClient> LesserAsync(params string[] permissions)
    {
        using var made = await (await server.AdminAsync()).PostAsJsonAsync("/api/v1/applications", new { directory = "staff", kind = "m2m", name = $"Lesser {Guid.CreateVersion7():N}", permissions });
        made.StatusCode.ShouldBe(HttpStatusCode.Created, await made.Content.ReadAsStringAsync());
        var answer = await made.Content.ReadFromJsonAsync<JsonElement>();
        using var asked = new HttpRequestMessage(HttpMethod.Post, "/d/staff/token") { Content = new FormUrlEncodedContent([new("grant_type", "client_credentials")]) };
        var credentials = $"{answer.GetProperty("application").GetProperty("clientId").GetString()}:{answer.GetProperty("clientSecret").GetString()}";
        asked.Headers.Authorization = new("Basic", Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes(credentials)));
        using var token = await server.Client().SendAsync(asked);
        return server.Client((await token.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("access_token").GetString());
    }

    private async Task<(long Uin, Guid User)> MemberAsync(string role)
    {
        var members = await (await server.AdminAsync()).GetFromJsonAsync<JsonElement>("/api/v1/sub-accounts");
        var member = members.GetProperty("items").EnumerateArray().First(m => m.GetProperty("roles")[0].GetString() == role);
        return (member.GetProperty("uin").GetInt64(), member.GetProperty("userId").GetGuid());
    }

    private static Task<HttpResponseMessage> SendAsync(HttpClient client, string method, string path, string? body)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null) request.Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        return client.SendAsync(request);
    }
}
