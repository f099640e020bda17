using System.Net;
using Custodia.Identity.Tests.People;

namespace Custodia.Identity.Tests.SignIn;

public sealed class PasskeyTests(PeopleServer server) : IClassFixture<PeopleServer>
{
    private const string SignInPage = "/d/customers/sign-in";

    [Fact]
    public async Task A_passkey_signs_in_alone()
    {
        using var authenticator = Authenticator();
        var (visitor, email) = await server.NewPersonAsync();
        await visitor.AddPasskeyAsync(authenticator);
        visitor.CodesShown().Length.ShouldBe(10);
        (await server.OutboxAsync(email))[0].Text.ShouldContain("A passkey was added.");
        (await UseAsync(authenticator)).IsSignedIn().ShouldBeTrue();
    }

    [Fact]
    public async Task A_passkey_is_the_second_factor_after_a_password()
    {
        using var authenticator = Authenticator();
        var (visitor, email) = await server.NewPersonAsync();
        await visitor.AddPasskeyAsync(authenticator);
        var again = await server.SignInAgainAsync(email);
        again.Location.ShouldBe(SignInSteps.Second);
        await again.OpenAsync(SignInSteps.Second);
        var (reference, options) = await again.QuestionAsync(SignInSteps.Second + "/passkey/options");
        options.GetProperty("allowCredentials").GetArrayLength().ShouldBe(1);
        await again.PostAsync(SignInSteps.Second + "/passkey", ("reference", reference), ("credential", authenticator.Use(options)));
        again.IsSignedIn().ShouldBeTrue(again.Html);
    }

    [Fact]
    public async Task Somebody_elses_passkey_is_no_second_factor()
    {
        using var mine = Authenticator();
        using var theirs = Authenticator();
        var (visitor, email) = await server.NewPersonAsync();
        await visitor.AddPasskeyAsync(mine);
        var (other, _) = await server.NewPersonAsync();
        await other.AddPasskeyAsync(theirs);
        var again = await server.SignInAgainAsync(email);
        await again.OpenAsync(SignInSteps.Second);
        var (reference, options) = await again.QuestionAsync(SignInSteps.Second + "/passkey/options");
        await again.PostAsync(SignInSteps.Second + "/passkey", ("reference", reference), ("credential", theirs.Use(options)));
        again.IsSignedIn().ShouldBeFalse();
    }

    [Fact]
    public async Task An_answer_from_another_origin_is_refused()
    {
        using var authenticator = await MadeAsync();
        authenticator.Origin = "https://evil.example";
        (await UseAsync(authenticator)).IsSignedIn().ShouldBeFalse();
        authenticator.Origin = server.Url + ".evil.example";
        (await UseAsync(authenticator)).IsSignedIn().ShouldBeFalse();
    }

    [Fact]
    public async Task An_answer_to_another_challenge_is_refused()
    {
        using var authenticator = await MadeAsync();
        var visitor = server.Visitor();
        await visitor.OpenAsync(SignInPage);
        var (reference, _) = await visitor.QuestionAsync(SignInPage + "/passkey/options");
        var (_, other) = await visitor.QuestionAsync(SignInPage + "/passkey/options");
        await visitor.PostAsync(SignInPage + "/passkey", ("reference", reference), ("credential", authenticator.Use(other)));
        visitor.IsSignedIn().ShouldBeFalse();
    }

    [Fact]
    public async Task An_answer_works_once()
    {
        using var authenticator = await MadeAsync();
        var visitors = Enumerable.Range(0, 10).Select(_ => server.Visitor()).ToArray();
        foreach (var visitor in visitors) await visitor.OpenAsync(SignInPage);
        var (reference, options) = await visitors[0].QuestionAsync(SignInPage + "/passkey/options");
        var answer = authenticator.Use(options);
        await Task.WhenAll(visitors.Select(v => v.PostAsync(SignInPage + "/passkey", ("reference", reference), ("credential", answer))));
        visitors.Count(v => v.IsSignedIn()).ShouldBe(1);
    }

