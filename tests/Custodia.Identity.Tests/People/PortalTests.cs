using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Custodia.Identity.Tests.People;

public sealed class PortalTests(PeopleServer server) : IClassFixture<PeopleServer>
{
    private const string Password = "a-quite-long-phrase";

    [Fact]
    public async Task A_person_changes_their_profile_and_sees_it()
    {
        var visitor = await server.SignUpAsync("edit@example.com");
        await visitor.OpenAsync("/account/customers/edit");
        await visitor.PostAsync(
            "/account/customers/edit",
            ("user-name", "editor"), ("display-name", "Edith New"), ("mobile", "+49 170 1234567"), ("birth-date", "1990-02-03"), ("gender", "female"), ("locale", "en-GB"));
        visitor.Location.ShouldBe("/account/customers?note=saved");
        await visitor.OpenAsync("/account/customers");
        foreach (var value in new[] { "editor", "Edith New", "+49 170 1234567", "1990-02-03", "female", "en-GB" }) WebUtility.HtmlDecode(visitor.Html).ShouldContain(value);
        (await server.SignInAsync("customers", "EDITOR", Password)).Status.ShouldBe(HttpStatusCode.SeeOther);
    }

    [Fact]
    public async Task Wrong_values_come_back_beside_their_fields_and_change_nothing()
    {
        var visitor = await server.SignUpAsync("wrong@example.com", displayName: "Stays");
        await visitor.OpenAsync("/account/customers/edit");
        await visitor.PostAsync("/account/customers/edit", ("display-name", "Changed"), ("birth-date", "2999-01-01"), ("user-name", "ada"), ("mobile", "abc"));
        visitor.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        visitor.Html.ShouldContain("Enter a date in the past");
        visitor.Html.ShouldContain("not a mobile number");
        (await visitor.OpenAsync("/account/customers")).Html.ShouldContain("Stays");
    }

    [Theory]
    [InlineData("other-name", "")]
    [InlineData("", "+49 170 7654321")]
    public async Task What_a_person_is_known_or_reached_by_changes_only_shortly_after_signing_in(string userName, string mobile)
    {
        await using var own = await PeopleServer.StartNewAsync();
        var visitor = await own.SignUpAsync("stale@example.com", displayName: "Before");
        await visitor.OpenAsync("/account/customers/edit");
        own.Time.Advance(TimeSpan.FromMinutes(20));
        await visitor.PostAsync("/account/customers/edit", ("display-name", "By a thief"), ("user-name", userName), ("mobile", mobile));
        visitor.Location!.ShouldContain("note=sign-in-again");
        var person = await own.UserIdAsync("stale@example.com");
        (await own.LogAsync("identity.user-operation-log", person)).Select(e => e.Fields.First(f => f.Key == "result").Value?.ToString()).ShouldNotContain("profile-changed");
        await visitor.OpenAsync("/account/customers/edit");
        await visitor.PostAsync("/account/customers/edit", ("display-name", "After"));
        visitor.Location.ShouldBe("/account/customers?note=saved", "what only describes a person needs no more than the session");
        (await visitor.OpenAsync("/account/customers")).Html.ShouldContain("After");
    }

