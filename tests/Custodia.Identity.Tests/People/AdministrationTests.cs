using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Custodia.Identity.Accounts;
using Custodia.Identity.Directories;
using Custodia.Identity.Users;
using Microsoft.Extensions.DependencyInjection;
using Directory = Custodia.Identity.Directories.Directory;

namespace Custodia.Identity.Tests.People;

public sealed class AdministrationTests(PeopleServer server) : IClassFixture<PeopleServer>
{
    [Fact]
    public async Task Lists_show_masks_and_go_on_by_cursor()
    {
        var admin = await server.AdminAsync();
        List<Guid> seen = [];
        string? cursor = "";
        while (cursor is not null)
        {
            var page = await admin.GetFromJsonAsync<JsonElement>($"/api/v1/users?directory=customers&limit=2{(cursor.Length > 0 ? "&cursor=" + cursor : "")}");
            foreach (var user in page.GetProperty("items").EnumerateArray())
            {
                seen.Add(user.GetProperty("id").GetGuid());
                user.GetProperty("masked").GetProperty("email").GetString()!.ShouldContain("***@");
            }

            page.GetRawText().ShouldNotContain("ada@");
            cursor = page.GetProperty("nextCursor").GetString();
        }

        seen.Count.ShouldBeGreaterThanOrEqualTo(5);
        seen.Distinct().Count().ShouldBe(seen.Count);
        seen.ShouldBe(seen.OrderByDescending(i => i.ToString(), StringComparer.Ordinal).ToList());
    }

