using System.Net;
using Custodia.Identity.Applications;
using Custodia.Identity.Users;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Identity.Tests.Protocol;

/// <summary>The authorization endpoint with people at it (OpenID Connect Core section 3.1.2).</summary>
[Collection(ProtocolCollection.Name)]
public sealed class AuthorizeTests(ProtocolServer server)
{
    [Fact]
    public async Task A_person_signs_in_and_comes_back_to_the_application_with_code_state_and_issuer()
    {
        var shop = await server.RegisterAsync();
        var browser = new TestBrowser(server);
        var signIn = await browser.GetAsync(shop.Authorize());
        signIn.Address.AbsolutePath.ShouldBe($"/d/{ProtocolServer.Customers}/sign-in");
        var back = await browser.SubmitAsync(signIn, ("name", ProtocolServer.UserName), ("password", ProtocolServer.Password));
        back.Location!.GetLeftPart(UriPartial.Path).ShouldBe(shop.RedirectUri);
        back["code"].ShouldNotBeNullOrEmpty();
        back["state"].ShouldBe(RelyingParty.State);
        back["iss"].ShouldBe(shop.Issuer);
    }

    [Fact]
    public async Task Whoever_is_signed_in_is_not_asked_again()
    {
        var shop = await server.RegisterAsync();
        var browser = await server.SignedInAsync();
        (await browser.GetAsync(shop.Authorize()))["code"].ShouldNotBeNull();
        (await browser.GetAsync(shop.Authorize(("prompt", "none"))))["code"].ShouldNotBeNull();
    }

    /// <summary>The browser carries a random reference only: the hint may name a person, the nonce is the application's.</summary>
    [Fact]
    public async Task Nothing_of_the_request_is_in_the_address_of_the_sign_in_page()
    {
        var shop = await server.RegisterAsync();
        var page = await new TestBrowser(server).GetAsync(shop.Authorize(("login_hint", "ada@example.com")));
        page.Address.Query.ShouldNotContain("ada", Case.Insensitive);
        page.Address.Query.ShouldNotContain(RelyingParty.Nonce);
        page.Address.Query.ShouldNotContain("shop.example");
        // Core section 3.1.2.1: the hint fills the form all the same.
        page.Html.ShouldContain("value=\"ada@example.com\"");
    }

    /// <summary>CSP 3 section 6.4.2: form-action holds for the redirects after a post too.</summary>
    [Fact]
    public async Task The_sign_in_form_may_end_at_the_applications_redirect_address_and_nowhere_else()
    {
        var shop = await server.RegisterAsync();
        var page = await new TestBrowser(server).GetAsync(shop.Authorize());
        page.ContentSecurityPolicy.ShouldContain("form-action 'self' https://shop.example");
    }

    /// <summary>Core section 3.1.2.6.</summary>
    [Fact]
    public async Task Prompt_none_without_a_session_is_login_required()
    {
        var shop = await server.RegisterAsync();
        var page = await new TestBrowser(server).GetAsync(shop.Authorize(("prompt", "none")));
        page["error"].ShouldBe("login_required");
        page["state"].ShouldBe(RelyingParty.State);
        page["iss"].ShouldBe(shop.Issuer);
    }

    [Theory]
    [InlineData("prompt", "login")]
    [InlineData("prompt", "select_account")]
    [InlineData("max_age", "0")]
    public async Task A_fresh_sign_in_is_demanded_although_somebody_is_signed_in(string name, string value)
    {
        var shop = await server.RegisterAsync();
        var browser = await server.SignedInAsync();
        server.Time.Advance(TimeSpan.FromSeconds(2));
        var signIn = await browser.GetAsync(shop.Authorize((name, value)));
        signIn.Address.AbsolutePath.ShouldEndWith("/sign-in");
        // Going on without signing in leads back to the form.
        var around = await browser.GetAsync(System.Web.HttpUtility.ParseQueryString(signIn.Address.Query)["return"]!);
        around.Address.AbsolutePath.ShouldEndWith("/sign-in");
        var back = await browser.SubmitAsync(signIn, ("name", ProtocolServer.UserName), ("password", ProtocolServer.Password));
        back["code"].ShouldNotBeNull();
    }

    /// <summary>Initiating User Registration via OpenID Connect 1.0.</summary>
    [Fact]
    public async Task Prompt_create_leads_to_the_sign_up_page()
    {
        var shop = await server.RegisterAsync();
        (await new TestBrowser(server).GetAsync(shop.Authorize(("prompt", "create")))).Address.AbsolutePath.ShouldEndWith("/sign-up");
    }

    [Fact]
    public async Task An_old_sign_in_within_max_age_is_enough_and_a_minute_later_it_is_not()
    {
        var shop = await server.RegisterAsync();
        var browser = await server.SignedInAsync();
        (await browser.GetAsync(shop.Authorize(("max_age", "60"))))["code"].ShouldNotBeNull();
        server.Time.Advance(TimeSpan.FromSeconds(61));
        (await browser.GetAsync(shop.Authorize(("max_age", "60")))).Address.AbsolutePath.ShouldEndWith("/sign-in");
        (await browser.GetAsync(shop.Authorize(("max_age", "60"), ("prompt", "none"))))["error"].ShouldBe("login_required");
    }

    [Fact]
    public async Task A_request_that_was_answered_is_gone()
    {
        var shop = await server.RegisterAsync();
        var browser = new TestBrowser(server);
        var signIn = await browser.GetAsync(shop.Authorize());
        var waiting = System.Web.HttpUtility.ParseQueryString(signIn.Address.Query)["return"]!;
        await browser.SubmitAsync(signIn, ("name", ProtocolServer.UserName), ("password", ProtocolServer.Password));
        var again = await browser.GetAsync(waiting);
        again.Status.ShouldBe(HttpStatusCode.BadRequest);
        again.Location.ShouldBeNull();
    }

