using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Custodia.Identity.Tests.People;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Identity.Tests.Provisioning;

/// <summary>Single rules of RFC 7643 and RFC 7644, as a client of another vendor would try them.</summary>
public sealed class ScimRuleTests(PeopleServer server) : IClassFixture<PeopleServer>
{
    private const string Home = "/scim/v2/customers";
    private const string UserSchema = "urn:ietf:params:scim:schemas:core:2.0:User";
    private const string Patch = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
    private const string Search = "urn:ietf:params:scim:api:messages:2.0:SearchRequest";

    [Theory]
    [InlineData("GET", "/Nope", 404)]
    [InlineData("GET", "/Users/nope", 404)]
    [InlineData("DELETE", "/Users", 405)]
    [InlineData("POST", "/Schemas", 405)]
    [InlineData("GET", "/Me", 501)]
    [InlineData("POST", "/Bulk", 501)]
    [InlineData("GET", "/Schemas?filter=id%20eq%20%22x%22", 403)]
    [InlineData("GET", "/ResourceTypes?filter=id%20eq%20%22x%22", 403)]
    public async Task Every_error_is_one_of_the_standard(string method, string path, int status)
    {
        var (answer, body) = await SendAsync(method, path, method == "POST" ? "{}" : null);
        ((int)answer.StatusCode).ShouldBe(status);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/scim+json");
        body.GetProperty("schemas")[0].GetString().ShouldBe("urn:ietf:params:scim:api:messages:2.0:Error");
        body.GetProperty("status").GetString().ShouldBe(status.ToString(System.Globalization.CultureInfo.InvariantCulture));
        if (status == 405) answer.Content.Headers.Allow.ShouldNotBeEmpty();
    }