    [Fact]
    public async Task A_new_address_counts_when_its_code_comes_back()
    {
        var visitor = await server.SignUpAsync("old@example.com");
        await visitor.OpenAsync("/account/customers/email");
        await visitor.PostAsync("/account/customers/email", ("email", "new@example.com"));
        await visitor.PostAsync("/account/customers/email/code", ("id", visitor.Hidden("id")), ("code", await server.CodeForAsync("new@example.com")));
        visitor.Location.ShouldBe("/account/customers?note=email-changed");
        (await server.OutboxAsync("old@example.com")).ShouldContain(m => m.Origin == "identity.notice");
        (await server.SignInAsync("customers", "old@example.com", Password)).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await server.SignInAsync("customers", "new@example.com", Password)).Status.ShouldBe(HttpStatusCode.SeeOther);
    }

    [Fact]
    public async Task Nobody_takes_the_address_of_somebody_else()
    {
        await server.SignUpAsync("victim@example.com");
        var visitor = await server.SignUpAsync("taker@example.com");
        await visitor.OpenAsync("/account/customers/email");
        await visitor.PostAsync("/account/customers/email", ("email", "victim@example.com"));
        visitor.Status.ShouldBe(HttpStatusCode.OK);
        var mails = await server.OutboxAsync("victim@example.com");
        mails.Count(m => m.Origin == "identity.code").ShouldBe(1, "the one of their own sign-up");
        mails.Single(m => m.Origin == "identity.notice").Text.ShouldNotMatch("[0-9]{6}");
    }

    [Fact]
    public async Task A_new_password_ends_the_other_sessions_and_keeps_this_one()
    {
        var visitor = await server.SignUpAsync("pass@example.com");
        var other = await server.SignInAsync("customers", "pass@example.com", Password);
        await visitor.OpenAsync("/account/customers/security");
        await visitor.PostAsync("/account/customers/password", ("current-password", "wrong"), ("new-password", "another-fine-phrase"));
        visitor.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        await visitor.PostAsync("/account/customers/password", ("current-password", Password), ("new-password", "another-fine-phrase"));
        visitor.Location.ShouldBe("/account/customers/security?note=password-changed");
        (await other.OpenAsync("/account/customers")).Status.ShouldBe(HttpStatusCode.Found);
        (await visitor.OpenAsync("/account/customers")).Status.ShouldBe(HttpStatusCode.OK);
        (await server.SignInAsync("customers", "pass@example.com", Password)).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task Ending_a_session_is_effective_at_once_and_only_ones_own_can_be_ended()
    {
        var visitor = await server.SignUpAsync("ends@example.com");
        var other = await server.SignInAsync("customers", "ends@example.com", Password);
        await visitor.OpenAsync("/account/customers/security");
        var sessions = System.Text.RegularExpressions.Regex.Matches(visitor.Html, "sessions/([0-9a-f-]{36})/end").Select(m => m.Groups[1].Value).ToArray();
        sessions.Length.ShouldBe(2);
        var stranger = await server.SignUpAsync("stranger@example.com");
        await stranger.OpenAsync("/account/customers/security");
        (await stranger.PostAsync($"/account/customers/sessions/{sessions[0]}/end")).Status.ShouldBe(HttpStatusCode.NotFound);
        // The newest is listed first.
        await visitor.PostAsync($"/account/customers/sessions/{sessions[0]}/end");
        visitor.Status.ShouldBe(HttpStatusCode.SeeOther);
        (await other.OpenAsync("/account/customers")).Status.ShouldBe(HttpStatusCode.Found);
        (await visitor.OpenAsync("/account/customers")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_person_sees_their_own_activity()
    {
        var visitor = await server.SignUpAsync("active@example.com");
        await visitor.OpenAsync("/account/customers/activity");
        visitor.Html.ShouldContain("Registered");
        visitor.Html.ShouldContain("Signed in");
        visitor.Html.ShouldContain("127.0.0.1");
    }

    [Fact]
    public async Task The_download_holds_what_is_known_about_the_person_and_nobody_else()
    {
        var visitor = await server.SignUpAsync("mine@example.com", displayName: "Only Mine");
        await visitor.OpenAsync("/account/customers/data/export.json");
        var export = JsonDocument.Parse(visitor.Html).RootElement;
        var categories = export.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("category").GetString()).ToHashSet();
        foreach (var category in new[] { "identity.user-profile", "identity.session", "identity.user-operation-log" }) categories.ShouldContain(category);
        visitor.Html.ShouldContain("mine@example.com");
        visitor.Html.ShouldContain("Only Mine");
        visitor.Html.ShouldNotContain("ada@customers.example");
        await visitor.OpenAsync("/account/customers/data/export.html");
        visitor.Html.ShouldContain("Only Mine");
    }

    [Fact]
    public async Task Deleting_the_account_needs_the_password_and_a_tick()
    {
        var visitor = await server.SignUpAsync("careful@example.com");
        await visitor.OpenAsync("/account/customers/delete");
        await visitor.PostAsync("/account/customers/delete", ("password", Password));
        visitor.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        await visitor.PostAsync("/account/customers/delete", ("password", "wrong"), ("confirmed", "true"));
        visitor.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await visitor.OpenAsync("/account/customers")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_deleted_person_is_gone_and_the_status_page_says_so()
    {
        var before = (await server.StatisticsAsync()).GetProperty("users").GetInt64();
        var visitor = await server.SignUpAsync("gone@example.com", displayName: "Gone Soon");
        var window = visitor.Copy();
        await visitor.OpenAsync("/account/customers/delete");
        await visitor.PostAsync("/account/customers/delete", ("password", Password), ("confirmed", "true"));
        var status = visitor.Location.ShouldNotBeNull();
        status.ShouldStartWith("/account/customers/deletion/");
        (await window.OpenAsync("/account/customers")).Status.ShouldBe(HttpStatusCode.Found);
        await Eventually.TrueAsync(async () => (await visitor.OpenAsync(status)).Html.Contains(">deleted<", StringComparison.Ordinal));
        visitor.Html.ShouldNotContain("gone@example.com");
        (await server.SignInAsync("customers", "gone@example.com", Password)).Html.ShouldContain("is not right");
        (await server.StatisticsAsync()).GetProperty("users").GetInt64().ShouldBe(before);
        await server.SignUpAsync("gone@example.com");
    }

    [Fact]
    public async Task Within_the_grace_a_person_takes_the_deletion_back()
    {
        await using var own = await PeopleServer.StartNewAsync();
        using var changed = await (await own.AdminAsync()).PatchAsJsonAsync("/api/v1/directories/customers", new { graceDays = 7 });
        changed.StatusCode.ShouldBe(HttpStatusCode.OK);
        var visitor = await own.SignInAsync("customers", "ada");
        await visitor.OpenAsync("/account/customers/delete");
        await visitor.PostAsync("/account/customers/delete/code");
        await visitor.PostAsync("/account/customers/delete", ("id", visitor.Hidden("id")), ("code", await own.CodeForAsync("ada@customers.example")), ("confirmed", "true"));
        visitor.Status.ShouldBe(HttpStatusCode.SeeOther);
        var again = await own.SignInAsync("customers", "ada");
        (await again.OpenAsync("/account/customers")).Html.ShouldContain("is to be deleted");
        await again.PostAsync("/account/customers/delete/withdraw");
        again.Location.ShouldBe("/account/customers?note=withdrawn");
        own.Time.Advance(TimeSpan.FromDays(8));
        (await own.SignInAsync("customers", "ada")).Status.ShouldBe(HttpStatusCode.SeeOther);
    }

    [Fact]
    public async Task A_token_does_not_open_the_portal()
    {
        using var answer = await (await server.AdminAsync()).GetAsync("/account/customers");
        answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Staff_and_people_of_other_directories_do_not_open_it()
    {
        var staff = await server.SignInAsync("staff", "administrator");
        (await staff.OpenAsync("/account/customers")).Status.ShouldBe(HttpStatusCode.Found);
        var ada = await server.SignInAsync("customers", "ada");
        (await ada.OpenAsync("/account/staff")).Status.ShouldBe(HttpStatusCode.Found);
    }

    [Theory]
    [InlineData("/d/staff/device", HttpStatusCode.OK)]
    [InlineData("/d/staff/agreements", HttpStatusCode.SeeOther)]
    [InlineData("/d/staff/consent", HttpStatusCode.BadRequest)]
    public async Task Staff_are_asked_by_their_own_directory_as_people_are(string page, HttpStatusCode expected)
    {
        var staff = await server.SignInAsync("staff", "developer");
        (await staff.OpenAsync(page)).Status.ShouldBe(expected);
    }

    [Fact]
    public async Task Staff_change_their_own_password_and_end_their_sessions_but_do_not_delete_themselves()
    {
        await using var own = await PeopleServer.StartNewAsync();
        var here = await own.SignInAsync("staff", "auditor");
        var elsewhere = await own.SignInAsync("staff", "auditor");
        (await here.OpenAsync("/console")).Html.ShouldContain("/account/staff");
        foreach (var page in new[] { "", "/edit", "/security", "/security/app", "/activity", "/data" })
            (await here.OpenAsync($"/account/staff{page}")).Status.ShouldBe(HttpStatusCode.OK, page);
        here.Html.ShouldNotContain("/account/staff/delete");
        (await here.OpenAsync("/account/staff/delete")).Status.ShouldBe(HttpStatusCode.NotFound);
        await here.OpenAsync("/account/staff/security");
        await here.PostAsync("/account/staff/delete", ("confirmed", "true"), ("password", PeopleServer.SamplePassword));
        here.Status.ShouldBe(HttpStatusCode.NotFound);
        await here.OpenAsync("/account/staff/security");
        await here.PostAsync("/account/staff/password", ("current-password", PeopleServer.SamplePassword), ("new-password", "quite-a-long-phrase-77"));
        here.Location.ShouldBe("/account/staff/security?note=password-changed");
        (await elsewhere.OpenAsync("/console")).Status.ShouldBe(HttpStatusCode.Found);
        (await here.OpenAsync("/console")).Status.ShouldBe(HttpStatusCode.OK);
        (await own.SignInAsync("staff", "auditor", "quite-a-long-phrase-77")).Status.ShouldBe(HttpStatusCode.SeeOther);
    }
}
