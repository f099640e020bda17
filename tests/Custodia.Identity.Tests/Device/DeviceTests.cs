using System.Net;
using Custodia.Identity.Applications;
using Custodia.Identity.Device;
using Custodia.Identity.Tests.Protocol;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Identity.Tests.Device;

/// <summary>The device authorization grant (RFC 8628).</summary>
[Collection(ProtocolCollection.Name)]
public sealed class DeviceTests(ProtocolServer server)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private static readonly ApplicationSettings Television = new(Name: "Television", RedirectUris: [], DeviceGrant: true);

    /// <summary>Section 3.2.</summary>
    [Fact]
    public async Task A_device_gets_two_codes_an_address_a_life_and_an_interval()
    {
        var tv = await server.RegisterAsync(ApplicationKind.Native, Television);
        var codes = await tv.PostAsync("device_authorization", [("scope", "openid profile")]);
        codes.Status.ShouldBe(HttpStatusCode.OK, codes.Text);
        codes.Headers.CacheControl!.NoStore.ShouldBeTrue();
        codes.Member("device_code")!.Length.ShouldBe(43);
        codes.Member("user_code")!.ShouldMatch("^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$");
        codes.Member("verification_uri").ShouldBe($"{tv.Issuer}/device");
        codes.Member("verification_uri_complete").ShouldBe($"{tv.Issuer}/device?user_code={codes.Member("user_code")}");
        codes.Member("expires_in").ShouldBe("600");
        codes.Member("interval").ShouldBe("5");
    }

    [Fact]
    public async Task A_person_types_the_code_reads_who_asks_for_what_allows_it_and_the_device_gets_tokens()
    {
        var tv = await server.RegisterAsync(ApplicationKind.Native, Television);
        var codes = await StartAsync(tv, "openid profile offline_access");
        (await PollAsync(tv, codes)).Error.ShouldBe("authorization_pending");
        var browser = await server.SignedInAsync();
        var question = await browser.SubmitAsync(await browser.GetAsync($"{tv.Issuer}/device"), ("user_code", codes.Member("user_code")!));
        question.Html.ShouldContain("Television");
        question.Html.ShouldContain(codes.Member("user_code")!);
        question.Html.ShouldContain("birth date");
        question.Html.ShouldContain(ProtocolServer.UserName);
        var done = await browser.SubmitAsync(question, ("decision", "allow"));
        done.Address.AbsolutePath.ShouldEndWith("/device/allowed");
        done.Html.ShouldContain("class=\"brand-name\"", customMessage: "the directory's page to the end");
        server.Time.Advance(Interval);
        var tokens = await PollAsync(tv, codes);
        tokens.Status.ShouldBe(HttpStatusCode.OK, tokens.Text);
        tokens.Id.Subject.ShouldBe(server.Person.ToString());
        tokens.Id.GetPayloadValue<string>("sid").ShouldNotBeNullOrEmpty();
        (await tv.UserinfoAsync(tokens.AccessToken)).Member("name").ShouldBe(ProtocolServer.DisplayName);
        (await tv.RefreshAsync(tokens.RefreshToken)).Status.ShouldBe(HttpStatusCode.OK);
    }

    /// <summary>Section 3.3.1: the link saves the typing; the person still decides.</summary>
    [Fact]
    public async Task The_complete_link_leads_through_sign_in_to_the_question_and_never_decides()
    {
        var tv = await server.RegisterAsync(ApplicationKind.Native, Television);
        var codes = await StartAsync(tv);
        var browser = new TestBrowser(server);
        var question = await browser.SignInAsync(codes.Member("verification_uri_complete")!);
        question.Address.AbsolutePath.ShouldEndWith("/device");
        question.Html.ShouldContain("Television");
        (await PollAsync(tv, codes)).Error.ShouldBe("authorization_pending");
        await browser.SubmitAsync(question, ("decision", "allow"));
        server.Time.Advance(Interval);
        (await PollAsync(tv, codes)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("lower")]
    [InlineData("bare")]
    [InlineData("blanks")]
    public async Task The_code_may_be_typed_in_any_case_with_or_without_the_hyphen(string how)
    {
        var tv = await server.RegisterAsync(ApplicationKind.Native, Television);
        var shown = (await StartAsync(tv)).Member("user_code")!;
        var typed = how switch { "lower" => shown.ToLowerInvariant(), "bare" => shown.Replace("-", "", StringComparison.Ordinal), _ => string.Join(' ', shown.AsEnumerable()) };
        var browser = await server.SignedInAsync();
        (await browser.SubmitAsync(await browser.GetAsync($"{tv.Issuer}/device"), ("user_code", typed))).Html.ShouldContain("Television");
    }

    [Fact]
    public async Task Somebody_who_refuses_sends_the_device_access_denied()
    {
        var tv = await server.RegisterAsync(ApplicationKind.Native, Television);
        var codes = await StartAsync(tv);
        var browser = await server.SignedInAsync();
        await browser.SubmitAsync(await browser.GetAsync(codes.Member("verification_uri_complete")!), ("decision", "refuse"));
        (await PollAsync(tv, codes)).Error.ShouldBe("access_denied");
    }

    /// <summary>Section 3.5: "the interval MUST be increased by 5 seconds for this and all subsequent requests".</summary>
    [Fact]
    public async Task A_device_that_asks_too_soon_is_told_to_slow_down_and_has_to_wait_longer_from_then_on()
    {
        var tv = await server.RegisterAsync(ApplicationKind.Native, Television);
        var codes = await StartAsync(tv);
        (await PollAsync(tv, codes)).Error.ShouldBe("authorization_pending");
        (await PollAsync(tv, codes)).Error.ShouldBe("slow_down");
        server.Time.Advance(TimeSpan.FromSeconds(7));
        (await PollAsync(tv, codes)).Error.ShouldBe("slow_down");
        server.Time.Advance(TimeSpan.FromSeconds(15));
        (await PollAsync(tv, codes)).Error.ShouldBe("authorization_pending");
    }

    [Fact]
    public async Task A_device_that_waits_too_long_is_told_that_its_code_has_expired()
    {
        var tv = await server.RegisterAsync(ApplicationKind.Native, Television);
        var codes = await StartAsync(tv);
        server.Time.Advance(DeviceRequest.Life);
        (await PollAsync(tv, codes)).Error.ShouldBe("expired_token");
        var browser = await server.SignedInAsync();
        (await browser.GetAsync(codes.Member("verification_uri_complete")!)).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task Of_twenty_devices_with_the_same_code_one_gets_tokens()
    {
        var tv = await server.RegisterAsync(ApplicationKind.Native, Television);
        var codes = await StartAsync(tv);
        await AllowAsync(codes);
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => PollAsync(tv, codes)));
        answers.Count(a => a.Status == HttpStatusCode.OK).ShouldBe(1);
        answers.Where(a => a.Status != HttpStatusCode.OK).ShouldAllBe(a => a.Error == "slow_down");
    }

    [Fact]
    public async Task A_redeemed_device_code_that_comes_again_takes_everything_back_that_it_gave()
    {
        var tv = await server.RegisterAsync(ApplicationKind.Native, Television);
        var codes = await StartAsync(tv);
        await AllowAsync(codes);
        var tokens = await PollAsync(tv, codes);
        tokens.Status.ShouldBe(HttpStatusCode.OK, tokens.Text);
        server.Time.Advance(Interval);
        (await PollAsync(tv, codes)).Error.ShouldBe("invalid_grant");
        (await tv.UserinfoAsync(tokens.AccessToken)).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Of_twenty_decisions_at_once_one_counts()
    {
        var tv = await server.RegisterAsync(ApplicationKind.Native, Television);
        var codes = await StartAsync(tv);
        var browser = await server.SignedInAsync();
        var question = await browser.GetAsync(codes.Member("verification_uri_complete")!);
        var pages = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => browser.SubmitAsync(question, ("decision", "allow"))));
        pages.Count(p => p.Address.AbsolutePath.EndsWith("/device/allowed", StringComparison.Ordinal)).ShouldBe(1);
        await server.InScopeAsync(async services =>
            (await services.GetRequiredService<IdentityContext>().Grants.CountAsync(g => g.ApplicationId == tv.Id)).ShouldBe(1));
    }

    [Fact]
    public async Task A_device_code_is_worth_nothing_to_another_application_nor_as_an_authorization_code()
    {
        var tv = await server.RegisterAsync(ApplicationKind.Native, Television);
        var other = await server.RegisterAsync(ApplicationKind.Native, Television);
        var codes = await StartAsync(tv);
        await AllowAsync(codes);
        (await PollAsync(other, codes)).Error.ShouldBe("invalid_grant");
        (await tv.RedeemAsync(codes.Member("device_code")!, ("redirect_uri", "https://shop.example/callback"))).Error.ShouldBe("invalid_grant");
        (await PollAsync(tv, codes)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("Web")]
    [InlineData("Native")]
    [InlineData("Spa")]
    public async Task An_application_that_is_not_set_up_for_devices_gets_no_codes_and_no_tokens(string kind)
    {
        var shop = await server.RegisterAsync(Enum.Parse<ApplicationKind>(kind));
        (await shop.PostAsync("device_authorization", [("scope", "openid")])).Error.ShouldBe("unauthorized_client");
        (await shop.PostAsync("token", [("grant_type", DeviceGrant), ("device_code", new string('a', 43))])).Error.ShouldBe("unauthorized_client");
    }

    [Fact]
    public async Task A_confidential_application_authenticates_when_it_asks_for_codes()
    {
        var tv = await server.RegisterAsync(ApplicationKind.Web, Television);
        (await tv.PostRawAsync("device_authorization", [("client_id", tv.ClientId), ("scope", "openid")], null)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await tv.PostAsync("device_authorization", [("scope", "openid")])).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("scope", "openid identity.users.read", "invalid_scope")]
    [InlineData("scope", "op\"enid", "invalid_scope")]
    [InlineData("scope", null, "invalid_scope")]
    [InlineData("resource", "https://api.example/other", "invalid_target")]
    public async Task A_request_that_breaks_a_rule_is_refused_with_the_standards_code(string name, string? value, string error)
    {
        var tv = await server.RegisterAsync(ApplicationKind.Native, Television);
        (string, string?)[] form = name == "scope" ? [("scope", value)] : [("scope", "openid"), (name, value)];
        (await tv.PostAsync("device_authorization", form)).Error.ShouldBe(error);
    }

    [Theory]
    [InlineData(null, "invalid_request")]
    [InlineData("short", "invalid_grant")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "invalid_grant")]
    public async Task A_device_code_that_is_none_is_refused(string? code, string error)
    {
        var tv = await server.RegisterAsync(ApplicationKind.Native, Television);
        (await tv.PostAsync("token", [("grant_type", DeviceGrant), ("device_code", code)])).Error.ShouldBe(error);
    }

    [Theory]
    [InlineData("")]
    [InlineData("AEIO-UAEI")]
    [InlineData("BCDF-GHJ")]
    [InlineData("BCDF-GHJK-L")]
    [InlineData("<script>")]
    public async Task What_is_no_code_is_refused_like_a_code_that_is_not_known(string typed)
    {
        var tv = await server.RegisterAsync(ApplicationKind.Native, Television);
        var browser = await server.SignedInAsync();
        var page = await browser.SubmitAsync(await browser.GetAsync($"{tv.Issuer}/device"), ("user_code", typed));
        page.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        page.Html.ShouldContain("not known or has expired");
    }

    [Fact]
    public async Task A_code_of_one_directory_is_not_known_in_another()
    {
        var tv = await server.RegisterAsync(ApplicationKind.Native, Television, ProtocolServer.Staff);
        var codes = await StartAsync(tv);
        var browser = await server.SignedInAsync();
        (await browser.GetAsync($"{server.Issuer}/device?user_code={codes.Member("user_code")}")).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task A_decision_without_the_forms_own_token_counts_for_nothing()
    {
        var tv = await server.RegisterAsync(ApplicationKind.Native, Television);
        var codes = await StartAsync(tv);
        var browser = await server.SignedInAsync();
        (await browser.PostAsync($"{tv.Issuer}/device/decide", ("user_code", codes.Member("user_code")!), ("decision", "allow"))).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await PollAsync(tv, codes)).Error.ShouldBe("authorization_pending");
    }

    [Fact]
    public async Task Without_offline_access_the_tokens_of_the_device_end_with_the_session_that_allowed_it()
    {
        var tv = await server.RegisterAsync(ApplicationKind.Native, Television);
        var codes = await StartAsync(tv);
        var browser = await AllowAsync(codes);
        var tokens = await PollAsync(tv, codes);
        tokens.Json.TryGetProperty("refresh_token", out _).ShouldBeFalse();
        await browser.SubmitAsync(await browser.GetAsync($"{tv.Issuer}/logout"), ("decision", "sign-out"));
        (await tv.UserinfoAsync(tokens.AccessToken)).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Neither_code_is_stored_so_that_it_could_be_read()
    {
        var tv = await server.RegisterAsync(ApplicationKind.Native, Television);
        var codes = await StartAsync(tv);
        await server.InScopeAsync(async services =>
        {
            var stored = await services.GetRequiredService<IdentityContext>().DeviceRequests.SingleAsync(r => r.ApplicationId == tv.Id);
            var user = codes.Member("user_code")!.Replace("-", "", StringComparison.Ordinal);
            stored.UserCodeHash.ShouldNotBe(Custodia.Identity.Protocol.OpaqueToken.Hash(user));
            stored.DeviceCodeHash.ShouldBe(Custodia.Identity.Protocol.OpaqueToken.Hash(codes.Member("device_code")!));
        });
    }

    private const string DeviceGrant = "urn:ietf:params:oauth:grant-type:device_code";

    private static async Task<Answer> StartAsync(RelyingParty tv, string scope = "openid")
    {
        var codes = await tv.PostAsync("device_authorization", [("scope", scope)]);
        codes.Status.ShouldBe(HttpStatusCode.OK, codes.Text);
        return codes;
    }

    private static Task<Answer> PollAsync(RelyingParty tv, Answer codes) =>
        tv.PostAsync("token", [("grant_type", DeviceGrant), ("device_code", codes.Member("device_code"))]);

    private async Task<TestBrowser> AllowAsync(Answer codes)
    {
        var browser = await server.SignedInAsync();
        var done = await browser.SubmitAsync(await browser.GetAsync(codes.Member("verification_uri_complete")!), ("decision", "allow"));
        done.Address.AbsolutePath.ShouldEndWith("/device/allowed");
        return browser;
    }
}

/// <summary>Guessing codes is slow.</summary>
public sealed class DeviceGuessTests
{
    [Fact]
    public async Task Somebody_who_guesses_codes_has_to_wait()
    {
        await using var server = await Custodia.Testing.CustodiaServer.StartAsync();
        var browser = new TestBrowser(server);
        await browser.SubmitAsync(await browser.GetAsync("/d/customers/sign-in"), ("name", "ada"), ("password", "just-for-the-demo"));
        for (var guess = 0; guess < 10; guess++)
            (await browser.GetAsync("/d/customers/device?user_code=BCDFGHJK")).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var page = await browser.GetAsync("/d/customers/device?user_code=BCDFGHJK");
        page.Status.ShouldBe(HttpStatusCode.TooManyRequests);
    }
}
