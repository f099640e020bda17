using System.Net;
using System.Text.RegularExpressions;
using Custodia.Identity.Tests.People;

namespace Custodia.Identity.Tests.SignIn;

public sealed class RecoveryTests(PeopleServer server) : IClassFixture<PeopleServer>
{
    private const string Page = "/d/customers/recover";
    private const string New = "a-brand-new-phrase";

    [Fact]
    public async Task A_mailed_code_sets_a_new_password_and_ends_every_session()
    {
        var (signedIn, email) = await server.NewPersonAsync();
        var visitor = await AskAsync(email);
        await SetAsync(visitor, await server.CodeForAsync(email), New);
        visitor.Location!.ShouldContain("note=password-recovered");
        visitor.Cookie("custodia-customers").ShouldBeNull();
        (await signedIn.OpenAsync("/account/customers")).Status.ShouldBe(HttpStatusCode.Found);
        (await server.OutboxAsync(email))[0].Text.ShouldContain("The password was set anew");
        (await server.SignInAgainAsync(email)).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await server.SignInAsync("customers", email, New)).IsSignedIn().ShouldBeTrue();
    }

    [Fact]
    public async Task Known_and_unknown_addresses_are_answered_alike()
    {
        var (_, email) = await server.NewPersonAsync();
        var known = await AskAsync(email);
        var unknown = await AskAsync("nobody-at-all@signin.example");
        unknown.Status.ShouldBe(known.Status);
        unknown.Shape().ShouldBe(known.Shape());
        (await server.OutboxAsync("nobody-at-all@signin.example")).ShouldBeEmpty();
        await SetAsync(known, "000000", New);
        await SetAsync(unknown, "000000", New);
        known.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        unknown.Shape().ShouldBe(known.Shape());
    }

    [Fact]
    public async Task A_second_factor_is_still_asked_for_after_recovery()
    {
        var (visitor, email) = await server.NewPersonAsync();
        await server.AddAppAsync(visitor);
        var recovering = await AskAsync(email);
        await SetAsync(recovering, await server.CodeForAsync(email), New);
        (await server.SignInAsync("customers", email, New)).Location.ShouldBe(SignInSteps.Second);
    }

    [Theory]
    [InlineData("short")]
    [InlineData("password1234")]
    public async Task A_weak_password_is_refused_and_the_code_still_works(string weak)
    {
        var (_, email) = await server.NewPersonAsync();
        var visitor = await AskAsync(email);
        var code = await server.CodeForAsync(email);
        await SetAsync(visitor, code, weak);
        visitor.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        await SetAsync(visitor, code, email.Split('@')[0] + "-secret");
        visitor.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        await SetAsync(visitor, code, New);
        visitor.Status.ShouldBe(HttpStatusCode.SeeOther);
    }

    [Fact]
    public async Task Twenty_parallel_tries_of_one_code_set_one_password()
    {
        var (_, email) = await server.NewPersonAsync();
        var visitor = await AskAsync(email);
        var code = await server.CodeForAsync(email);
        var copies = Enumerable.Range(0, 20).Select(_ => visitor.Copy()).ToArray();
        // A code allows five tries, right or wrong.
        await Task.WhenAll(copies.Select((c, i) => SetAsync(c, code, $"{New}-{i}")));
        copies.Count(c => c.Status == HttpStatusCode.SeeOther).ShouldBe(1);
    }

    [Fact]
    public async Task A_code_to_sign_in_recovers_nothing()
    {
        var (_, email) = await server.NewPersonAsync();
        var visitor = server.Visitor();
        await visitor.OpenAsync("/d/customers/sign-in/code");
        await visitor.PostAsync("/d/customers/sign-in/code", ("email", email));
        await SetAsync(visitor, await server.CodeForAsync(email), New);
        visitor.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task Looking_at_a_link_uses_nothing_up_and_its_button_works_once_in_any_browser()
    {
        var (_, email) = await server.NewPersonAsync();
        var link = await LinkAsync(email);
        for (var i = 0; i < 3; i++) (await server.Visitor().OpenAsync(link)).Status.ShouldBe(HttpStatusCode.OK);
        var visitors = Enumerable.Range(0, 20).Select(_ => server.Visitor()).ToArray();
        foreach (var visitor in visitors) await visitor.OpenAsync(link);
        await Task.WhenAll(visitors.Select(v => v.PostAsync("/d/customers/sign-in/link", ("link", v.Hidden("link")))));
        visitors.Count(v => v.IsSignedIn()).ShouldBe(1);
    }

    [Fact]
    public async Task A_link_and_its_code_are_one()
    {
        var (_, email) = await server.NewPersonAsync();
        var visitor = server.Visitor();
        await visitor.OpenAsync("/d/customers/sign-in/code");
        await visitor.PostAsync("/d/customers/sign-in/code", ("email", email));
        await visitor.PostAsync("/d/customers/sign-in/code/check", ("id", visitor.Hidden("id")), ("code", await server.CodeForAsync(email)));
        visitor.IsSignedIn().ShouldBeTrue();
        var other = server.Visitor();
        await other.OpenAsync(LinkIn((await server.OutboxAsync(email)).First(m => m.Origin == "identity.code").Text));
        await other.PostAsync("/d/customers/sign-in/link", ("link", other.Hidden("link")));
        other.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        other.IsSignedIn().ShouldBeFalse();
    }

    [Fact]
    public async Task A_link_is_too_old_after_five_minutes()
    {
        await using var own = await PeopleServer.StartNewAsync();
        var (_, email) = await own.NewPersonAsync();
        var asking = own.Visitor();
        await asking.OpenAsync("/d/customers/sign-in/code");
        await asking.PostAsync("/d/customers/sign-in/code", ("email", email));
        var link = LinkIn((await own.OutboxAsync(email)).First(m => m.Origin == "identity.code").Text);
        own.Time.Advance(TimeSpan.FromMinutes(5));
        var visitor = own.Visitor();
        await visitor.OpenAsync(link);
        await visitor.PostAsync("/d/customers/sign-in/link", ("link", visitor.Hidden("link")));
        visitor.IsSignedIn().ShouldBeFalse();
    }

    private async Task<string> LinkAsync(string email)
    {
        var visitor = server.Visitor();
        await visitor.OpenAsync("/d/customers/sign-in/code");
        await visitor.PostAsync("/d/customers/sign-in/code", ("email", email));
        return LinkIn((await server.OutboxAsync(email)).First(m => m.Origin == "identity.code").Text);
    }

    private static string LinkIn(string text) => new Uri(Regex.Match(text, "http[^ \\n]*/sign-in/link[^ \\n]*").Value).PathAndQuery;

    private async Task<Visitor> AskAsync(string email)
    {
        var visitor = server.Visitor();
        await visitor.OpenAsync(Page);
        await visitor.PostAsync(Page, ("email", email));
        visitor.Status.ShouldBe(HttpStatusCode.OK);
        return visitor;
    }

    private static Task<Visitor> SetAsync(Visitor visitor, string code, string password) =>
        visitor.PostAsync(Page + "/set", ("id", visitor.Hidden("id")), ("code", code), ("new-password", password));
}
