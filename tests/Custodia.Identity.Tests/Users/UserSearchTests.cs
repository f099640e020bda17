using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Custodia.Identity.Tests.People;
using Custodia.Identity.Users;
using Custodia.Kernel.Deletion;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Identity.Tests.Users;

public sealed class UserSearchTests(PeopleServer server) : IClassFixture<PeopleServer>
{
    [Fact]
    public async Task Staff_find_people_by_the_beginning_of_any_word_of_their_name()
    {
        var id = await CreateAsync("search1@example.com", "Zinaida Quöll-Vrbka");
        foreach (var typed in new[] { "zi", "ZINAIDA", "quo\u0308", "vrb", "vrbka zin", "Ｚina" }) (await FindAsync(typed)).ShouldBe([id], typed);
        foreach (var typed in new[] { "naida", "zinx", "zin xx" }) (await FindAsync(typed)).ShouldBeEmpty(typed);
        var chinese = await CreateAsync("search2@example.com", "欧阳小明");
        foreach (var typed in new[] { "欧", "欧阳", "小明", "明" }) (await FindAsync(typed)).ShouldContain(chinese, typed);
        (await (await server.AdminAsync()).GetAsync("/api/v1/users?directory=customers&name=z")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await FindAsync("zi", "&status=LOCKED")).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_index_follows_every_change_of_the_name_and_goes_with_the_person()
    {
        var admin = await server.AdminAsync();
        var id = await CreateAsync("renamed@example.com", "Vorher Name");
        (await FindAsync("vorher")).ShouldBe([id]);
        (await admin.PatchAsJsonAsync($"/api/v1/users/{id}", new { displayName = "Nachher Xyzzy" })).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await FindAsync("vorher")).ShouldBeEmpty();
        (await FindAsync("nachher xyz")).ShouldBe([id]);
        (await admin.PatchAsJsonAsync($"/api/v1/users/{id}", new { gender = "other" })).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await FindAsync("xyzzy")).ShouldBe([id]);
        (await admin.PatchAsJsonAsync($"/api/v1/users/{id}", new Dictionary<string, string?> { ["displayName"] = null })).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await RowsAsync(id)).ShouldBe(0);

        await server.SignUpAsync("joined@example.com", displayName: "Plugh Plover");
        var joined = await server.UserIdAsync("joined@example.com");
        (await FindAsync("plugh")).ShouldBe([joined]);
        (await RowsAsync(joined)).ShouldBeGreaterThan(0);
        await server.InScopeAsync(async services =>
        {
            foreach (var data in services.GetServices<ISubjectData>().Where(d => d.Module == "identity")) await data.EraseAsync(new Subject(await server.AccountAsync(), joined), default);
        });
        (await RowsAsync(joined)).ShouldBe(0);
        (await FindAsync("plugh")).ShouldBeEmpty();
    }

    [Fact]
    public async Task One_context_can_rename_a_person_twice_and_a_failed_change_leaves_the_index()
    {
        var id = await CreateAsync("twice@example.com", "Grault Garply");
        await CreateAsync("other-twice@example.com", "Somebody Else");
        await server.InScopeAsync(async services =>
        {
            var (database, profiles) = (services.GetRequiredService<IdentityContext>(), services.GetRequiredService<UserProfiles>());
            var user = await database.Users.SingleAsync(u => u.Id == id);
            await profiles.WriteAsync(user, UserField.DisplayName, "Waldo Fred", default);
            await database.SaveChangesAsync();
            await profiles.WriteAsync(user, UserField.DisplayName, "Waldo Thud", default);
            await database.SaveChangesAsync();
            await database.SaveChangesAsync();
        });
        (await FindAsync("waldo thud")).ShouldBe([id]);
        (await FindAsync("fred")).ShouldBeEmpty();
        var taken = await (await server.AdminAsync()).PatchAsJsonAsync($"/api/v1/users/{id}", new { displayName = "Never Kept", email = "other-twice@example.com" });
        taken.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await FindAsync("waldo")).ShouldBe([id]);
        (await FindAsync("never")).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_index_says_nothing_without_its_key_and_differs_between_directories()
    {
        (await (await server.AdminAsync()).PostAsJsonAsync("/api/v1/directories", new { name = "elsewhere", title = "Elsewhere" })).StatusCode.ShouldBe(HttpStatusCode.Created);
        var here = await CreateAsync("same1@example.com", "Corge Quux");
        var there = await CreateAsync("same2@example.com", "Corge Quux", "elsewhere");
        await server.InScopeAsync(async services =>
        {
            var database = services.GetRequiredService<IdentityContext>();
            var first = await database.NamePrefixes.AsNoTracking().Where(p => p.UserId == here).Select(p => p.Hash).ToListAsync();
            var second = await database.NamePrefixes.AsNoTracking().Where(p => p.UserId == there).Select(p => p.Hash).ToListAsync();
            first.Count.ShouldBe(second.Count);
            first.ShouldAllBe(h => h.Length == 8);
            first.Select(Convert.ToHexString).Intersect(second.Select(Convert.ToHexString)).ShouldBeEmpty();
        });
        (await FindAsync("corge")).ShouldBe([here]);
    }

    [Fact]
    public async Task Pages_of_a_search_go_on_by_cursor()
    {
        List<Guid> made = [];
        for (var i = 0; i < 5; i++) made.Add(await CreateAsync($"paged{i}@example.com", $"Pagedname Number{i}"));
        var admin = await server.AdminAsync();
        var first = await admin.GetFromJsonAsync<JsonElement>("/api/v1/users?directory=customers&name=pagedna&limit=3");
        Ids(first).Count.ShouldBe(3);
        var second = await admin.GetFromJsonAsync<JsonElement>($"/api/v1/users?directory=customers&name=pagedna&limit=3&cursor={first.GetProperty("nextCursor").GetString()}");
        second.GetProperty("nextCursor").ValueKind.ShouldBe(JsonValueKind.Null);
        Ids(first).Concat(Ids(second)).ShouldBe(made, ignoreOrder: true);
    }

    [Fact]
    public async Task The_console_finds_by_name_status_and_day_of_sign_in()
    {
        await CreateAsync("console-find@example.com", "Frobozz Wizard");
        var staff = await server.SignInAsync("staff", "administrator");
        (await staff.OpenAsync("/console/users?directory=customers&name=frobo")).Html.ShouldContain("c***@example.com");
        (await staff.OpenAsync("/console/users?directory=customers&name=frobo&status=FROZEN")).Html.ShouldNotContain("c***@example.com");
        (await staff.OpenAsync("/console/users?directory=customers&name=frobo&from=2020-01-01&to=2020-01-02")).Html.ShouldNotContain("c***@example.com");
        (await staff.OpenAsync("/console/users?directory=customers&name=f")).Html.ShouldContain("At least 2 letters");
        (await staff.OpenAsync("/console/users?directory=customers&from=yesterday")).Status.ShouldBe(HttpStatusCode.OK);
    }

    private static List<Guid> Ids(JsonElement page) => [.. page.GetProperty("items").EnumerateArray().Select(u => u.GetProperty("id").GetGuid())];

    private async Task<List<Guid>> FindAsync(string name, string more = "")
    {
        var answer = await (await server.AdminAsync()).GetAsync($"/api/v1/users?directory=customers&name={Uri.EscapeDataString(name)}{more}");
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, name);
        return Ids(await answer.Content.ReadFromJsonAsync<JsonElement>());
    }

    private async Task<Guid> CreateAsync(string email, string name, string directory = "customers")
    {
        var answer = await (await server.AdminAsync()).PostAsJsonAsync("/api/v1/users", new { directory, email, displayName = name });
        answer.StatusCode.ShouldBe(HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid();
    }

    private async Task<int> RowsAsync(Guid user)
    {
        var rows = -1;
        await server.InScopeAsync(async services => rows = await services.GetRequiredService<IdentityContext>().NamePrefixes.CountAsync(p => p.UserId == user));
        return rows;
    }
}
