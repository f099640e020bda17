using System.Net;
using System.Web;
using Custodia.Identity.Applications;
using Custodia.Identity.Tests.Protocol;

namespace Custodia.Identity.Tests.Conformance;

/// <summary>The authorization endpoint from outside: RFC 6749 section 4.1, RFC 7636, RFC 9207, RFC 9700, OpenID Connect Core section 3.1.2.</summary>
[Collection(ProtocolCollection.Name)]
public sealed class AuthorizationRules(ProtocolServer server)
{
    /// <summary>RFC 9700 section 4.1.3: compared as text.</summary>
    [Theory]
    [InlineData("https://shop.example/Callback")]
    [InlineData("https://shop.example/callback%2f")]
    [InlineData("https://shop.example/%63allback")]
    [InlineData("https://shop.example./callback")]
    [InlineData("https://shop.example/callback#")]
    [InlineData("https://shop.example/callback?")]
    [InlineData("https://shop.example\\@evil.example/callback")]
    [InlineData("https://shop.example/callback\r\nX: y")]
    [InlineData("https://shop.example:8443/callback")]
    [InlineData("https://shop.example.evil.example/callback")]
    [InlineData(" https://shop.example/callback")]
    [InlineData("https:/shop.example/callback")]
    [InlineData("javascript:alert(1)")]
    [InlineData("data:text/html,x")]
    public async Task A_redirect_address_that_only_looks_like_the_registered_one_is_a_page(string address)
    {
        var shop = await server.RegisterAsync();
        var answer = await server.GetAsync(shop.Authorize(("redirect_uri", address)));
        answer.Status.ShouldBe(HttpStatusCode.BadRequest);
        answer.Headers.Location.ShouldBeNull();
        answer.Text.ShouldNotContain("\"https://shop.example.evil");
    }

    /// <summary>RFC 6749 section 3.1.1 and OAuth 2.0 Multiple Response Types section 3.</summary>
    [Theory]
    [InlineData("CODE")]
    [InlineData("code code")]
    [InlineData("code ")]
    [InlineData("none")]
    [InlineData("id_token")]
    [InlineData("code token id_token")]
    public async Task A_response_type_in_another_spelling_is_not_supported(string type)
    {
        var shop = await server.RegisterAsync();
        (await new TestBrowser(server).GetAsync(shop.Authorize(("response_type", type))))["error"].ShouldBe("unsupported_response_type");
    }

    /// <summary>RFC 7636 section 4.2: base64url of 32 bytes, without padding.</summary>
    [Theory]
    [InlineData(42, "")]
    [InlineData(44, "")]
    [InlineData(42, "=")]
    [InlineData(42, " ")]
    [InlineData(42, "+")]
    public async Task A_challenge_of_another_form_is_invalid_request(int length, string end)
    {
        var shop = await server.RegisterAsync();
        (await new TestBrowser(server).GetAsync(shop.Authorize(("code_challenge", new string('A', length) + end))))["error"].ShouldBe("invalid_request");
    }

    /// <summary>OpenID Connect Core section 3.1.2.1: a hint need not have been given to the client that sends it.</summary>
    [Fact]
    public async Task An_id_token_of_another_client_of_this_issuer_is_a_hint()
    {
        var browser = await server.SignedInAsync();
        var hint = (await (await server.RegisterAsync()).TokensAsync(browser)).IdToken;
        var shop = await server.RegisterAsync();
        (await browser.GetAsync(shop.Authorize(("id_token_hint", hint), ("prompt", "none"))))["code"].ShouldNotBeNull();
    }

    /// <summary>RFC 6749 section 3.1.2: the query of the registered address is kept; RFC 8252 section 7.1: schemes of applications.</summary>
    [Theory]
    [InlineData(nameof(ApplicationKind.Web), "https://shop.example/callback?x=1&y=a%20b", "&")]
    [InlineData(nameof(ApplicationKind.Web), "https://shop.example/c%62?x=%2F", "&")]
    [InlineData(nameof(ApplicationKind.Native), "com.example.app:/callback", "?")]
    [InlineData(nameof(ApplicationKind.Native), "com.example.app://host/callback", "?")]
    public async Task The_answer_is_added_to_the_registered_address_as_it_is(string kind, string address, string separator)
    {
        var app = await server.RegisterAsync(Enum.Parse<ApplicationKind>(kind), new ApplicationSettings { RedirectUris = [address] });
        var page = await app.ReturnAsync(await server.SignedInAsync());
        page.Location!.OriginalString.ShouldStartWith(address + separator + "code=");
        (await app.RedeemAsync(page["code"]!)).Status.ShouldBe(HttpStatusCode.OK);
    }