    [Fact]
    public async Task A_counter_that_goes_back_gives_a_copied_key_away()
    {
        using var authenticator = await MadeAsync();
        authenticator.Counter = 100;
        (await UseAsync(authenticator)).IsSignedIn().ShouldBeTrue();
        authenticator.Counter = 50;
        (await UseAsync(authenticator)).IsSignedIn().ShouldBeFalse();
        authenticator.Counter = 200;
        (await UseAsync(authenticator)).IsSignedIn().ShouldBeTrue();
    }

    [Fact]
    public async Task Without_verification_of_the_person_a_passkey_is_refused()
    {
        using var authenticator = await MadeAsync();
        authenticator.Verifies = false;
        (await UseAsync(authenticator)).IsSignedIn().ShouldBeFalse();
    }

    [Fact]
    public async Task A_challenge_is_too_old_after_ten_minutes()
    {
        await using var own = await PeopleServer.StartNewAsync();
        using var authenticator = new Authenticator(own.Url, "127.0.0.1");
        var (person, _) = await own.NewPersonAsync();
        await person.AddPasskeyAsync(authenticator);
        var visitor = own.Visitor();
        await visitor.OpenAsync(SignInPage);
        var (reference, options) = await visitor.QuestionAsync(SignInPage + "/passkey/options");
        own.Time.Advance(TimeSpan.FromMinutes(10));
        await visitor.PostAsync(SignInPage + "/passkey", ("reference", reference), ("credential", authenticator.Use(options)));
        visitor.IsSignedIn().ShouldBeFalse();
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("not json")]
    [InlineData("{\"id\":\"AAAA\",\"rawId\":\"AAAA\",\"type\":\"public-key\",\"clientExtensionResults\":{},\"response\":{\"clientDataJSON\":\"\",\"authenticatorData\":\"\",\"signature\":\"\"}}")]
    public async Task Nonsense_is_refused_and_never_an_exception(string credential)
    {
        var visitor = server.Visitor();
        await visitor.OpenAsync(SignInPage);
        var (reference, _) = await visitor.QuestionAsync(SignInPage + "/passkey/options");
        await visitor.PostAsync(SignInPage + "/passkey", ("reference", reference), ("credential", credential));
        visitor.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task A_removed_passkey_does_not_work_and_a_way_that_is_off_is_closed()
    {
        await using var own = await PeopleServer.StartNewAsync();
        using var authenticator = new Authenticator(own.Url, "127.0.0.1");
        var (person, _) = await own.NewPersonAsync();
        await person.AddPasskeyAsync(authenticator);
        await person.OpenAsync(SignInSteps.Security);
        person.Html.ShouldContain("My key");
        var action = System.Text.RegularExpressions.Regex.Match(person.Html, "/account/customers/security/passkeys/[0-9a-f-]{36}/remove").Value;
        await person.PostAsync(action);
        person.Location!.ShouldContain("note=factor-removed");
        var visitor = own.Visitor();
        await visitor.OpenAsync(SignInPage);
        var (reference, options) = await visitor.QuestionAsync(SignInPage + "/passkey/options");
        await visitor.PostAsync(SignInPage + "/passkey", ("reference", reference), ("credential", authenticator.Use(options)));
        visitor.IsSignedIn().ShouldBeFalse();
        await own.RuleAsync(new { ways = new[] { "password" } });
        await visitor.PostAsync(SignInPage + "/passkey/options");
        visitor.Status.ShouldBe(HttpStatusCode.Forbidden);
    }

    private Authenticator Authenticator() => new(server.Url, "127.0.0.1");

    private async Task<Authenticator> MadeAsync()
    {
        var authenticator = Authenticator();
        var (visitor, _) = await server.NewPersonAsync();
        await visitor.AddPasskeyAsync(authenticator);
        return authenticator;
    }

    private async Task<Visitor> UseAsync(Authenticator authenticator)
    {
        var visitor = server.Visitor();
        await visitor.OpenAsync(SignInPage);
        var (reference, options) = await visitor.QuestionAsync(SignInPage + "/passkey/options");
        return await visitor.PostAsync(SignInPage + "/passkey", ("reference", reference), ("credential", authenticator.Use(options)));
    }
}
