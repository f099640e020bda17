using System.Net;
using System.Net.Http.Json;

namespace Custodia.Identity.Tests.People;

public sealed class SignInTests(PeopleServer server) : IClassFixture<PeopleServer>
{
    private const string Cookie = "custodia-customers";

    [Fact]
    public async Task The_session_cookie_is_closed_to_scripts_and_other_sites()
    {
        var visitor = await server.SignInAsync("customers", "ada");
        visitor.Status.ShouldBe(HttpStatusCode.SeeOther);
        var cookie = visitor.SetCookies.Single(c => c.StartsWith(Cookie + "=", StringComparison.Ordinal)).ToLowerInvariant();
        cookie.ShouldContain("httponly");
        cookie.ShouldContain("samesite=lax");
        cookie.ShouldContain("path=/");
        cookie.ShouldNotContain("domain=");
    }

    [Fact]
    public async Task The_session_changes_at_sign_in_and_the_old_one_is_over()
    {
        var visitor = await server.SignInAsync("customers", "wei");
        var before = visitor.Copy();
        var old = visitor.Cookie(Cookie);
        await visitor.OpenAsync("/d/customers/sign-in");
        await visitor.PostAsync("/d/customers/sign-in", ("name", "wei"), ("password", PeopleServer.SamplePassword));
        visitor.Cookie(Cookie).ShouldNotBe(old);
        (await before.OpenAsync("/account/customers")).Status.ShouldBe(HttpStatusCode.Found);
        (await visitor.OpenAsync("/account/customers")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("ADA")]
    [InlineData("Ada@Customers.example")]
    public async Task A_name_or_address_is_found_however_it_is_written(string typed) =>
        (await server.SignInAsync("customers", typed)).Status.ShouldBe(HttpStatusCode.SeeOther);

    [Fact]
    public async Task Known_and_unknown_names_are_answered_alike()
    {
        var known = await server.SignInAsync("customers", "ada", "not the password");
        var unknown = await server.SignInAsync("customers", "bda", "not the password");
        known.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        unknown.Status.ShouldBe(known.Status);
        unknown.Shape().Replace("bda", "ada", StringComparison.Ordinal).ShouldBe(known.Shape());
    }

    [Fact]
    public async Task People_of_one_directory_are_unknown_in_another() =>
        (await server.SignInAsync("staff", "ada")).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);

    [Theory]
    [InlineData("https://evil.example/", "/account/customers")]
    [InlineData("//evil.example", "/account/customers")]
    [InlineData("/\\evil.example", "/account/customers")]
    [InlineData("/account/customers/data", "/account/customers/data")]
    public async Task Sign_in_leads_back_to_this_server_only(string wanted, string expected)
    {
        var visitor = server.Visitor();
        await visitor.OpenAsync("/d/customers/sign-in");
        await visitor.PostAsync("/d/customers/sign-in", ("name", "sofia"), ("password", PeopleServer.SamplePassword), ("return", wanted));
        visitor.Location.ShouldBe(expected);
    }

    [Fact]
    public async Task A_page_that_needs_a_session_leads_to_sign_in_and_back()
    {
        var visitor = await server.Visitor().OpenAsync("/account/customers/data");
        visitor.Status.ShouldBe(HttpStatusCode.Found);
        visitor.Location.ShouldBe("/d/customers/sign-in?return=%2Faccount%2Fcustomers%2Fdata");
    }