    [Fact]
    public async Task A_request_waits_for_an_hour_and_no_longer()
    {
        var shop = await server.RegisterAsync();
        var browser = new TestBrowser(server);
        var signIn = await browser.GetAsync(shop.Authorize());
        var waiting = System.Web.HttpUtility.ParseQueryString(signIn.Address.Query)["return"]!;
        server.Time.Advance(TimeSpan.FromMinutes(61));
        (await browser.GetAsync(waiting)).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    /// <summary>Core section 3.1.2.1: POST is allowed; a form from another site comes without our cookie, and yet finds the session.</summary>
    [Fact]
    public async Task A_posted_request_finds_the_session_that_the_post_itself_does_not_carry()
    {
        var shop = await server.RegisterAsync();
        var parameters = System.Web.HttpUtility.ParseQueryString(new Uri(shop.Authorize()).Query);
        var form = parameters.AllKeys.Select(key => (key!, (string?)parameters[key])).ToArray();
        var answer = await shop.PostRawAsync("authorize", form, authorization: null);
        answer.Status.ShouldBe(HttpStatusCode.SeeOther);
        var browser = await server.SignedInAsync();
        (await browser.GetAsync(answer.Headers.Location!.ToString()))["code"].ShouldNotBeNull();
    }

    /// <summary>Core section 3.1.2.1.</summary>
    [Fact]
    public async Task An_id_token_hint_for_the_person_who_is_signed_in_passes_and_one_for_another_never_does()
    {
        var shop = await server.RegisterAsync();
        var mine = await server.SignedInAsync();
        var hint = (await shop.TokensAsync(mine)).IdToken;
        (await mine.GetAsync(shop.Authorize(("id_token_hint", hint), ("prompt", "none"))))["code"].ShouldNotBeNull();
        await server.AddPersonAsync("grace-hint", "grace-hint@example.com", "Grace");
        var other = await server.SignedInAsync("grace-hint");
        (await other.GetAsync(shop.Authorize(("id_token_hint", hint), ("prompt", "none"))))["error"].ShouldBe("login_required");
        // Without prompt=none the other person gets the chance to sign in as the one expected, and no other.
        var form = await other.GetAsync(shop.Authorize(("id_token_hint", hint)));
        form.Address.AbsolutePath.ShouldEndWith("/sign-in");
        (await other.SubmitAsync(form, ("name", "grace-hint"), ("password", ProtocolServer.Password)))["error"].ShouldBe("login_required");
    }

    /// <summary>Core section 5.5.1: a sub that was asked for by value.</summary>
    [Fact]
    public async Task A_claims_request_for_another_person_is_login_required()
    {
        var shop = await server.RegisterAsync();
        var browser = await server.SignedInAsync();
        var mine = "{\"id_token\":{\"sub\":{\"value\":\"" + server.Person + "\"}}}";
        (await browser.GetAsync(shop.Authorize(("claims", mine), ("prompt", "none"))))["code"].ShouldNotBeNull();
        const string Other = """{"id_token":{"sub":{"value":"248289761001"}}}""";
        (await browser.GetAsync(shop.Authorize(("claims", Other), ("prompt", "none"))))["error"].ShouldBe("login_required");
    }

    /// <summary>Core section 5.5.1.1: an essential acr that is not met is a failed attempt; acr_values are a wish.</summary>
    [Fact]
    public async Task An_essential_context_class_that_is_not_met_fails_and_a_wished_one_does_not()
    {
        var shop = await server.RegisterAsync();
        var browser = await server.SignedInAsync();
        const string Essential = """{"id_token":{"acr":{"essential":true,"values":["urn:example:gold"]}}}""";
        (await browser.GetAsync(shop.Authorize(("claims", Essential))))["error"].ShouldBe("unmet_authentication_requirements");
        (await browser.GetAsync(shop.Authorize(("acr_values", "urn:example:gold"))))["code"].ShouldNotBeNull();
    }

    [Fact]
    public async Task The_sign_in_page_speaks_the_language_the_application_asks_for()
    {
        var shop = await server.RegisterAsync();
        var page = await new TestBrowser(server).GetAsync(shop.Authorize(("ui_locales", "zh-CN en")));
        page.Html.ShouldContain("lang=\"zh\"");
    }

    [Fact]
    public async Task Somebody_who_was_locked_meanwhile_gets_no_code()
    {
        var shop = await server.RegisterAsync();
        var id = await server.AddPersonAsync("locked-1", "locked-1@example.com", "Locked");
        var browser = await server.SignedInAsync("locked-1");
        await server.InScopeAsync(async services =>
        {
            var context = services.GetRequiredService<IdentityContext>();
            var user = await context.Users.SingleAsync(u => u.Id == id);
            await services.GetRequiredService<UserAccess>().SetStatusAsync(user, UserStatus.Locked, null, default);
        });
        (await browser.GetAsync(shop.Authorize(("prompt", "none"))))["error"].ShouldBe("login_required");
    }

    /// <summary>RFC 8252 section 7.3.</summary>
    [Fact]
    public async Task A_native_application_on_loopback_may_use_any_port()
    {
        var native = await server.RegisterAsync(ApplicationKind.Native, new ApplicationSettings { RedirectUris = ["http://127.0.0.1/callback"] });
        var browser = await server.SignedInAsync();
        var page = await native.ReturnAsync(browser, ("redirect_uri", "http://127.0.0.1:51004/callback"));
        page.Location!.Port.ShouldBe(51004);
        page["code"].ShouldNotBeNull();
    }
}
