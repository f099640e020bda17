using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Custodia.Identity.Tests.People;

namespace Custodia.Identity.Tests.Groups;

public sealed class GroupPageTests(PeopleServer server) : IClassFixture<PeopleServer>
{
    private const string Home = "/console/directories/customers/groups";

    [Fact]
    public async Task The_console_makes_renames_fills_and_deletes_a_group()
    {
        var staff = await server.SignInAsync("staff", "administrator");
        await staff.OpenAsync($"{Home}/new");
        await staff.PostAsync($"{Home}/new", ("name", "  "));
        staff.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        staff.Html.ShouldContain("1 to 100 characters");
        await staff.PostAsync($"{Home}/new", ("name", "Early birds"), ("description", "Try things first"));
        var path = staff.Location!.Split('?')[0];
        await staff.OpenAsync($"{Home}/new");
        await staff.PostAsync($"{Home}/new", ("name", "EARLY BIRDS"));
        staff.Html.ShouldContain("This is taken.");
        await staff.OpenAsync(path);
        await staff.PostAsync($"{path}/members", ("who", "ADA@customers.example"));
        staff.Location.ShouldBe($"{path}?note=group-joined");
        await staff.PostAsync($"{path}/members", ("who", "wei"));
        staff.Location.ShouldBe($"{path}?note=group-joined");
        await staff.PostAsync($"{path}/members", ("who", "nobody@customers.example"));
        staff.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        staff.Html.ShouldContain("Nobody of this directory");
        var ada = await server.UserIdAsync("ada@customers.example");
        (await staff.OpenAsync(path)).Html.ShouldContain("Members (2)");
        staff.Html.ShouldContain($"/console/users/{ada}");
        staff.Html.ShouldNotContain("ada@customers.example");
        (await staff.OpenAsync($"/console/users/{ada}")).Html.ShouldContain($"{path}\">Early birds</a>");
        await staff.OpenAsync(path);
        await staff.PostAsync(path, ("name", "Late birds"), ("description", ""));
        staff.Location.ShouldBe($"{path}?note=saved");
        await staff.PostAsync($"{path}/members/{ada}/remove");
        staff.Location.ShouldBe($"{path}?note=group-left");
        (await staff.OpenAsync(path)).Html.ShouldContain("Members (1)");
        (await staff.OpenAsync($"{Home}?q=late")).Html.ShouldContain("Late birds");
        (await staff.OpenAsync($"{Home}?q=early")).Html.ShouldNotContain("birds</a>");
        await staff.OpenAsync(path);
        await staff.PostAsync($"{path}/delete");
        staff.Status.ShouldBe(HttpStatusCode.BadRequest);
        await staff.OpenAsync(path);
        await staff.PostAsync($"{path}/delete", ("confirmed", "true"));
        staff.Location.ShouldBe($"{Home}?note=deleted");
        (await staff.OpenAsync(path)).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Users_are_listed_by_group_in_the_console_and_by_the_api()
    {
        var (id, _) = await AddAsync("Listed", "mei@customers.example");
        var staff = await server.SignInAsync("staff", "administrator");
        await staff.OpenAsync($"/console/users?directory=customers&group={id}");
        staff.Html.ShouldContain($"/console/users/{await server.UserIdAsync("mei@customers.example")}");
        staff.Html.ShouldNotContain($"/console/users/{await server.UserIdAsync("jonas@customers.example")}");
        staff.Html.ShouldContain("Listed</option>");
        (await staff.OpenAsync("/console/users?directory=customers&group=")).Status.ShouldBe(HttpStatusCode.OK);
        (await staff.OpenAsync("/console/users?directory=customers&group=zzz")).Status.ShouldBe(HttpStatusCode.BadRequest);
        var list = await (await server.AdminAsync()).GetFromJsonAsync<JsonElement>($"/api/v1/users?directory=customers&group={id}");
        list.GetProperty("items").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task Groups_are_found_by_a_part_of_their_name_by_the_api()
    {
        await AddAsync("Needle one", "mei@customers.example");
        await AddAsync("Hay 100%", "mei@customers.example");
        var admin = await server.AdminAsync();
        var found = await admin.GetFromJsonAsync<JsonElement>("/api/v1/groups?directory=customers&q=NEEDLE");
        found.GetProperty("items").EnumerateArray().Select(g => g.GetProperty("name").GetString()).ShouldBe(["Needle one"]);
        var literal = await admin.GetFromJsonAsync<JsonElement>("/api/v1/groups?directory=customers&q=0%25");
        literal.GetProperty("items").EnumerateArray().Select(g => g.GetProperty("name").GetString()).ShouldBe(["Hay 100%"]);
        (await admin.GetAsync($"/api/v1/groups?directory=customers&q={new string('x', 101)}")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Who_may_only_read_sees_groups_and_a_group_of_another_directory_is_not_here()
    {
        var (id, _) = await AddAsync("Only read", "mei@customers.example");
        var auditor = await server.SignInAsync("staff", "auditor");
        (await auditor.OpenAsync($"{Home}/{id}")).Status.ShouldBe(HttpStatusCode.OK);
        auditor.Html.ShouldNotContain("/members/");
        (await auditor.OpenAsync($"{Home}/new")).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await auditor.OpenAsync($"/console/directories/staff/groups/{id}")).Status.ShouldBe(HttpStatusCode.NotFound);
        await auditor.OpenAsync(Home);
        (await auditor.PostAsync($"{Home}/{id}/members", ("who", "ada"))).Status.ShouldBe(HttpStatusCode.Forbidden);
    }

    private async Task<(Guid Id, Guid Member)> AddAsync(string name, string member)
    {
        var admin = await server.AdminAsync();
        var made = await (await admin.PostAsJsonAsync("/api/v1/groups", new { directory = "customers", name })).Content.ReadFromJsonAsync<JsonElement>();
        var (id, user) = (made.GetProperty("id").GetGuid(), await server.UserIdAsync(member));
        (await admin.PostAsJsonAsync($"/api/v1/groups/{id}/members", new { users = new[] { user } })).StatusCode.ShouldBe(HttpStatusCode.OK);
        return (id, user);
    }
}