    /// <summary>A request that waited is answered once: its address is worth nothing afterwards.</summary>
    [Fact]
    public async Task A_waiting_request_is_answered_once()
    {
        var shop = await server.RegisterAsync();
        var browser = new TestBrowser(server);
        var page = await browser.GetAsync(shop.Authorize());
        var back = HttpUtility.ParseQueryString(page.Address.Query)["return"]!;
        (await browser.SubmitAsync(page, ("name", ProtocolServer.UserName), ("password", ProtocolServer.Password)))["code"].ShouldNotBeNull();
        var again = await browser.GetAsync(server.Url + back);
        again.Status.ShouldBe(HttpStatusCode.BadRequest);
        again.Location.ShouldBeNull();
    }

    /// <summary>CSP level 3, form-action: the form of the consent page leads to this server and the application's own address only.</summary>
    [Fact]
    public async Task The_form_of_the_consent_page_leads_nowhere_else()
    {
        var shop = await server.RegisterAsync(settings: new ApplicationSettings { ConsentRequired = true });
        var page = await (await server.SignedInAsync()).GetAsync(shop.Authorize(("prompt", "consent")));
        page.ContentSecurityPolicy.Split(';', StringSplitOptions.TrimEntries).Single(d => d.StartsWith("form-action", StringComparison.Ordinal))
            .ShouldBe("form-action 'self' https://shop.example");
    }

    /// <summary>RFC 6749 section 10.12: a decision that is neither yes nor no is no, told with issuer and state.</summary>
    [Theory]
    [InlineData("maybe")]
    [InlineData("ALLOW")]
    [InlineData("")]
    public async Task Consent_that_is_not_yes_is_access_denied(string decision)
    {
        var shop = await server.RegisterAsync();
        var browser = await server.SignedInAsync();
        var back = await browser.SubmitAsync(await browser.GetAsync(shop.Authorize(("prompt", "consent"))), ("decision", decision));
        back["error"].ShouldBe("access_denied");
        back["state"].ShouldBe(RelyingParty.State);
        back["iss"].ShouldBe(shop.Issuer);
    }

    /// <summary>RFC 6749 section 3.1: a parameter without a value is absent, also when it comes again.</summary>
    [Fact]
    public async Task An_empty_state_does_not_come_back()
    {
        var shop = await server.RegisterAsync();
        var page = await (await server.SignedInAsync()).GetAsync(shop.Authorize(("state", "")));
        page["code"].ShouldNotBeNull();
        page.Location!.Query.ShouldNotContain("state");
    }

    /// <summary>RFC 9126 section 4: a pushed request may also come by POST (OpenID Connect Core section 3.1.2.1).</summary>
    [Fact]
    public async Task A_pushed_request_may_be_posted()
    {
        var shop = await server.RegisterAsync();
        var pushed = await shop.PushAsync();
        var page = await (await server.SignedInAsync()).PostAsync($"{shop.Issuer}/authorize", ("client_id", shop.ClientId), ("request_uri", pushed.Member("request_uri")!));
        page["code"].ShouldNotBeNull(page.Html);
    }