    [Fact]
    public async Task A_user_is_created_found_changed_and_deleted()
    {
        var admin = await server.AdminAsync();
        using var created = await admin.PostAsJsonAsync("/api/v1/users", new
        {
            directory = "customers",
            email = "Made@Example.com",
            displayName = "Made By Staff",
            mobile = "+1 555 0100",
            customAttributes = new { tier = "gold" },
            invite = true,
        });
        created.StatusCode.ShouldBe(HttpStatusCode.Created);
        var id = (await created.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid();
        (await server.OutboxAsync("Made@Example.com")).ShouldContain(m => m.Origin == "identity.invitation");
        foreach (var query in new[] { "email=made@example.com", "mobile=%2B15550100" })
        {
            var found = await admin.GetFromJsonAsync<JsonElement>($"/api/v1/users?directory=customers&{query}");
            found.GetProperty("items").EnumerateArray().Single().GetProperty("id").GetGuid().ShouldBe(id);
        }

        using var changed = await admin.PatchAsJsonAsync($"/api/v1/users/{id}", new Dictionary<string, object?> { ["userName"] = "made", ["mobile"] = null });
        changed.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await changed.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("masked").GetProperty("mobile").ValueKind.ShouldBe(JsonValueKind.Null);
        using var deleted = await admin.DeleteAsync($"/api/v1/users/{id}");
        deleted.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        await Eventually.TrueAsync(async () =>
        {
            using var answer = await admin.GetAsync($"/api/v1/users/{id}");
            return answer.StatusCode == HttpStatusCode.NotFound;
        });
    }

    [Fact]
    public async Task A_taken_address_is_a_conflict()
    {
        using var answer = await (await server.AdminAsync()).PostAsJsonAsync("/api/v1/users", new { directory = "customers", email = "ADA@customers.example" });
        answer.StatusCode.ShouldBe(HttpStatusCode.Conflict);
    }

    [Theory]
    [InlineData("{}", "directory")]
    [InlineData("""{"directory":"customers"}""", "email")]
    [InlineData("""{"directory":"customers","email":"x"}""", "email")]
    [InlineData("""{"directory":"customers","email":5}""", "email")]
    [InlineData("""{"directory":"customers","email":"a@b.example","nonsense":1}""", "nonsense")]
    [InlineData("""{"directory":"customers","email":"a@b.example","email":"c@d.example"}""", "email")]
    [InlineData("""{"directory":"customers","email":"a@b.example","password":"password1"}""", "password")]
    [InlineData("""{"directory":"customers","userName":"with@sign"}""", "userName")]
    [InlineData("not json", "body")]
    public async Task Bad_bodies_name_the_field_and_store_nothing(string body, string field)
    {
        var admin = await server.AdminAsync();
        var before = (await server.StatisticsAsync()).GetProperty("users").GetInt64();
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await admin.PostAsync("/api/v1/users", content);
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors").TryGetProperty(field, out _).ShouldBeTrue(await answer.Content.ReadAsStringAsync());
        (await server.StatisticsAsync()).GetProperty("users").GetInt64().ShouldBe(before);
    }

    [Fact]
    public async Task An_oversize_body_is_refused()
    {
        using var content = new StringContent($$"""{"directory":"customers","displayName":"{{new string('x', 2_000_000)}}"}""", Encoding.UTF8, "application/json");
        using var answer = await (await server.AdminAsync()).PostAsync("/api/v1/users", content);
        answer.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
    }

    [Theory]
    [InlineData("/api/v1/users?directory=customers&cursor=zzz")]
    [InlineData("/api/v1/users?directory=customers&limit=0")]
    [InlineData("/api/v1/users?directory=customers&limit=abc")]
    [InlineData("/api/v1/users?directory=customers&status=normal")]
    [InlineData("/api/v1/users")]
    public async Task Bad_queries_are_problems(string address)
    {
        using var answer = await (await server.AdminAsync()).GetAsync(address);
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task What_belongs_to_another_account_does_not_exist()
    {
        var foreign = Guid.Empty;
        await server.InScopeAsync(async services =>
        {
            var context = services.GetRequiredService<IdentityContext>();
            var now = server.Time.GetUtcNow();
            context.Accounts.Add(new Account { Uin = 555_000_000_001, AppId = 555_000_000_002, Name = "Other", Region = "local", CreatedAt = now });
            var directory = new Directory { Id = Guid.CreateVersion7(now), Account = 555_000_000_001, Name = "others", Kind = DirectoryKind.Customer, Title = "o", TitleZh = "o", CreatedAt = now };
            context.Directories.Add(directory);
            await context.SaveChangesAsync();
            var outcome = await services.GetRequiredService<UserRegistration>().CreateAsync(new NewUser(directory, new Profile { UserName = "foreign" }, false, false), null, default);
            foreign = outcome.ShouldBeOfType<RegistrationOutcome.Created>().User.Id;
        });
        var admin = await server.AdminAsync();
        foreach (var (method, address, body) in new (HttpMethod, string, object?)[]
                 {
                     (HttpMethod.Get, $"/api/v1/users/{foreign}", null),
                     (HttpMethod.Patch, $"/api/v1/users/{foreign}", new { displayName = "stolen" }),
                     (HttpMethod.Delete, $"/api/v1/users/{foreign}", null),
                     (HttpMethod.Post, $"/api/v1/users/{foreign}/lock", new { reason = "because" }),
                     (HttpMethod.Post, $"/api/v1/users/{foreign}/sessions/end", null),
                     (HttpMethod.Post, $"/api/v1/users/{foreign}/reveal", new { field = "userName", purpose = "user-administration", reason = "because" }),
                     (HttpMethod.Get, "/api/v1/users?directory=others", null),
                     (HttpMethod.Get, "/api/v1/directories/others", null),
                     (HttpMethod.Patch, "/api/v1/directories/others", new { title = "stolen" }),
                     (HttpMethod.Get, "/api/v1/statistics?directory=others", null),
                     (HttpMethod.Get, $"/api/v1/users/{Guid.CreateVersion7()}", null),
                 })
        {
            using var request = new HttpRequestMessage(method, address) { Content = body is null ? null : JsonContent.Create(body) };
            using var answer = await admin.SendAsync(request);
            answer.StatusCode.ShouldBe(HttpStatusCode.NotFound, $"{method} {address}");
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("not-a-token")]
    public async Task Without_a_valid_token_there_is_no_answer(string? token)
    {
        using var answer = await server.Client(token).GetAsync("/api/v1/users?directory=customers");
        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        answer.Headers.WwwAuthenticate.ToString().ShouldStartWith("Bearer");
    }

    [Fact]
    public async Task Two_tokens_leave_open_who_calls_and_count_as_none()
    {
        var admin = await server.InitialAdminAsync();
        var token = await admin.TokenAsync(server.Client());
        using var own = new HttpRequestMessage(HttpMethod.Get, "/api/v1/account");
        own.Headers.Add("X-Auth-Token", token);
        using var alone = await server.Client().SendAsync(own);
        alone.StatusCode.ShouldBe(HttpStatusCode.OK);
        using var both = new HttpRequestMessage(HttpMethod.Get, "/api/v1/account");
        both.Headers.Add("X-Auth-Token", token);
        using var answer = await server.Client(token).SendAsync(both);
        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_directory_is_made_and_its_name_is_taken_from_then_on()
    {
        var admin = await server.AdminAsync();
        using var made = await admin.PostAsJsonAsync("/api/v1/directories", new { name = "partners", title = "Partners", signUp = "closed", graceDays = 3, mandatoryFields = new[] { "email", "display-name" } });
        made.StatusCode.ShouldBe(HttpStatusCode.Created);
        using var again = await admin.PostAsJsonAsync("/api/v1/directories", new { name = "partners" });
        again.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        using var wrong = await admin.PostAsJsonAsync("/api/v1/directories", new { name = "No Good", graceDays = 15, mandatoryFields = new[] { "shoe-size" } });
        var errors = (await wrong.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors");
        errors.EnumerateObject().Select(e => e.Name).ShouldBe(["name", "mandatoryFields", "graceDays"], ignoreOrder: true);
        (await server.Visitor().OpenAsync("/d/partners/sign-in")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Sub_accounts_have_roles_and_the_last_owner_stays_one()
    {
        var admin = await server.AdminAsync();
        using var made = await admin.PostAsJsonAsync("/api/v1/sub-accounts", new { userName = "helper", password = "a-quite-long-phrase", roles = new[] { "support-agent", "auditor" } });
        made.StatusCode.ShouldBe(HttpStatusCode.Created);
        using var wrong = await admin.PostAsJsonAsync("/api/v1/sub-accounts", new { userName = "helper2", password = "a-quite-long-phrase", roles = new[] { "emperor" } });
        wrong.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var members = await admin.GetFromJsonAsync<JsonElement>("/api/v1/sub-accounts");
        var owner = members.GetProperty("items").EnumerateArray().Single(m => m.GetProperty("roles").EnumerateArray().Any(r => r.GetString() == "owner"));
        using var demoted = await admin.PatchAsJsonAsync($"/api/v1/sub-accounts/{owner.GetProperty("uin").GetInt64()}", new { roles = new[] { "auditor" } });
        demoted.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        using var removed = await admin.DeleteAsync($"/api/v1/sub-accounts/{owner.GetProperty("uin").GetInt64()}");
        removed.StatusCode.ShouldBe(HttpStatusCode.Conflict);
    }
}
