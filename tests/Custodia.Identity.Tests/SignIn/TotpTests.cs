using System.Net;
using System.Text;
using Custodia.Identity.Tests.People;
using Custodia.Identity.Totp;

namespace Custodia.Identity.Tests.SignIn;

public sealed class TotpTests(PeopleServer server) : IClassFixture<PeopleServer>
{
    /// <summary>RFC 6238, appendix B, cut to six digits.</summary>
    [Theory]
    [InlineData(59, "287082")]
    [InlineData(1111111109, "081804")]
    [InlineData(1111111111, "050471")]
    [InlineData(1234567890, "005924")]
    [InlineData(2000000000, "279037")]
    [InlineData(20000000000, "353130")]
    public void Codes_are_those_of_the_standard(long seconds, string digits) =>
        TotpCode.At(Encoding.ASCII.GetBytes("12345678901234567890"), TotpCode.StepAt(DateTimeOffset.FromUnixTimeSeconds(seconds))).ShouldBe(digits);

    [Fact]
    public async Task Who_has_an_app_is_asked_for_its_code_before_there_is_a_session()
    {
        var (visitor, email) = await server.NewPersonAsync();
        var (secret, codes) = await server.AddAppAsync(visitor);
        codes.Length.ShouldBe(10);
        (await server.OutboxAsync(email))[0].Text.ShouldContain("An authenticator app was set up.");

        var again = await server.SignInAgainAsync(email);
        again.Location.ShouldBe(SignInSteps.Second);
        again.Cookie("custodia-customers").ShouldBeNull();
        (await again.OpenAsync("/account/customers")).Status.ShouldBe(HttpStatusCode.Found);
        await again.OpenAsync(SignInSteps.Second);
        await again.CodeAsync("totp", server.Digits(secret, 1));
        again.IsSignedIn().ShouldBeTrue(again.Html);
        (await again.OpenAsync("/account/customers")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("000000")]
    [InlineData("")]
    [InlineData("abcdef")]
    [InlineData("１２３４５６")]
    [InlineData("1234567890123456789012345678901234567890")]
    public async Task Anything_but_the_code_is_refused(string typed)
    {
        var (visitor, email) = await server.NewPersonAsync();
        await server.AddAppAsync(visitor);
        var again = await server.SignInAgainAsync(email);
        await again.OpenAsync(SignInSteps.Second);
        await again.CodeAsync("totp", typed);
        again.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        again.Html.ShouldContain("Enter the one that the app shows now");
        again.Cookie("custodia-customers").ShouldBeNull();
    }

    [Fact]
    public async Task A_code_is_never_accepted_twice_nor_one_before_it()
    {
        var (visitor, email) = await server.NewPersonAsync();
        var (secret, _) = await server.AddAppAsync(visitor);
        var (first, second) = (await server.SignInAgainAsync(email), await server.SignInAgainAsync(email));
        foreach (var one in new[] { first, second }) await one.OpenAsync(SignInSteps.Second);
        var code = server.Digits(secret, 1);
        await first.CodeAsync("totp", code);
        first.IsSignedIn().ShouldBeTrue();
        await second.CodeAsync("totp", code);
        second.IsSignedIn().ShouldBeFalse();
        await second.CodeAsync("totp", server.Digits(secret));
        second.IsSignedIn().ShouldBeFalse();
    }

    [Fact]
    public async Task Twenty_parallel_tries_of_one_code_give_one_session()
    {
        var (visitor, email) = await server.NewPersonAsync();
        var (secret, _) = await server.AddAppAsync(visitor);
        var visitors = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => server.SignInAgainAsync(email)));
        foreach (var one in visitors) await one.OpenAsync(SignInSteps.Second);
        var code = server.Digits(secret, 1);
        await Task.WhenAll(visitors.Select(v => v.CodeAsync("totp", code)));
        visitors.Count(v => v.IsSignedIn()).ShouldBe(1);
    }

    [Fact]
    public async Task Twenty_parallel_posts_of_one_waiting_sign_in_give_one_session()
    {
        var (visitor, email) = await server.NewPersonAsync();
        var (_, codes) = await server.AddAppAsync(visitor);
        var waiting = await server.SignInAgainAsync(email);
        await waiting.OpenAsync(SignInSteps.Second);
        // Two good codes each way; the waiting sign-in itself is good for one session.
        var copies = Enumerable.Range(0, 5).Select(_ => waiting.Copy()).ToArray();
        await Task.WhenAll(copies.Select((c, i) => c.CodeAsync("recovery-code", codes[i])));
        copies.Count(v => v.IsSignedIn()).ShouldBe(1);
    }

    [Fact]
    public async Task After_five_wrong_codes_the_password_is_asked_for_again()
    {
        var (visitor, email) = await server.NewPersonAsync();
        var (secret, _) = await server.AddAppAsync(visitor);
        var again = await server.SignInAgainAsync(email);
        await again.OpenAsync(SignInSteps.Second);
        for (var i = 0; i < 5; i++) await again.CodeAsync("totp", "000000");
        await again.CodeAsync("totp", server.Digits(secret, 1));
        again.IsSignedIn().ShouldBeFalse();
    }

    [Fact]
    public async Task A_waiting_sign_in_is_over_after_ten_minutes_and_works_in_its_own_browser_only()
    {
        await using var own = await PeopleServer.StartNewAsync();
        var (visitor, email) = await own.NewPersonAsync();
        await own.AddAppAsync(visitor);
        var again = await own.SignInAgainAsync(email);
        (await own.Visitor().OpenAsync(SignInSteps.Second)).Location!.ShouldContain("note=sign-in-over");
        (await again.OpenAsync(SignInSteps.Second)).Status.ShouldBe(HttpStatusCode.OK);
        own.Time.Advance(TimeSpan.FromMinutes(10));
        (await again.OpenAsync(SignInSteps.Second)).Location!.ShouldContain("note=sign-in-over");
    }

    [Fact]
    public async Task A_recovery_code_works_once_and_says_so_by_mail()
    {
        var (visitor, email) = await server.NewPersonAsync();
        var (_, codes) = await server.AddAppAsync(visitor);
        var again = await server.SignInAgainAsync(email);
        await again.OpenAsync(SignInSteps.Second + "?with=recovery-code");
        await again.CodeAsync("recovery-code", codes[3].ToUpperInvariant().Replace("-", " ", StringComparison.Ordinal));
        again.IsSignedIn().ShouldBeTrue();
        (await server.OutboxAsync(email))[0].Text.ShouldContain("A recovery code was used to sign in.");

        var third = await server.SignInAgainAsync(email);
        await third.OpenAsync(SignInSteps.Second);
        await third.CodeAsync("recovery-code", codes[3]);
        third.IsSignedIn().ShouldBeFalse();
    }

    [Fact]
    public async Task Twenty_parallel_tries_of_one_recovery_code_give_one_session()
    {
        var (visitor, email) = await server.NewPersonAsync();
        var (_, codes) = await server.AddAppAsync(visitor);
        var visitors = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => server.SignInAgainAsync(email)));
        foreach (var one in visitors) await one.OpenAsync(SignInSteps.Second);
        await Task.WhenAll(visitors.Select(v => v.CodeAsync("recovery-code", codes[0])));
        visitors.Count(v => v.IsSignedIn()).ShouldBe(1);
    }

    [Fact]
    public async Task New_recovery_codes_end_the_old_ones()
    {
        var (visitor, email) = await server.NewPersonAsync();
        var (_, codes) = await server.AddAppAsync(visitor);
        await visitor.OpenAsync(SignInSteps.Security);
        await visitor.PostAsync(SignInSteps.Security + "/codes");
        var fresh = visitor.CodesShown();
        fresh.Length.ShouldBe(10);
        fresh.ShouldNotContain(codes[0]);
        var again = await server.SignInAgainAsync(email);
        await again.OpenAsync(SignInSteps.Second);
        await again.CodeAsync("recovery-code", codes[0]);
        again.IsSignedIn().ShouldBeFalse();
        await again.CodeAsync("recovery-code", fresh[0]);
        again.IsSignedIn().ShouldBeTrue();
    }

    [Fact]
    public async Task Removing_the_app_takes_the_recovery_codes_along_and_is_told()
    {
        var (visitor, email) = await server.NewPersonAsync();
        await server.AddAppAsync(visitor);
        await visitor.OpenAsync(SignInSteps.Security);
        await visitor.PostAsync(SignInSteps.Security + "/app/remove");
        visitor.Location!.ShouldContain("note=factor-removed");
        (await server.OutboxAsync(email))[0].Text.ShouldContain("The authenticator app was removed.");
        (await server.SignInAgainAsync(email)).IsSignedIn().ShouldBeTrue();
    }

    [Fact]
    public async Task Changing_factors_needs_a_sign_in_of_the_last_minutes()
    {
        await using var own = await PeopleServer.StartNewAsync();
        var (visitor, _) = await own.NewPersonAsync();
        await visitor.OpenAsync(SignInSteps.Security);
        own.Time.Advance(TimeSpan.FromMinutes(16));
        (await visitor.OpenAsync(SignInSteps.Security + "/app")).Location!.ShouldContain("/sign-in?return=");
        await visitor.PostAsync(SignInSteps.Security + "/codes");
        visitor.Location!.ShouldContain("/sign-in?return=");
        await visitor.PostAsync(SignInSteps.Security + "/app/remove");
        visitor.Location!.ShouldContain("/sign-in?return=");
    }

    [Fact]
    public async Task Where_a_second_factor_is_required_it_is_set_up_while_signing_in()
    {
        await using var own = await PeopleServer.StartNewAsync();
        var (_, email) = await own.NewPersonAsync();
        await own.RuleAsync(new { secondFactor = "Required" });
        var again = await own.SignInAgainAsync(email);
        again.Location.ShouldBe(SignInSteps.Second);
        (await again.OpenAsync(SignInSteps.Second)).Location.ShouldBe(SignInSteps.Second + "/enrol");
        await again.OpenAsync(SignInSteps.Second + "/enrol");
        var secret = again.SecretShown();
        await again.PostAsync(SignInSteps.Second + "/enrol/app", ("code", "000000"));
        again.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        again.SecretShown().ShouldBe(secret);
        await again.PostAsync(SignInSteps.Second + "/enrol/app", ("code", own.Digits(secret)));
        again.Status.ShouldBe(HttpStatusCode.OK);
        again.CodesShown().Length.ShouldBe(10);
        (await again.OpenAsync("/account/customers")).Status.ShouldBe(HttpStatusCode.OK);
        await own.RuleAsync(new { secondFactor = "Off" });
        (await own.SignInAgainAsync(email)).IsSignedIn().ShouldBeTrue();
    }

    [Fact]
    public async Task A_browser_can_be_spared_for_as_long_as_the_directory_allows()
    {
        await using var own = await PeopleServer.StartNewAsync();
        await own.RuleAsync(new { rememberDays = 7 });
        var (visitor, email) = await own.NewPersonAsync();
        var (secret, _) = await own.AddAppAsync(visitor);
        var again = await own.SignInAgainAsync(email);
        await again.OpenAsync(SignInSteps.Second);
        await again.CodeAsync("totp", own.Digits(secret, 1), trust: true);
        again.IsSignedIn().ShouldBeTrue();
        await again.OpenAsync("/d/customers/sign-in");
        await again.PostAsync("/d/customers/sign-in", ("name", email), ("password", "a-quite-long-phrase"));
        again.Location.ShouldBe("/account/customers");
        own.Time.Advance(TimeSpan.FromDays(7));
        await again.OpenAsync("/d/customers/sign-in");
        await again.PostAsync("/d/customers/sign-in", ("name", email), ("password", "a-quite-long-phrase"));
        again.Location.ShouldBe(SignInSteps.Second);
    }

    [Fact]
    public async Task By_risk_a_new_browser_is_asked_for_a_mailed_code_and_a_known_one_is_not()
    {
        await using var own = await PeopleServer.StartNewAsync();
        await own.RuleAsync(new { secondFactor = "ByRisk" });
        var (known, email) = await own.NewPersonAsync();
        await known.OpenAsync("/d/customers/sign-in");
        await known.PostAsync("/d/customers/sign-in", ("name", email), ("password", "a-quite-long-phrase"));
        known.Location.ShouldBe("/account/customers");

        var fresh = await own.SignInAgainAsync(email);
        fresh.Location.ShouldBe(SignInSteps.Second);
        await fresh.OpenAsync(SignInSteps.Second);
        await fresh.CodeAsync("mailed-code", await own.CodeForAsync(email));
        fresh.IsSignedIn().ShouldBeTrue();
        (await own.OutboxAsync(email))[0].Subject.ShouldContain("New sign-in");
        // The browser is known from now on.
        await fresh.OpenAsync("/d/customers/sign-in");
        await fresh.PostAsync("/d/customers/sign-in", ("name", email), ("password", "a-quite-long-phrase"));
        fresh.Location.ShouldBe("/account/customers");
    }
}