    /// <summary>RFC 7644 section 2: a missing or wrong token is 401 with a challenge; whoever may not provision is refused as well.</summary>
    [Theory]
    [InlineData(null, 401)]
    [InlineData("Bearer nobody", 401)]
    [InlineData("reader", 403)]
    public async Task Who_is_refused_before_it_begins_reads_an_error_of_the_standard(string? who, int status)
    {
        using var client = server.Client();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{Home}/Users");
        if (who == "reader") who = "Bearer " + await (await server.InitialAdminAsync()).TokenAsync(client, "identity.users.read");
        request.Headers.TryAddWithoutValidation("Authorization", who);
        using var answer = await client.SendAsync(request);
        ((int)answer.StatusCode).ShouldBe(status);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/scim+json");
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>();
        body.GetProperty("schemas")[0].GetString().ShouldBe("urn:ietf:params:scim:api:messages:2.0:Error");
        body.GetProperty("status").GetString().ShouldBe(status.ToString(System.Globalization.CultureInfo.InvariantCulture));
        if (status == 401) answer.Headers.WwwAuthenticate.ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData("""{"userName":"\ud800x"}""", "invalidSyntax")]
    [InlineData("""{"\ud800":1,"userName":"x"}""", "invalidSyntax")]
    [InlineData("""{"userName":"x-first","userName":"x-second"}""", "invalidSyntax")]
    [InlineData("""{"schemas":["urn:bogus"],"userName":"x-bogus"}""", "invalidSyntax")]
    [InlineData("""{"schemas":"urn:ietf:params:scim:schemas:core:2.0:User","userName":"x-text"}""", "invalidSyntax")]
    [InlineData("""{"userName":"two-first","emails":[{"value":"a@x.example","primary":true},{"value":"b@x.example","primary":true}]}""", "invalidValue")]
    public async Task A_body_that_breaks_a_rule_is_refused_by_its_code(string body, string type)
    {
        var (answer, error) = await SendAsync("POST", "/Users", body);
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest, error.ToString());
        error.GetProperty("scimType").GetString().ShouldBe(type);
    }

    /// <summary>RFC 7644 section 3.14, RFC 9110 sections 13.1.2 and 15.4.5: whoever has this version hears so, and which one it is.</summary>
    [Theory]
    [InlineData("/Users", """{"userName":"known-version"}""", null)]
    [InlineData("/Users", """{"userName":"known-at-all"}""", "*")]
    [InlineData("/Users", """{"userName":"known-among-others"}""", "W/\"0\", ")]
    [InlineData("/Groups", """{"displayName":"known-version"}""", null)]
    [InlineData("/Groups", """{"displayName":"known-at-all"}""", "*")]
    public async Task A_version_that_the_client_has_is_304_with_its_name(string home, string body, string? known)
    {
        var (_, made) = await SendAsync("POST", home, body);
        var version = made.GetProperty("meta").GetProperty("version").GetString()!;
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{Home}{home}/{made.GetProperty("id").GetString()}");
        request.Headers.TryAddWithoutValidation("If-None-Match", known == "*" ? known : known + version);
        using var answer = await (await server.AdminAsync()).SendAsync(request);
        answer.StatusCode.ShouldBe(HttpStatusCode.NotModified);
        answer.Headers.ETag.ShouldNotBeNull().ToString().ShouldBe(version);
        answer.Headers.CacheControl.ShouldNotBeNull().NoStore.ShouldBeTrue();
        (await answer.Content.ReadAsStringAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Bytes_that_are_no_text_are_refused()
    {
        using var content = new ByteArrayContent([.. Encoding.ASCII.GetBytes("{\"userName\":\""), 0xFF, 0xFE, .. Encoding.ASCII.GetBytes("\"}")]);
        content.Headers.ContentType = new("application/scim+json");
        using var answer = await (await server.AdminAsync()).PostAsync(new Uri($"{Home}/Users", UriKind.Relative), content);
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task People_are_searched_for_without_their_address_in_an_address()
    {
        var id = await AddAsync("search-me", "search-me@example.com");
        var (answer, found) = await SendAsync("POST", "/Users/.search", $$"""{"schemas":["{{Search}}"],"filter":"emails.value eq \"search-me@example.com\"","attributes":["userName","emails.value"],"startIndex":1,"count":5}""");
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, found.ToString());
        var one = found.GetProperty("Resources").EnumerateArray().Single();
        one.GetProperty("id").GetString().ShouldBe(id);
        one.EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal).ShouldBe(["emails", "id", "schemas", "userName"]);
        one.GetProperty("emails")[0].EnumerateObject().Single().Name.ShouldBe("value");
        var (wrong, error) = await SendAsync("POST", "/Users/.search", $$"""{"schemas":["{{Search}}"],"count":"many"}""");
        wrong.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        error.GetProperty("scimType").GetString().ShouldBe("invalidValue");
        var (groups, all) = await SendAsync("POST", "/Groups/.search", $$"""{"schemas":["{{Search}}"],"count":0}""");
        groups.StatusCode.ShouldBe(HttpStatusCode.OK);
        all.GetProperty("itemsPerPage").GetInt32().ShouldBe(0);
    }

    [Fact]
    public async Task Parts_of_an_attribute_are_asked_for_and_left_out()
    {
        var id = await AddAsync("parts", "parts@example.com", """,{"op":"add","path":"name","value":{"givenName":"Pat","familyName":"Parts"}}""");
        var (_, some) = await SendAsync("GET", $"/Users/{id}?attributes=name.givenName", null);
        some.GetProperty("name").EnumerateObject().Single().Name.ShouldBe("givenName");
        var (_, less) = await SendAsync("GET", $"/Users/{id}?excludedAttributes=name.familyName,emails,id", null);
        less.GetProperty("name").TryGetProperty("familyName", out _).ShouldBeFalse();
        less.GetProperty("name").TryGetProperty("givenName", out _).ShouldBeTrue();
        less.TryGetProperty("emails", out _).ShouldBeFalse();
        less.TryGetProperty("id", out _).ShouldBeTrue("what is always returned cannot be left out");
    }

    [Theory]
    [InlineData("""{"op":"replace","path":"emails[type eq \"home\"].value","value":"x@example.com"}""", "noTarget")]
    [InlineData("""{"op":"replace","path":"phoneNumbers[type eq \"mobile\"].value","value":"+1 555 0100"}""", "noTarget")]
    [InlineData("""{"op":"replace","path":"meta.created","value":"2000-01-01T00:00:00Z"}""", "mutability")]
    [InlineData("""{"op":"replace","path":"groups.value","value":"x"}""", "mutability")]
    public async Task An_operation_that_means_nothing_or_what_is_read_only_is_refused(string operation, string type)
    {
        var id = await AddAsync($"op-{Guid.CreateVersion7():N}", null);
        var (answer, error) = await SendAsync("PATCH", $"/Users/{id}", $$"""{"schemas":["{{Patch}}"],"Operations":[{{operation}}]}""");
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest, error.ToString());
        error.GetProperty("scimType").GetString().ShouldBe(type);
    }

    [Fact]
    public async Task A_second_address_does_not_become_the_one_that_a_person_signs_in_with()
    {
        var id = await AddAsync("main@second.example", null);
        var (_, added) = await SendAsync("PATCH", $"/Users/{id}", $$"""
            {"schemas":["{{Patch}}"],"Operations":[{"op":"add","path":"emails","value":[{"value":"private@second.example","type":"home"}]},
             {"op":"add","path":"emails[type eq \"home\"].value","value":"other@second.example"}]}
            """);
        added.GetProperty("userName").GetString().ShouldBe("main@second.example");
        added.GetProperty("emails")[0].GetProperty("value").GetString().ShouldBe("main@second.example");
        var (_, moved) = await SendAsync("PATCH", $"/Users/{id}", $$"""{"schemas":["{{Patch}}"],"Operations":[{"op":"add","path":"emails","value":[{"value":"new@second.example","primary":true}]}]}""");
        moved.GetProperty("emails")[0].GetProperty("value").GetString().ShouldBe("new@second.example");
    }

    [Fact]
    public async Task Another_external_id_is_another_version()
    {
        var id = await AddAsync("versioned", null);
        var (_, before) = await SendAsync("GET", $"/Users/{id}", null);
        server.Time.Advance(TimeSpan.FromSeconds(1));
        var (_, after) = await SendAsync("PATCH", $"/Users/{id}", $$"""{"schemas":["{{Patch}}"],"Operations":[{"op":"replace","path":"externalId","value":"v-2"}]}""");
        after.GetProperty("meta").GetProperty("version").GetString().ShouldNotBe(before.GetProperty("meta").GetProperty("version").GetString());
    }

    [Fact]
    public async Task The_names_of_a_deleted_user_are_free_at_once_even_within_a_grace()
    {
        await using var own = await PeopleServer.StartNewAsync();
        var admin = await own.AdminAsync();
        using var grace = await admin.PatchAsJsonAsync("/api/v1/directories/customers", new { graceDays = 14 });
        grace.StatusCode.ShouldBe(HttpStatusCode.OK);
        var body = $$"""{"schemas":["{{UserSchema}}"],"userName":"again@example.com"}""";
        var (made, first) = await SendAsync(admin, "POST", "/Users", body);
        made.StatusCode.ShouldBe(HttpStatusCode.Created);
        var (deleted, _) = await SendAsync(admin, "DELETE", $"/Users/{first.GetProperty("id").GetString()}", null);
        deleted.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        var (again, second) = await SendAsync(admin, "POST", "/Users", body);
        again.StatusCode.ShouldBe(HttpStatusCode.Created, second.ToString());
        second.GetProperty("id").GetString().ShouldNotBe(first.GetProperty("id").GetString());
        var (twice, _) = await SendAsync(admin, "POST", "/Users", body);
        twice.StatusCode.ShouldBe(HttpStatusCode.Conflict);

        // Whoever keeps the deadlines sees where the request came from.
        var officer = await own.SignInAsync("staff", "privacy-officer");
        (await officer.OpenAsync("/console/privacy")).Status.ShouldBe(HttpStatusCode.OK);
        officer.Html.ShouldContain("Provisioning (SCIM)");
    }

    [Fact]
    public async Task An_erasure_takes_all_of_an_address_along_though_somebody_else_is_found_by_it_by_then()
    {
        // Without the scheduler, which would delete invitations that have expired.
        await using var own = await PeopleServer.StartNewAsync(s => s.Settings["Custodia:Roles"] = "web,worker");
        var admin = await own.AdminAsync();
        using var grace = await admin.PatchAsJsonAsync("/api/v1/directories/customers", new { graceDays = 1 });
        using var invited = await admin.PostAsJsonAsync("/api/v1/directories/customers/invitations", new { email = "passed-on@example.com" });
        invited.StatusCode.ShouldBe(HttpStatusCode.Created);
        var body = $$"""{"schemas":["{{UserSchema}}"],"userName":"passed-on@example.com","emails":[{"value":"passed-on@example.com","primary":true}]}""";
        var (_, first) = await SendAsync(admin, "POST", "/Users", body);
        (await SendAsync(admin, "DELETE", $"/Users/{first.GetProperty("id").GetString()}", null)).Answer.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await SendAsync(admin, "POST", "/Users", body)).Answer.StatusCode.ShouldBe(HttpStatusCode.Created);
        own.Time.Advance(TimeSpan.FromHours(25));
        await Eventually.TrueAsync(async () =>
        {
            var left = -1;
            await own.InScopeAsync(async services => left = await services.GetRequiredService<IdentityContext>().Invitations.CountAsync());
            return left == 0;
        });
    }

    private async Task<string> AddAsync(string userName, string? email, string more = "")
    {
        var mails = email is null ? "" : $$""","emails":[{"value":"{{email}}","primary":true}]""";
        var (answer, user) = await SendAsync("POST", "/Users", $$"""{"schemas":["{{UserSchema}}"],"userName":"{{userName}}"{{mails}}}""");
        answer.StatusCode.ShouldBe(HttpStatusCode.Created, user.ToString());
        var id = user.GetProperty("id").GetString()!;
        if (more.Length > 0) (await SendAsync("PATCH", $"/Users/{id}", $$"""{"schemas":["{{Patch}}"],"Operations":[{{more[1..]}}]}""")).Answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        return id;
    }

    private async Task<(HttpResponseMessage Answer, JsonElement Body)> SendAsync(string method, string path, string? body) =>
        await SendAsync(await server.AdminAsync(), method, path, body);

    private static async Task<(HttpResponseMessage Answer, JsonElement Body)> SendAsync(HttpClient client, string method, string path, string? body)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), Home + path);
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, "application/scim+json");
        var answer = await client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return (answer, text.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(text));
    }
}
