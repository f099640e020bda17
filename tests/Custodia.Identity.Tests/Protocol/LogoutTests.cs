using System.Net;

namespace Custodia.Identity.Tests.Protocol;

/// <summary>OpenID Connect RP-Initiated Logout 1.0.</summary>
[Collection(ProtocolCollection.Name)]
public sealed class LogoutTests(ProtocolServer server)
{
    private const string Bye = "https://shop.example/bye";

    [Fact]
    public async Task An_id_token_of_this_very_session_ends_it_at_once_and_leads_back_with_state()
    {
        var shop = await server.RegisterAsync();
        var browser = await server.SignedInAsync();
        var hint = (await shop.TokensAsync(browser)).IdToken;
        var page = await browser.GetAsync($"{shop.Issuer}/logout?id_token_hint={hint}&post_logout_redirect_uri={Bye}&state=s1");
        page.Location!.GetLeftPart(UriPartial.Path).ShouldBe(Bye);
        page["state"].ShouldBe("s1");
        (await browser.GetAsync(shop.Authorize(("prompt", "none"))))["error"].ShouldBe("login_required");
    }

    /// <summary>Section 2: "the OP MUST ask the End-User this question if an id_token_hint was not provided".</summary>
    [Fact]
    public async Task Without_an_id_token_the_person_is_asked()
    {
        var shop = await server.RegisterAsync();
        var browser = await server.SignedInAsync();
        var question = await browser.GetAsync($"{shop.Issuer}/logout?client_id={shop.ClientId}&post_logout_redirect_uri={Bye}");
        question.Status.ShouldBe(HttpStatusCode.OK);
        question.Html.ShouldContain("Shop");
        (await browser.GetAsync(shop.Authorize(("prompt", "none"))))["code"].ShouldNotBeNull();
        var page = await browser.SubmitAsync(question, ("decision", "sign-out"));
        page.Location!.GetLeftPart(UriPartial.Path).ShouldBe(Bye);
        (await browser.GetAsync(shop.Authorize(("prompt", "none"))))["error"].ShouldBe("login_required");
    }

    [Fact]
    public async Task Whoever_wants_to_stay_stays()
    {
        var shop = await server.RegisterAsync();
        var browser = await server.SignedInAsync();
        await browser.SubmitAsync(await browser.GetAsync($"{shop.Issuer}/logout"), ("decision", "stay"));
        (await browser.GetAsync(shop.Authorize(("prompt", "none"))))["code"].ShouldNotBeNull();
    }

    /// <summary>Section 2: "or if the supplied ID Token does not belong to the current OP session".</summary>
    [Fact]
    public async Task An_id_token_of_another_session_of_the_same_person_is_asked_about()
    {
        var shop = await server.RegisterAsync();
        var hint = (await shop.TokensAsync(await server.SignedInAsync())).IdToken;
        var other = await server.SignedInAsync();
        var page = await other.GetAsync($"{shop.Issuer}/logout?id_token_hint={hint}");
        page.Html.ShouldContain("name=\"decision\"");
        (await other.GetAsync(shop.Authorize(("prompt", "none"))))["code"].ShouldNotBeNull();
    }

    /// <summary>Section 2: an ID token counts although it has expired.</summary>
    [Fact]
    public async Task An_expired_id_token_is_good_enough()
    {
        var shop = await server.RegisterAsync();
        var browser = await server.SignedInAsync();
        var hint = (await shop.TokensAsync(browser)).IdToken;
        server.Time.Advance(TimeSpan.FromHours(1));
        (await browser.GetAsync($"{shop.Issuer}/logout?id_token_hint={hint}&post_logout_redirect_uri={Bye}")).Location.ShouldNotBeNull();
    }

    /// <summary>Section 3: "MUST NOT perform post-logout redirection if the value supplied does not exactly match".</summary>
    [Theory]
    [InlineData("https://evil.example/bye")]
    [InlineData("https://shop.example/bye/")]
    [InlineData("https://shop.example/callback")]
    public async Task An_address_that_is_not_registered_is_a_page_and_ends_nothing(string address)
    {
        var shop = await server.RegisterAsync();
        var browser = await server.SignedInAsync();
        var hint = (await shop.TokensAsync(browser)).IdToken;
        var page = await browser.GetAsync($"{shop.Issuer}/logout?id_token_hint={hint}&post_logout_redirect_uri={WebUtility.UrlEncode(address)}");
        page.Status.ShouldBe(HttpStatusCode.BadRequest);
        page.Location.ShouldBeNull();
        (await browser.GetAsync(shop.Authorize(("prompt", "none"))))["code"].ShouldNotBeNull();
    }

    [Fact]
    public async Task An_address_without_a_client_a_forged_token_and_a_token_of_another_client_are_pages()
    {
        var shop = await server.RegisterAsync();
        var other = await server.RegisterAsync();
        var browser = await server.SignedInAsync();
        var hint = (await shop.TokensAsync(browser)).IdToken;
        foreach (var query in new[] { $"post_logout_redirect_uri={Bye}", "id_token_hint=a.b.c", $"id_token_hint={hint}&client_id={other.ClientId}", "client_id=app-nobody" })
            (await browser.GetAsync($"{shop.Issuer}/logout?{query}")).Status.ShouldBe(HttpStatusCode.BadRequest, query);
    }

    [Fact]
    public async Task A_posted_request_finds_the_session_although_the_post_carries_no_cookie()
    {
        var shop = await server.RegisterAsync();
        var browser = await server.SignedInAsync();
        var hint = (await shop.TokensAsync(browser)).IdToken;
        var answer = await shop.PostRawAsync("logout", [("id_token_hint", hint), ("post_logout_redirect_uri", Bye), ("state", "s2")], null);
        answer.Status.ShouldBe(HttpStatusCode.SeeOther);
        var page = await browser.GetAsync(answer.Headers.Location!.ToString());
        page["state"].ShouldBe("s2");
        (await browser.GetAsync(shop.Authorize(("prompt", "none"))))["error"].ShouldBe("login_required");
    }

    [Fact]
    public async Task Whoever_is_not_signed_in_is_simply_led_back()
    {
        var shop = await server.RegisterAsync();
        var page = await new TestBrowser(server).GetAsync($"{shop.Issuer}/logout?client_id={shop.ClientId}&post_logout_redirect_uri={Bye}");
        page.Location!.GetLeftPart(UriPartial.Path).ShouldBe(Bye);
    }
}
