using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Custodia.Identity.Tests.People;
using Custodia.Identity.Tests.Sources;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Identity.Tests.Merging;

public sealed class MergeTests(SourceServer server) : IClassFixture<SourceServer>
{
    [Fact]
    public async Task The_named_account_survives_takes_the_connections_over_and_the_other_is_deleted()
    {
        await using var stub = await StubProvider.StartAsync();
        stub.Claims["sub"] = "twin";
        await server.AddStubAsync(stub, "twins");
        var visitor = await server.SignUpAsync("twin.one@customers.example");
        await visitor.OpenAsync("/account/customers/connections");
        await visitor.PostAsync("/account/customers/connections/twins/connect");
        await SourceServer.ComeBackAsync(stub, "twins", visitor);
        await server.SignUpAsync("twin.two@customers.example");
        var (leaving, surviving) = (await server.UserIdAsync("twin.one@customers.example"), await server.UserIdAsync("twin.two@customers.example"));

        var answer = await (await server.AdminAsync()).PostAsJsonAsync($"/api/v1/users/{surviving}/merge", new { other = leaving });
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        var merged = await answer.Content.ReadFromJsonAsync<JsonElement>();
        merged.GetProperty("surviving").GetGuid().ShouldBe(surviving);
        merged.GetProperty("connections").GetInt32().ShouldBe(1);

        await Eventually.TrueAsync(async () =>
        {
            var gone = false;
            await server.InScopeAsync(async services => gone = !await services.GetRequiredService<IdentityContext>().Users.AnyAsync(u => u.Id == leaving));
            return gone;
        });
        var again = await server.ThroughAsync(stub, "twins");
        again.Location.ShouldBe("/account/customers");
        (await again.OpenAsync("/account/customers/data/export.json")).Html.ShouldContain(surviving.ToString("N"), Case.Insensitive);
    }

    [Fact]
    public async Task Accounts_that_cannot_be_merged_stay_as_they_are()
    {
        var admin = await server.AdminAsync();
        var (ada, wei) = (await server.UserIdAsync("ada@customers.example"), await server.UserIdAsync("wei@customers.example"));
        (await admin.PostAsJsonAsync($"/api/v1/users/{ada}/merge", new { other = ada })).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await admin.PostAsJsonAsync($"/api/v1/users/{ada}/merge", new { other = Guid.CreateVersion7() })).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await admin.PostAsJsonAsync($"/api/v1/users/{Guid.CreateVersion7()}/merge", new { other = ada })).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await admin.PostAsJsonAsync($"/api/v1/users/{wei}/lock", new { reason = "for the test" })).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await admin.PostAsJsonAsync($"/api/v1/users/{wei}/merge", new { other = ada })).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await admin.GetAsync($"/api/v1/users/{ada}")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_console_asks_to_be_sure()
    {
        await server.SignUpAsync("pair.one@customers.example");
        await server.SignUpAsync("pair.two@customers.example");
        var (one, two) = (await server.UserIdAsync("pair.one@customers.example"), await server.UserIdAsync("pair.two@customers.example"));
        var staff = await server.SignInAsync("staff", "administrator");
        await staff.OpenAsync($"/console/users/{one}/merge");
        await staff.PostAsync($"/console/users/{one}/merge", ("other", two.ToString()));
        staff.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        await staff.PostAsync($"/console/users/{one}/merge", ("other", two.ToString()), ("sure", "true"));
        staff.Location.ShouldBe($"/console/users/{one}?note=merged");
        var agent = await server.SignInAsync("staff", "support-agent");
        (await agent.OpenAsync($"/console/users/{one}/merge")).Status.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_person_merges_two_accounts_by_signing_in_to_both_in_one_browser()
    {
        var visitor = await server.SignUpAsync("mine.one@customers.example");
        await server.SignUpAsync("mine.two@customers.example");
        var (stays, goes) = (await server.UserIdAsync("mine.one@customers.example"), await server.UserIdAsync("mine.two@customers.example"));
        (await visitor.OpenAsync("/account/customers/connections/merge")).Html.ShouldContain("/account/customers/connections/merge/begin");
        await visitor.PostAsync("/account/customers/connections/merge/begin");
        visitor.Location!.ShouldStartWith("/d/customers/sign-in?");
        await SignInHereAsync(visitor, "mine.two@customers.example");
        (await visitor.OpenAsync("/account/customers/connections/merge")).Html.ShouldContain("name=\"sure\"");

        // Nothing happens until they are sure.
        await visitor.PostAsync("/account/customers/connections/merge");
        visitor.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        await visitor.PostAsync("/account/customers/connections/merge", ("sure", "true"));
        visitor.Location!.ShouldEndWith("note=merged");
        await Eventually.TrueAsync(async () =>
        {
            var left = Array.Empty<Guid>();
            await server.InScopeAsync(async services => left = await services.GetRequiredService<IdentityContext>().Users.Where(u => u.Id == stays || u.Id == goes).Select(u => u.Id).ToArrayAsync());
            return left is [var id] && id == stays;
        });
        (await visitor.OpenAsync("/account/customers")).Location!.ShouldStartWith("/d/customers/sign-in");
    }

    [Fact]
    public async Task Whoever_has_not_signed_in_to_both_in_one_browser_merges_nothing()
    {
        var one = await server.SignUpAsync("guard.one@customers.example");
        var other = await server.SignUpAsync("guard.two@customers.example");

        // Another browser that is signed in, without an intent of its own.
        await one.PostAsync("/account/customers/connections/merge/begin");
        await other.PostAsync("/account/customers/connections/merge", ("sure", "true"));
        other.Location.ShouldBe("/account/customers/connections/merge");

        // The same account again.
        await SignInHereAsync(one, "guard.one@customers.example");
        await one.PostAsync("/account/customers/connections/merge", ("sure", "true"));
        one.Location.ShouldBe("/account/customers/connections/merge");

        // Too late.
        await one.PostAsync("/account/customers/connections/merge/begin");
        server.Time.Advance(TimeSpan.FromMinutes(16));
        await SignInHereAsync(one, "guard.two@customers.example");
        await one.PostAsync("/account/customers/connections/merge", ("sure", "true"));
        one.Location.ShouldBe("/account/customers/connections/merge");
        await server.UserIdAsync("guard.one@customers.example");
        await server.UserIdAsync("guard.two@customers.example");
    }

    private static async Task SignInHereAsync(Visitor visitor, string name)
    {
        await visitor.OpenAsync("/d/customers/sign-in");
        await visitor.PostAsync("/d/customers/sign-in", ("name", name), ("password", "a-quite-long-phrase"));
        visitor.Status.ShouldBe(HttpStatusCode.SeeOther);
    }
}
