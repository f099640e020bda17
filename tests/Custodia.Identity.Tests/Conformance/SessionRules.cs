using System.Net;
using Custodia.Identity.Applications;
using Custodia.Identity.Tests.Protocol;
using Custodia.Identity.Users;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Identity.Tests.Conformance;

/// <summary>Sessions and sign-out from outside: OWASP ASVS 5 chapter 7, RP-Initiated Logout 1.0, RFC 9700 section 4.</summary>
[Collection(ProtocolCollection.Name)]
public sealed class SessionRules(ProtocolServer server)
{
    // The page sends whoever it does not know to the sign-in.
    private const HttpStatusCode Gone = HttpStatusCode.Found;
    private const string Cookie = "custodia-" + ProtocolServer.Customers;

    [Fact]
    public async Task A_session_identifier_that_somebody_planted_is_not_taken_over()
    {
        var planted = new string('A', 43);
        var page = await server.GetAsync($"{server.Issuer}/sign-in", ("Cookie", $"{Cookie}={planted}"));
        page.Status.ShouldBe(HttpStatusCode.OK);
        var browser = await server.SignedInAsync();
        browser.Cookie(Cookie).ShouldNotBe(planted);
        (await PortalAsync($"{Cookie}={planted}")).ShouldBe(Gone);
    }

    [Fact]
    public async Task Each_sign_in_gives_a_new_identifier_and_the_old_one_is_dead_at_once()
    {
        var browser = await server.SignedInAsync();
        var before = browser.Cookie(Cookie)!;
        await browser.SignInAsync($"/d/{ProtocolServer.Customers}/sign-in");
        browser.Cookie(Cookie).ShouldNotBe(before);
        (await PortalAsync($"{Cookie}={before}")).ShouldBe(Gone);
    }

