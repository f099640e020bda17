using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Custodia.Identity.Tests.People;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Identity.Tests.Sources;

public sealed class SourcesApiTests(SourceServer server) : IClassFixture<SourceServer>
{
    [Fact]
    public async Task A_source_is_made_changed_and_removed_and_its_secret_is_never_shown()
    {
        await using var stub = await StubProvider.StartAsync();
        await server.AddStubAsync(stub, "life");
        var admin = await server.AdminAsync();
        var text = await admin.GetStringAsync("/api/v1/directories/customers/sources/life");
        text.ShouldNotContain(StubProvider.Secret);
        var view = JsonSerializer.Deserialize<JsonElement>(text);
        view.GetProperty("hasSecret").GetBoolean().ShouldBeTrue();
        view.GetProperty("redirectUri").GetString().ShouldBe($"{server.Url}/d/customers/sources/life/callback");
        (await admin.PatchAsJsonAsync("/api/v1/directories/customers/sources/life", new { title = "Other", enabled = false })).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await server.Visitor().OpenAsync("/d/customers/sign-in")).Html.ShouldNotContain("/sources/life");
        (await server.Visitor().OpenAsync("/d/customers/sources/life")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await admin.DeleteAsync("/api/v1/directories/customers/sources/life")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await admin.GetAsync("/api/v1/directories/customers/sources/life")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        await server.InScopeAsync(async services =>
            (await services.GetRequiredService<IdentityContext>().AuthenticationSources.AnyAsync(s => s.Name == "life")).ShouldBeFalse());
    }

    [Fact]
    public async Task Everything_that_is_wrong_with_a_source_is_said_at_once()
    {
        var answer = await server.AddSourceAsync(new
        {
            name = "No Name",
            kind = "openIdConnect",
            title = "",
            issuer = "http://example.com#x",
            clientId = "",
            scopes = new[] { "a b" },
            subjectClaim = "a b",
        });
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var text = await answer.Content.ReadAsStringAsync();
        foreach (var field in new[] { "name", "title", "issuer", "clientId", "scopes", "subjectClaim" }) text.ShouldContain($"\"{field}\"");
    }

    [Theory]
    [InlineData("http://127.0.0.1:1", "discovery-unreachable")]
    [InlineData(null, "discovery-unusable")]
    public async Task A_provider_is_asked_before_it_is_stored(string? issuer, string rule)
    {
        await using var stub = await StubProvider.StartAsync();
        stub.BendDiscovery = document => document["issuer"] = "https://elsewhere.example";
        var answer = await server.AddSourceAsync(new { name = "asked-first", kind = "openIdConnect", title = "A", issuer = issuer ?? stub.Url, clientId = "c" });
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync()).ShouldContain(rule);
    }

    [Fact]
    public async Task Two_sources_of_a_directory_do_not_share_a_name()
    {
        await using var stub = await StubProvider.StartAsync();
        await server.AddStubAsync(stub, "twice");
        (await server.AddSourceAsync(new { name = "twice", kind = "openIdConnect", title = "A", issuer = stub.Url, clientId = "c" })).StatusCode.ShouldBe(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task The_console_makes_a_source_and_shows_the_address_to_register()
    {
        await using var stub = await StubProvider.StartAsync();
        var staff = await server.SignInAsync("staff", "administrator");
        await staff.OpenAsync("/console/directories/customers/sources/new");
        await staff.PostAsync(
            "/console/directories/customers/sources/new",
            ("kind", "OpenIdConnect"), ("name", "by-hand"), ("title", "By hand"), ("issuer", stub.Url), ("clientId", "c"), ("clientSecret", "s"), ("scopes", "openid"), ("enabled", "true"));
        staff.Location.ShouldBe("/console/directories/customers/sources/by-hand?note=created");
        (await staff.OpenAsync(staff.Location!)).Html.ShouldContain($"{server.Url}/d/customers/sources/by-hand/callback");
        (await staff.OpenAsync("/console/directories/customers/sources")).Html.ShouldContain("By hand");
        await staff.PostAsync("/console/directories/customers/sources/by-hand", ("title", ""), ("issuer", stub.Url), ("clientId", "c"), ("scopes", "openid"));
        staff.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        staff.Html.ShouldContain("1 to 60 characters");
    }

    [Fact]
    public async Task Who_may_only_read_directories_cannot_change_sources()
    {
        var auditor = await server.SignInAsync("staff", "auditor");
        (await auditor.OpenAsync("/console/directories/customers/sources")).Status.ShouldBe(HttpStatusCode.OK);
        (await auditor.OpenAsync("/console/directories/customers/sources/new")).Status.ShouldBe(HttpStatusCode.Forbidden);
    }
}