    /// <summary>RFC 8252 section 7.3.</summary>
    [Theory]
    [InlineData("http://[::1]/callback", "http://[::1]:51234/callback", true)]
    [InlineData("http://127.0.0.1/callback", "http://127.0.0.1:51234/callback", true)]
    [InlineData("http://127.0.0.1:8400/callback", "http://127.0.0.1:8401/callback", true)]
    [InlineData("http://[::1]/callback", "http://[::2]:51234/callback", false)]
    [InlineData("http://[::1]/callback", "http://127.0.0.1:51234/callback", false)]
    [InlineData("http://127.0.0.1/callback", "http://127.0.0.1:51234/Callback", false)]
    [InlineData("http://127.0.0.1/callback", "https://127.0.0.1:51234/callback", false)]
    [InlineData("http://127.0.0.1/callback", "http://0x7f.1:51234/callback", false)]
    [InlineData("http://127.0.0.1/callback", "http://2130706433:51234/callback", false)]
    public async Task A_native_application_listens_on_any_port_of_the_registered_loopback_address_and_nowhere_else(string registered, string requested, bool fits)
    {
        var app = await server.RegisterAsync(ApplicationKind.Native, new ApplicationSettings { RedirectUris = [registered] });
        var answer = await server.GetAsync(app.Authorize(("redirect_uri", requested), ("prompt", "none")));
        if (fits) answer.Headers.Location!.ToString().ShouldStartWith(requested + "?error=login_required");
        else answer.Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    /// <summary>RFC 9207 section 2: iss in every answer, errors included; RFC 6749 section 4.1.2.1: state, too.</summary>
    [Theory]
    [InlineData("response_type", "token")]
    [InlineData("response_mode", "form_post")]
    [InlineData("scope", "op\"enid")]
    [InlineData("prompt", "none")]
    [InlineData("code_challenge", null)]
    [InlineData("request_uri", "https://evil.example/r")]
    public async Task Every_error_goes_back_with_issuer_and_state(string name, string? value)
    {
        var shop = await server.RegisterAsync();
        var page = await new TestBrowser(server).GetAsync(shop.Authorize((name, value)));
        page["error"].ShouldNotBeNull();
        page["iss"].ShouldBe(shop.Issuer);
        page["state"].ShouldBe(RelyingParty.State);
        page["code"].ShouldBeNull();
    }

    [Fact]
    public async Task Every_code_goes_back_with_issuer_and_state()
    {
        var shop = await server.RegisterAsync();
        var page = await (await server.SignedInAsync()).GetAsync(shop.Authorize());
        page["code"].ShouldNotBeNull();
        page["iss"].ShouldBe(shop.Issuer);
        page["state"].ShouldBe(RelyingParty.State);
    }

    [Theory]
    [InlineData("a b&c=d#e?f%20+g")]
    [InlineData("\u00e9\u4e2d\u6587")]
    [InlineData("<script>\"'")]
    public async Task State_comes_back_exactly_as_it_came(string state)
    {
        var shop = await server.RegisterAsync();
        var page = await (await server.SignedInAsync()).GetAsync(shop.Authorize(("state", state)));
        page["state"].ShouldBe(state);
    }

    [Fact]
    public async Task Without_a_state_none_comes_back()
    {
        var shop = await server.RegisterAsync();
        var page = await (await server.SignedInAsync()).GetAsync(shop.Authorize(("state", null)));
        page["code"].ShouldNotBeNull();
        page["state"].ShouldBeNull();
    }

    /// <summary>RFC 9700 section 4.12: never 307 or 308, with which a browser would post a password on.</summary>
    [Fact]
    public async Task Every_redirect_is_a_303_and_is_not_stored()
    {
        var shop = await server.RegisterAsync();
        var toSignIn = await server.GetAsync(shop.Authorize());
        toSignIn.Status.ShouldBe(HttpStatusCode.SeeOther);
        toSignIn.ShouldNotBeStored();
        var toApplication = await server.GetAsync(shop.Authorize(("prompt", "none")));
        toApplication.Status.ShouldBe(HttpStatusCode.SeeOther);
        toApplication.ShouldNotBeStored();
        var posted = await server.PostAsync($"{shop.Issuer}/authorize", new Uri(shop.Authorize()).Query[1..]);
        posted.Status.ShouldBe(HttpStatusCode.SeeOther);
    }

    [Theory]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    public async Task The_authorization_endpoint_takes_get_and_post_only(string method)
    {
        var shop = await server.RegisterAsync();
        (await server.SendAsync(new HttpMethod(method), shop.Authorize(), null)).Status.ShouldBe(HttpStatusCode.MethodNotAllowed);
    }

    [Theory]
    [InlineData("id_token")]
    [InlineData("token")]
    [InlineData("code token")]
    [InlineData("code id_token token")]
    [InlineData("none")]
    [InlineData("CODE")]
    [InlineData("code code")]
    public async Task No_token_ever_comes_from_the_authorization_endpoint(string type)
    {
        var shop = await server.RegisterAsync();
        var page = await (await server.SignedInAsync()).GetAsync(shop.Authorize(("response_type", type)));
        page["error"].ShouldBe("unsupported_response_type");
        page.Location!.Fragment.ShouldBeEmpty();
    }

    /// <summary>OAuth 2.1 section 4.1.1: for confidential clients, too.</summary>
    [Theory]
    [InlineData("Web")]
    [InlineData("Spa")]
    [InlineData("Native")]
    public async Task Every_kind_of_client_needs_a_challenge(string kind)
    {
        var app = await server.RegisterAsync(Enum.Parse<ApplicationKind>(kind));
        var browser = await server.SignedInAsync();
        (await browser.GetAsync(app.Authorize(("code_challenge", null), ("code_challenge_method", null))))["error"].ShouldBe("invalid_request");
        (await browser.GetAsync(app.Authorize(("code_challenge_method", null))))["error"].ShouldBe("invalid_request");
        (await browser.GetAsync(app.Authorize(("code_challenge", app.Verifier), ("code_challenge_method", "plain"))))["error"].ShouldBe("invalid_request");
    }

    /// <summary>Sections 3.1.2.1 and 15.6; RFC 8725 section 3.1.</summary>
    [Theory]
    [InlineData("none")]
    [InlineData("hmac")]
    [InlineData("own key")]
    [InlineData("changed")]
    [InlineData("access token")]
    [InlineData("other directory")]
    public async Task A_hint_that_is_not_an_id_token_of_ours_is_refused(string kind)
    {
        var shop = await server.RegisterAsync();
        var browser = await server.SignedInAsync();
        var tokens = await shop.TokensAsync(browser);
        var hint = kind switch
        {
            "none" => Forged.Unsigned(tokens.IdToken, "JWT"),
            "hmac" => Forged.Confused(tokens.IdToken, "JWT", await PublishedKeyAsync(tokens.Id.Kid)),
            "own key" => Forged.BringingItsKey(tokens.IdToken, "JWT", "jwk"),
            "changed" => Forged.Changed(tokens.IdToken, server.Person.ToString(), Guid.CreateVersion7().ToString()),
            "access token" => tokens.AccessToken,
            _ => Forged.Changed(tokens.IdToken, $"/d/{ProtocolServer.Customers}", $"/d/{ProtocolServer.Staff}"),
        };
        (await browser.GetAsync(shop.Authorize(("id_token_hint", hint))))["error"].ShouldBe("invalid_request");
    }

    [Theory]
    [InlineData("display", "popup")]
    [InlineData("display", "hologram")]
    [InlineData("ui_locales", "xx yy zz")]
    [InlineData("acr_values", "urn:nobody:knows")]
    [InlineData("login_hint", "'; DROP TABLE users; --")]
    [InlineData("unknown", "<script>")]
    public async Task Wishes_that_cannot_be_met_do_no_harm(string name, string value)
    {
        var shop = await server.RegisterAsync();
        (await (await server.SignedInAsync()).GetAsync(shop.Authorize((name, value))))["code"].ShouldNotBeNull();
    }

    [Theory]
    [InlineData("client_id", "<script>alert(1)</script>")]
    [InlineData("redirect_uri", "https://evil.example/<script>alert(1)</script>")]
    public async Task An_error_page_repeats_nothing_of_the_request(string name, string value)
    {
        var shop = await server.RegisterAsync();
        var answer = await server.GetAsync(shop.Authorize((name, value)), ("Accept", "text/html"));
        answer.Status.ShouldBe(HttpStatusCode.BadRequest);
        answer.Text.ShouldNotContain("<script>alert(1)");
        answer.Text.ShouldNotContain("https://evil.example");
    }

    [Fact]
    public async Task Parameters_of_a_waiting_request_cannot_be_changed_on_the_way()
    {
        var shop = await server.RegisterAsync();
        var other = await server.RegisterAsync(settings: new ApplicationSettings { RedirectUris = ["https://other.example/callback"] });
        var browser = new TestBrowser(server);
        var page = await browser.GetAsync(shop.Authorize());
        var back = await browser.SubmitAsync(page, ("name", ProtocolServer.UserName), ("password", ProtocolServer.Password), ("redirect_uri", other.RedirectUri), ("client_id", other.ClientId), ("scope", "openid"));
        back.Location!.Host.ShouldBe("shop.example");
        (await shop.RedeemAsync(back["code"]!)).Member("scope")!.ShouldContain("profile");
    }

    [Fact]
    public async Task A_waiting_request_belongs_to_its_directory()
    {
        var shop = await server.RegisterAsync();
        var toSignIn = await server.GetAsync(shop.Authorize());
        var waiting = HttpUtility.ParseQueryString(new Uri(new Uri(server.Url), toSignIn.Headers.Location!).Query)["return"]!;
        var elsewhere = waiting.Replace($"/d/{ProtocolServer.Customers}/", $"/d/{ProtocolServer.Staff}/", StringComparison.Ordinal);
        (await (await server.SignedInAsync()).GetAsync(elsewhere)).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    private async Task<byte[]> PublishedKeyAsync(string kid)
    {
        using var client = server.Client();
        var key = new Microsoft.IdentityModel.Tokens.JsonWebKeySet(await client.GetStringAsync($"{server.Issuer}/jwks")).Keys.Single(k => k.Kid == kid);
        return [.. Microsoft.AspNetCore.WebUtilities.WebEncoders.Base64UrlDecode(key.X), .. Microsoft.AspNetCore.WebUtilities.WebEncoders.Base64UrlDecode(key.Y)];
    }
}