    [Fact]
    public async Task The_cookie_is_for_this_host_alone_closed_to_scripts_and_not_sent_along_from_other_sites()
    {
        var form = await server.GetAsync($"{server.Issuer}/sign-in", ("Accept", "text/html"));
        var cookies = form.Header("Set-Cookie") ?? "";
        var setting = await SignInRawAsync(form, cookies);
        setting.ShouldContain("httponly", Case.Insensitive);
        setting.ShouldContain("samesite=lax", Case.Insensitive);
        setting.ShouldContain("path=/", Case.Insensitive);
        setting.ShouldNotContain("domain=", Case.Insensitive);
        setting.Split(';')[0].Split('=')[1].Length.ShouldBe(43);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!")]
    [InlineData("%00")]
    public async Task A_cookie_that_was_never_given_out_is_nobody(string value) =>
        (await PortalAsync($"{Cookie}={value}")).ShouldBe(Gone);

    [Fact]
    public async Task A_session_of_one_directory_is_nobody_in_another()
    {
        var browser = await server.SignedInAsync();
        var stolen = browser.Cookie(Cookie)!;
        var staff = await server.RegisterAsync(directory: ProtocolServer.Staff);
        var answer = await server.GetAsync(staff.Authorize(("prompt", "none")), ("Cookie", $"custodia-{ProtocolServer.Staff}={stolen}"));
        answer.Headers.Location!.Query.ShouldContain("login_required");
    }

    [Fact]
    public async Task After_signing_out_the_same_cookie_and_the_tokens_of_the_session_are_worth_nothing()
    {
        var shop = await server.RegisterAsync();
        var browser = await server.SignedInAsync();
        var cookie = browser.Cookie(Cookie)!;
        var tokens = await shop.TokensAsync(browser, ("scope", "openid"));
        await browser.SubmitAsync(await browser.GetAsync($"{shop.Issuer}/logout"), ("decision", "sign-out"));
        (await PortalAsync($"{Cookie}={cookie}")).ShouldBe(Gone);
        (await shop.UserinfoAsync(tokens.AccessToken)).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Signing_out_by_a_link_from_elsewhere_needs_the_persons_yes()
    {
        var browser = await server.SignedInAsync();
        var question = await browser.GetAsync($"{server.Issuer}/logout");
        question.Html.ShouldContain("name=\"decision\"");
        (await PortalAsync($"{Cookie}={browser.Cookie(Cookie)}")).ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("idle", 15)]
    [InlineData("absolute", 31)]
    public async Task A_session_ends_without_use_and_at_the_latest_after_its_life(string kind, int days)
    {
        var browser = await server.SignedInAsync();
        var cookie = $"{Cookie}={browser.Cookie(Cookie)}";
        for (var day = 0; day < days; day++)
        {
            server.Time.Advance(TimeSpan.FromDays(1));
            if (kind == "absolute" && day < 28) (await PortalAsync(cookie)).ShouldBe(HttpStatusCode.OK, $"day {day}");
        }

        (await PortalAsync(cookie)).ShouldBe(Gone);
    }

    [Fact]
    public async Task A_person_who_is_locked_loses_session_and_tokens_at_once()
    {
        var person = await server.AddPersonAsync("rule-locked", "rule-locked@example.com", "Locked");
        var shop = await server.RegisterAsync();
        var browser = await server.SignedInAsync("rule-locked");
        var tokens = await shop.TokensAsync(browser);
        await server.InScopeAsync(async services =>
        {
            var user = await services.GetRequiredService<IdentityContext>().Users.SingleAsync(u => u.Id == person);
            await services.GetRequiredService<UserAccess>().SetStatusAsync(user, UserStatus.Locked, "rule", default);
        });
        (await PortalAsync($"{Cookie}={browser.Cookie(Cookie)}")).ShouldBe(Gone);
        (await shop.UserinfoAsync(tokens.AccessToken)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await shop.RefreshAsync(tokens.RefreshToken)).Error.ShouldBe("invalid_grant");
    }

    /// <summary>RP-Initiated Logout section 3; RFC 9700 section 4.11.</summary>
    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("https://shop.example/bye?x=1")]
    [InlineData("https://shop.example/BYE")]
    [InlineData("https://shop.example/bye#x")]
    [InlineData("https://shop.example@evil.example/bye")]
    [InlineData("https://shop.example/bye/../../evil")]
    [InlineData("//evil.example/bye")]
    [InlineData("javascript:alert(1)")]
    public async Task Signing_out_leads_to_registered_addresses_only(string address)
    {
        var shop = await server.RegisterAsync();
        var answer = await server.GetAsync($"{shop.Issuer}/logout?{Wire.Form(("client_id", shop.ClientId), ("post_logout_redirect_uri", address))}");
        answer.Status.ShouldBe(HttpStatusCode.BadRequest);
        answer.Headers.Location.ShouldBeNull();
    }

    /// <summary>RP-Initiated Logout section 3: state comes back exactly, behind what the registered address has.</summary>
    [Fact]
    public async Task State_comes_back_from_signing_out_exactly_as_it_came()
    {
        const string State = "a&b=c#d é <x>";
        var shop = await server.RegisterAsync(settings: new ApplicationSettings { PostLogoutUris = ["https://shop.example/bye?x=1"] });
        var browser = await server.SignedInAsync();
        var hint = (await shop.TokensAsync(browser)).IdToken;
        var page = await browser.GetAsync($"{shop.Issuer}/logout?" + Wire.Form(("id_token_hint", hint), ("post_logout_redirect_uri", "https://shop.example/bye?x=1"), ("state", State)));
        page["x"].ShouldBe("1");
        page["state"].ShouldBe(State);
    }

    /// <summary>RP-Initiated Logout section 2: the person is asked in the language that the application wishes, by GET and POST.</summary>
    [Theory]
    [InlineData("zh")]
    [InlineData("zh-Hans-CN en")]
    [InlineData("xx zh")]
    public async Task The_question_about_signing_out_speaks_the_language_the_application_asks_for(string locales)
    {
        var browser = await server.SignedInAsync();
        (await browser.GetAsync($"{server.Issuer}/logout?ui_locales={WebUtility.UrlEncode(locales)}")).Html.ShouldContain("lang=\"zh");
        (await browser.PostAsync($"{server.Issuer}/logout", ("ui_locales", locales))).Html.ShouldContain("lang=\"zh");
    }

    /// <summary>RFC 9700 section 4.4: what was asked of one directory is not answered in another.</summary>
    [Fact]
    public async Task A_question_about_signing_out_belongs_to_its_directory()
    {
        var browser = await server.SignedInAsync();
        var question = await browser.PostAsync($"{server.Issuer}/logout");
        var request = System.Web.HttpUtility.ParseQueryString(question.Address.Query)["request"]!;
        (await browser.GetAsync($"{server.Issuer}/logout?request={request}")).Status.ShouldBe(HttpStatusCode.OK);
        (await browser.GetAsync($"{server.Url}/d/{ProtocolServer.Staff}/logout?request={request}")).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    /// <summary>OpenID Connect Core section 3.1.2.1: a hint is no session.</summary>
    [Fact]
    public async Task After_signing_out_the_id_token_signs_nobody_in()
    {
        var shop = await server.RegisterAsync();
        var browser = await server.SignedInAsync();
        var hint = (await shop.TokensAsync(browser)).IdToken;
        await browser.GetAsync($"{shop.Issuer}/logout?id_token_hint={hint}");
        (await browser.GetAsync(shop.Authorize(("id_token_hint", hint), ("prompt", "none"))))["error"].ShouldBe("login_required");
    }

    /// <summary>ASVS 7.4.2: a code, a device and a question about a token are no way around a lock.</summary>
    [Fact]
    public async Task A_person_who_is_locked_gets_nothing_from_what_was_given_out_before()
    {
        var shop = await server.RegisterAsync();
        var name = $"locked{Guid.CreateVersion7():N}"[..20];
        var person = await server.AddPersonAsync(name, $"{name}@example.com", name);
        var browser = await server.SignedInAsync(name);
        var tokens = await shop.TokensAsync(browser);
        var code = await shop.CodeAsync(browser);
        await server.InScopeAsync(async services =>
        {
            var user = await services.GetRequiredService<IdentityContext>().Users.SingleAsync(u => u.Id == person);
            await services.GetRequiredService<UserAccess>().SetStatusAsync(user, UserStatus.Locked, "rule", default);
        });
        (await shop.RedeemAsync(code)).Error.ShouldBe("invalid_grant");
        (await shop.RefreshAsync(tokens.RefreshToken)).Error.ShouldBe("invalid_grant");
        (await shop.IntrospectAsync(tokens.AccessToken)).Text.ShouldBe("""{"active":false}""");
        (await shop.IntrospectAsync(tokens.RefreshToken)).Text.ShouldBe("""{"active":false}""");
        (await browser.GetAsync(shop.Authorize(("prompt", "none"))))["error"].ShouldBe("login_required");
    }

    [Theory]
    [InlineData("none")]
    [InlineData("own key")]
    [InlineData("access token")]
    [InlineData("other client")]
    public async Task A_forged_hint_signs_nobody_out(string kind)
    {
        var shop = await server.RegisterAsync();
        var other = await server.RegisterAsync();
        var browser = await server.SignedInAsync();
        var tokens = await shop.TokensAsync(browser);
        var hint = kind switch
        {
            "none" => Forged.Unsigned(tokens.IdToken, "JWT"),
            "own key" => Forged.BringingItsKey(tokens.IdToken, "JWT", "jwk"),
            "access token" => tokens.AccessToken,
            _ => tokens.IdToken + "&client_id=" + other.ClientId,
        };
        (await browser.GetAsync($"{shop.Issuer}/logout?id_token_hint={hint}")).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await PortalAsync($"{Cookie}={browser.Cookie(Cookie)}")).ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("//evil.example")]
    [InlineData("https://evil.example")]
    [InlineData("/\\evil.example")]
    [InlineData("/%09/evil.example")]
    [InlineData("\t//evil.example")]
    [InlineData("javascript:alert(1)")]
    public async Task Signing_in_leads_to_this_server_only(string wanted)
    {
        var browser = new TestBrowser(server);
        var page = await browser.GetAsync($"{server.Issuer}/sign-in?return={WebUtility.UrlEncode(wanted)}");
        var after = await browser.SubmitAsync(page, ("name", ProtocolServer.UserName), ("password", ProtocolServer.Password));
        after.Location.ShouldBeNull();
        after.Address.GetLeftPart(UriPartial.Authority).ShouldBe(server.Url);
    }

    private async Task<HttpStatusCode> PortalAsync(string cookie) =>
        (await server.GetAsync($"{server.Url}/account/{ProtocolServer.Customers}", ("Cookie", cookie), ("Accept", "text/html"))).Status;

    private async Task<string> SignInRawAsync(Answer form, string cookies)
    {
        var token = System.Text.RegularExpressions.Regex.Match(form.Text, "name=\"form-token\" value=\"([^\"]*)\"", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1));
        var body = Wire.Form(("form-token", WebUtility.HtmlDecode(token.Groups[1].Value)), ("name", ProtocolServer.UserName), ("password", ProtocolServer.Password));
        var answer = await server.SendAsync(
            HttpMethod.Post, $"{server.Issuer}/sign-in", new StringContent(body, System.Text.Encoding.ASCII, "application/x-www-form-urlencoded"), ("Cookie", cookies.Split(';')[0]));
        answer.Status.ShouldBe(HttpStatusCode.SeeOther, answer.Text);
        return answer.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith(Cookie, StringComparison.Ordinal));
    }
}
