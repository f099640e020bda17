using System.Net;
using Custodia.Identity.Tests.People;

namespace Custodia.Identity.Tests.SignIn;

/// <summary>One code at a time, strangers who ask for codes lock nobody out, and every attempt is on record.</summary>
public sealed class CodeRuleTests(PeopleServer server) : IClassFixture<PeopleServer>
{
    [Fact]
    public async Task A_new_sign_in_code_ends_the_one_before()
    {
        var first = await AskAsync("sign-in/code", "wei@customers.example");
        var old = await server.CodeForAsync("wei@customers.example");
        var second = await AskAsync("sign-in/code", "wei@customers.example");
        (await first.PostAsync("/d/customers/sign-in/code/check", ("id", first.Hidden("id")), ("code", old))).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        await second.PostAsync("/d/customers/sign-in/code/check", ("id", second.Hidden("id")), ("code", await server.CodeForAsync("wei@customers.example")));
        second.Location.ShouldBe("/account/customers");
    }

    [Theory]
    [InlineData("sign-in/code", "/d/customers/sign-in/code?return=%2Faccount%2Fcustomers%2Fdata")]
    [InlineData("sign-up", "/d/customers/sign-up?return=%2Faccount%2Fcustomers%2Fdata")]
    public async Task Who_has_no_valid_code_is_led_to_another_and_on_to_where_they_wanted(string page, string again)
    {
        var visitor = server.Visitor();
        await visitor.OpenAsync($"/d/customers/{page}");
        await visitor.PostAsync(
            $"/d/customers/{page}", ("email", "slow.mail@customers.example"), ("password", "a-quite-long-phrase"), ("return", "/account/customers/data"));
        visitor.Html.ShouldContain($"href=\"{again}\"");
    }

    [Fact]
    public async Task After_a_recovery_no_earlier_code_sets_another_password()
    {
        await server.SignUpAsync("forgetful@example.com");
        var first = await AskAsync("recover", "forgetful@example.com");
        var old = await server.CodeForAsync("forgetful@example.com");
        var second = await AskAsync("recover", "forgetful@example.com");
        await SetAsync(second, await server.CodeForAsync("forgetful@example.com"), "the-second-phrase");
        second.Location!.ShouldContain("note=password-recovered");
        (await SetAsync(first, old, "the-thiefs-phrase")).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await server.SignInAsync("customers", "forgetful@example.com", "the-second-phrase")).Status.ShouldBe(HttpStatusCode.SeeOther);
    }

    [Fact]
    public async Task Codes_for_one_purpose_leave_those_for_another()
    {
        var signIn = await AskAsync("sign-in/code", "mei@customers.example");
        var code = await server.CodeForAsync("mei@customers.example");
        await AskAsync("recover", "mei@customers.example");
        await signIn.PostAsync("/d/customers/sign-in/code/check", ("id", signIn.Hidden("id")), ("code", code));
        signIn.Location.ShouldBe("/account/customers");
    }

    [Fact]
    public async Task A_stranger_who_has_codes_sent_does_not_keep_the_person_from_theirs()
    {
        await using var own = await PeopleServer.StartNewAsync(s =>
        {
            s.Settings["Custodia:Identity:CodesPerRecipient"] = "2";
            s.Settings["Custodia:Http:TrustedProxies:0"] = "127.0.0.1";
        });
        var stranger = own.Visitor();
        stranger.From = "203.0.113.7";
        await stranger.OpenAsync("/d/customers/sign-in/code");
        // More often than the address is served from everywhere: what a network is refused does not count there.
        for (var i = 0; i < 12; i++) await stranger.PostAsync("/d/customers/sign-in/code", ("email", "ada@customers.example"));
        stranger.Status.ShouldBe(HttpStatusCode.TooManyRequests);
        var ada = own.Visitor();
        ada.From = "198.51.100.20";
        await ada.OpenAsync("/d/customers/sign-in/code");
        (await ada.PostAsync("/d/customers/sign-in/code", ("email", "ada@customers.example"))).Status.ShouldBe(HttpStatusCode.OK);
        await ada.PostAsync("/d/customers/sign-in/code/check", ("id", ada.Hidden("id")), ("code", await own.CodeForAsync("ada@customers.example")));
        ada.Location.ShouldBe("/account/customers");
    }

    [Fact]
    public async Task Attempts_that_come_too_often_are_on_record()
    {
        await using var own = await PeopleServer.StartNewAsync(s => s.Settings["Custodia:Identity:CodesPerRecipient"] = "1");
        var visitor = own.Visitor();
        foreach (var page in new[] { "sign-in/code", "recover" })
        {
            await visitor.OpenAsync($"/d/customers/{page}");
            for (var i = 0; i < 2; i++) await visitor.PostAsync($"/d/customers/{page}", ("email", "ada@customers.example"));
            visitor.Status.ShouldBe(HttpStatusCode.TooManyRequests);
        }

        var results = (await own.LogAsync("identity.user-operation-log")).Select(e => e.Fields.First(f => f.Key == "result").Value?.ToString()).ToList();
        results.Count(r => r == "sign-in-throttled").ShouldBe(3);
    }

    [Fact]
    public async Task A_right_code_of_somebody_who_was_locked_meanwhile_is_on_their_record()
    {
        await server.SignUpAsync("locked-later@example.com");
        var visitor = await AskAsync("sign-in/code", "locked-later@example.com");
        var code = await server.CodeForAsync("locked-later@example.com");
        var person = await server.UserIdAsync("locked-later@example.com");
        using var body = new StringContent("""{"reason":"for the test"}""", System.Text.Encoding.UTF8, "application/json");
        using var locked = await (await server.AdminAsync()).PostAsync(new Uri($"/api/v1/users/{person}/lock", UriKind.Relative), body);
        locked.StatusCode.ShouldBe(HttpStatusCode.OK);
        await visitor.PostAsync("/d/customers/sign-in/code/check", ("id", visitor.Hidden("id")), ("code", code));
        visitor.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await server.LogAsync("identity.user-operation-log", person)).Select(e => e.Fields.First(f => f.Key == "result").Value?.ToString()).ShouldContain("sign-in-refused");
    }

    private async Task<Visitor> AskAsync(string page, string email)
    {
        var visitor = server.Visitor();
        await visitor.OpenAsync($"/d/customers/{page}");
        await visitor.PostAsync($"/d/customers/{page}", ("email", email));
        visitor.Status.ShouldBe(HttpStatusCode.OK);
        return visitor;
    }

    private static Task<Visitor> SetAsync(Visitor visitor, string code, string password) =>
        visitor.PostAsync("/d/customers/recover/set", ("id", visitor.Hidden("id")), ("code", code), ("new-password", password));
}