    [Fact]
    public async Task A_mailed_code_signs_in_once()
    {
        var visitor = await RequestCodeAsync("mei@customers.example");
        var (id, code) = (visitor.Hidden("id"), await server.CodeForAsync("mei@customers.example"));
        var twin = visitor.Copy();
        await visitor.PostAsync("/d/customers/sign-in/code/check", ("id", id), ("code", code));
        visitor.Status.ShouldBe(HttpStatusCode.SeeOther);
        await twin.PostAsync("/d/customers/sign-in/code/check", ("id", id), ("code", code));
        twin.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task Twenty_parallel_checks_of_one_code_give_one_success()
    {
        var visitor = await RequestCodeAsync("jonas@customers.example");
        var (id, code) = (visitor.Hidden("id"), await server.CodeForAsync("jonas@customers.example"));
        var windows = Enumerable.Range(0, 20).Select(_ => visitor.Copy()).ToArray();
        await Task.WhenAll(windows.Select(w => w.PostAsync("/d/customers/sign-in/code/check", ("id", id), ("code", code))));
        windows.Count(w => w.Status == HttpStatusCode.SeeOther).ShouldBe(1);
        windows.Count(w => w.Status == HttpStatusCode.UnprocessableEntity).ShouldBe(19);
    }

    [Fact]
    public async Task Five_wrong_tries_end_a_code_even_in_parallel()
    {
        var visitor = await RequestCodeAsync("sofia@customers.example");
        var (id, code) = (visitor.Hidden("id"), await server.CodeForAsync("sofia@customers.example"));
        var wrong = code == "000000" ? "000001" : "000000";
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => visitor.Copy().PostAsync("/d/customers/sign-in/code/check", ("id", id), ("code", wrong))));
        await visitor.PostAsync("/d/customers/sign-in/code/check", ("id", id), ("code", code));
        visitor.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task Asking_for_a_code_answers_alike_for_an_address_that_is_nobodys()
    {
        var known = await RequestCodeAsync("ada@customers.example");
        var unknown = await RequestCodeAsync("nobody@customers.example");
        unknown.Status.ShouldBe(known.Status);
        unknown.Shape().ShouldBe(known.Shape());
        (await server.OutboxAsync("nobody@customers.example")).ShouldBeEmpty();
        await unknown.PostAsync("/d/customers/sign-in/code/check", ("id", unknown.Hidden("id")), ("code", "123456"));
        unknown.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task A_code_of_another_directory_does_not_sign_in()
    {
        var visitor = await RequestCodeAsync("ada@customers.example");
        await visitor.PostAsync("/d/staff/sign-in/code/check", ("id", visitor.Hidden("id")), ("code", await server.CodeForAsync("ada@customers.example")));
        visitor.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task Signing_out_is_effective_at_once()
    {
        var visitor = await server.SignUpAsync("leaver@example.com");
        await visitor.OpenAsync("/account/customers");
        var window = visitor.Copy();
        await visitor.PostAsync("/d/customers/sign-out");
        visitor.Location.ShouldBe("/d/customers/sign-in?note=signed-out");
        (await window.OpenAsync("/account/customers")).Status.ShouldBe(HttpStatusCode.Found);
    }

    [Fact]
    public async Task A_locked_user_is_out_at_once_and_learns_it_only_with_the_right_password()
    {
        var visitor = await server.SignUpAsync("locked@example.com");
        var admin = await server.AdminAsync();
        var id = await server.UserIdAsync("locked@example.com");
        using var answer = await admin.PostAsJsonAsync($"/api/v1/users/{id}/lock", new { reason = "test of locking" });
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await visitor.OpenAsync("/account/customers")).Status.ShouldBe(HttpStatusCode.Found);
        (await server.SignInAsync("customers", "locked@example.com", "wrong")).Html.ShouldContain("is not right");
        (await server.SignInAsync("customers", "locked@example.com", "a-quite-long-phrase")).Html.ShouldContain("is locked");
        using var unlocked = await admin.PostAsync($"/api/v1/users/{id}/unlock", null);
        unlocked.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await server.SignInAsync("customers", "locked@example.com", "a-quite-long-phrase")).Status.ShouldBe(HttpStatusCode.SeeOther);
    }

    [Fact]
    public async Task A_session_is_over_after_its_idle_time()
    {
        await using var own = await PeopleServer.StartNewAsync();
        var staff = await own.SignInAsync("staff", "auditor");
        (await staff.OpenAsync("/console")).Status.ShouldBe(HttpStatusCode.OK);
        own.Time.Advance(TimeSpan.FromHours(3));
        (await staff.OpenAsync("/console")).Status.ShouldBe(HttpStatusCode.Found);
    }

    private async Task<Visitor> RequestCodeAsync(string email)
    {
        var visitor = server.Visitor();
        await visitor.OpenAsync("/d/customers/sign-in/code");
        return await visitor.PostAsync("/d/customers/sign-in/code", ("email", email));
    }
}
