using System.Net;

namespace Custodia.Identity.Tests.People;

public sealed class ConsoleTests(PeopleServer server) : IClassFixture<PeopleServer>
{
    [Fact]
    public async Task Staff_see_masks_and_reveal_one_value_for_a_purpose_on_record()
    {
        var id = await server.UserIdAsync("sofia@customers.example");
        var staff = await server.SignInAsync("staff", "administrator");
        await staff.OpenAsync($"/console/users/{id}");
        staff.Status.ShouldBe(HttpStatusCode.OK);
        staff.Html.ShouldNotContain("sofia@customers.example");
        await staff.PostAsync($"/console/users/{id}/reveal", ("field", "email"), ("purpose", "user-administration"), ("reason", "ticket 42"));
        staff.Status.ShouldBe(HttpStatusCode.OK);
        staff.Html.ShouldContain("sofia@customers.example");
        (await server.LogAsync("kernel.reveal-log", id)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Off_the_whitelist_a_reveal_is_refused_and_that_is_on_record_too()
    {
        var id = await server.UserIdAsync("jonas@customers.example");
        var agent = await server.SignInAsync("staff", "support-agent");
        await agent.OpenAsync($"/console/users/{id}");
        await agent.PostAsync($"/console/users/{id}/reveal", ("field", "email"), ("purpose", "user-administration"), ("reason", "ticket 43"));
        agent.Status.ShouldBe(HttpStatusCode.Forbidden);
        agent.Html.ShouldNotContain("jonas@customers.example");
        agent.Html.ShouldContain("whitelist");
        (await server.LogAsync("kernel.reveal-log", id)).Count.ShouldBe(1);
    }

    /// <summary>Staff neither sign up nor are asked to agree: the pages for that are not there.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("/sign-in")]
    [InlineData("/keys")]
    public async Task The_directory_of_staff_shows_no_tab_that_leads_nowhere(string page)
    {
        var staff = await server.SignInAsync("staff", "administrator");
        await staff.OpenAsync("/console/directories/staff" + page);
        staff.Status.ShouldBe(HttpStatusCode.OK);
        foreach (var missing in new[] { "registration", "agreements", "invitations" }) staff.Html.ShouldNotContain($"href=\"/console/directories/staff/{missing}\"");
    }

    [Theory]
    [InlineData("user-administration", "x", "3 to 500 characters")]
    [InlineData("selling", "ticket 44", "no such value")]
    public async Task A_reveal_needs_a_declared_purpose_and_a_reason(string purpose, string reason, string told)
    {
        var id = await server.UserIdAsync("mei@customers.example");
        var staff = await server.SignInAsync("staff", "administrator");
        await staff.OpenAsync($"/console/users/{id}");
        await staff.PostAsync($"/console/users/{id}/reveal", ("field", "email"), ("purpose", purpose), ("reason", reason));
        staff.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        staff.Html.ShouldContain(told);
    }

    [Theory]
    [InlineData("administrator", "/console", 200)]
    [InlineData("administrator", "/console/users", 200)]
    [InlineData("administrator", "/console/users?q=ada%40customers.example", 200)]
    [InlineData("administrator", "/console/users/new", 200)]
    [InlineData("administrator", "/console/directories", 200)]
    [InlineData("administrator", "/console/directories/customers", 200)]
    [InlineData("administrator", "/console/directories/new", 200)]
    [InlineData("administrator", "/console/sub-accounts", 200)]
    [InlineData("administrator", "/console/sub-accounts/new", 200)]
    [InlineData("developer", "/console", 200)]
    [InlineData("developer", "/console/users", 403)]
    [InlineData("support-agent", "/console/sub-accounts", 403)]
    [InlineData("auditor", "/console/users/new", 403)]
    public async Task A_page_opens_for_the_roles_that_may(string role, string page, int status)
    {
        var staff = await server.SignInAsync("staff", role);
        ((int)(await staff.OpenAsync(page)).Status).ShouldBe(status);
    }

    [Fact]
    public async Task Pages_are_there_in_chinese()
    {
        var visitor = await server.Visitor().OpenAsync("/d/customers/sign-in?ui_locales=zh");
        visitor.Html.ShouldContain("登录");
        visitor.Html.ShouldContain("演示客户");
    }

    [Fact]
    public void Every_text_is_there_in_both_languages()
    {
        var english = Texts.Source.Keys(System.Globalization.CultureInfo.InvariantCulture);
        english.ShouldNotBeEmpty();
        Texts.Source.Keys(new System.Globalization.CultureInfo("zh")).ShouldBe(english, ignoreOrder: true);
    }

    [Fact]
    public async Task Staff_create_a_user_from_a_form()
    {
        var staff = await server.SignInAsync("staff", "administrator");
        await staff.OpenAsync("/console/users/new");
        await staff.PostAsync("/console/users/new", ("directory", "customers"), ("email", "form@example.com"), ("display-name", "By Form"), ("invite", "true"));
        staff.Status.ShouldBe(HttpStatusCode.SeeOther);
        (await staff.OpenAsync(staff.Location!)).Status.ShouldBe(HttpStatusCode.OK);
        await staff.OpenAsync("/console/users/new");
        await staff.PostAsync("/console/users/new", ("directory", "staff"), ("email", "form2@example.com"));
        staff.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task A_sub_account_is_made_from_a_form_within_ones_own_rights()
    {
        var staff = await server.SignInAsync("staff", "administrator");
        await staff.OpenAsync("/console/sub-accounts/new");
        await staff.PostAsync("/console/sub-accounts/new", ("user-name", "newbie"), ("password", "a-quite-long-phrase"), ("roles", "support-agent"));
        staff.Status.ShouldBe(HttpStatusCode.SeeOther);
        await staff.OpenAsync("/console/sub-accounts/new");
        await staff.PostAsync("/console/sub-accounts/new", ("user-name", "climber"), ("password", "a-quite-long-phrase"), ("roles", "owner"));
        staff.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        staff.Html.ShouldContain("more than they may do themselves");
    }
}
