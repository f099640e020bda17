using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Custodia.Identity.Tests.People;

namespace Custodia.Identity.Tests.SignIn;

public sealed class UserSignInTests(PeopleServer server) : IClassFixture<PeopleServer>
{
    [Fact]
    public async Task Staff_list_and_end_the_sessions_of_a_user()
    {
        var (visitor, email) = await server.NewPersonAsync();
        var id = await server.UserIdAsync(email);
        var admin = await server.AdminAsync();
        var session = (await admin.GetFromJsonAsync<JsonElement>($"/api/v1/users/{id}/sessions")).GetProperty("items").EnumerateArray().Single();
        session.GetProperty("amr").EnumerateArray().Select(a => a.GetString()).ShouldBe(["otp"]);
        session.GetProperty("clientIpMasked").GetString().ShouldNotBe("127.0.0.1");
        (await admin.DeleteAsync($"/api/v1/users/{id}/sessions/{session.GetProperty("id").GetString()}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await visitor.OpenAsync("/account/customers")).Status.ShouldBe(HttpStatusCode.Found);
        (await admin.DeleteAsync($"/api/v1/users/{id}/sessions/{Guid.CreateVersion7()}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await admin.GetAsync($"/api/v1/users/{Guid.CreateVersion7()}/sessions")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Staff_take_lost_second_factors_away_on_record_and_the_person_is_told()
    {
        var (visitor, email) = await server.NewPersonAsync();
        await server.AddAppAsync(visitor);
        var id = await server.UserIdAsync(email);
        var admin = await server.AdminAsync();
        (await admin.GetFromJsonAsync<JsonElement>($"/api/v1/users/{id}/second-factors")).GetProperty("app").GetBoolean().ShouldBeTrue();
        (await admin.DeleteAsync($"/api/v1/users/{id}/second-factors")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await visitor.OpenAsync("/account/customers")).Status.ShouldBe(HttpStatusCode.Found);
        (await server.OutboxAsync(email))[0].Text.ShouldContain("Staff removed all second factors");
        (await server.SignInAgainAsync(email)).IsSignedIn().ShouldBeTrue();
        (await server.LogAsync("identity.admin-action-log")).ShouldContain(e => e.Fields.Any(f => f.Key == "log-area" && (f.Value ?? "").ToString() == "users.second-factors"));
    }

    [Fact]
    public async Task Rules_are_checked_and_every_finding_is_named()
    {
        var admin = await server.AdminAsync();
        using var refused = await admin.PatchAsJsonAsync("/api/v1/directories/customers/sign-in", new { rememberDays = 366, ways = new[] { "passkey" }, smsPerNumber = 0 });
        refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var text = await refused.Content.ReadAsStringAsync();
        foreach (var field in new[] { "rememberDays", "ways", "smsPerNumber" }) text.ShouldContain(field);
        var rules = await admin.GetFromJsonAsync<JsonElement>("/api/v1/directories/customers/sign-in");
        rules.GetProperty("secondFactor").GetString().ShouldBe("optional");
        (await admin.GetAsync("/api/v1/directories/nowhere/sign-in")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task What_is_held_about_second_factors_is_shown_to_the_person_and_erased_with_them()
    {
        var (visitor, email) = await server.NewPersonAsync();
        await server.AddAppAsync(visitor);
        var id = await server.UserIdAsync(email);
        await server.InScopeAsync(async services =>
        {
            var data = Microsoft.Extensions.DependencyInjection.ServiceProviderServiceExtensions.GetServices<PersonData.IPersonData>(services).OfType<PersonData.CredentialData>().Single();
            var subject = new Kernel.Deletion.Subject(await server.AccountAsync(), id);
            List<string> shown = [];
            await foreach (var item in data.ExportAsync(subject, default)) shown.Add(item.Category);
            shown.ShouldContain("identity.credential");
            shown.ShouldContain("identity.known-device");
            var erased = await data.EraseAsync(subject, default);
            erased.Single(e => e.Category == "identity.credential").Found.ShouldBe(11);
            (await data.EraseAsync(subject, default)).Sum(e => e.Found).ShouldBe(0);
        });
    }

    [Fact]
    public async Task That_an_application_demands_a_second_factor_is_set_on_its_page_and_by_api()
    {
        var admin = await server.AdminAsync();
        var body = new { directory = "customers", kind = "web", name = "Strict", redirectUris = new[] { "https://strict.example/callback" } };
        var created = await (await admin.PostAsJsonAsync("/api/v1/applications", body)).Content.ReadFromJsonAsync<JsonElement>();
        var id = created.GetProperty("application").GetProperty("id").GetGuid();
        var staff = await server.SignInAsync("staff", "administrator");
        Ticked(await staff.OpenAsync($"/console/applications/{id}")).ShouldBeFalse();
        await staff.PostAsync($"/console/applications/{id}/sign-in", ("second-factor", "true"));
        staff.Location.ShouldBe($"/console/applications/{id}?note=saved");
        Ticked(await staff.OpenAsync($"/console/applications/{id}")).ShouldBeTrue();
        (await admin.GetFromJsonAsync<JsonElement>($"/api/v1/applications/{id}/sign-in")).GetProperty("demandsSecondFactor").GetBoolean().ShouldBeTrue();
        (await admin.PutAsJsonAsync($"/api/v1/applications/{id}/sign-in", new { demandsSecondFactor = false })).StatusCode.ShouldBe(HttpStatusCode.OK);
        Ticked(await staff.OpenAsync($"/console/applications/{id}")).ShouldBeFalse();
        var auditor = await server.SignInAsync("staff", "auditor");
        await auditor.OpenAsync($"/console/applications/{id}");
        await auditor.PostAsync($"/console/applications/{id}/sign-in", ("second-factor", "true"));
        auditor.Status.ShouldBe(HttpStatusCode.Forbidden);
    }

    private static bool Ticked(Visitor page) =>
        System.Text.RegularExpressions.Regex.Match(page.Html, "<input[^>]*name=\"second-factor\"[^>]*>").Value is { Length: > 0 } box
            ? box.Contains(" checked", StringComparison.Ordinal)
            : throw new InvalidOperationException("The page has no such box.");
}
