using System.Net;
using Custodia.Identity.Applications;

namespace Custodia.Identity.Tests.Protocol;

/// <summary>What the authorization endpoint refuses, and how: a page while nobody can be trusted, then an answer to the application.</summary>
[Collection(ProtocolCollection.Name)]
public sealed class AuthorizeRefusalTests(ProtocolServer server)
{
    /// <summary>RFC 6749 section 4.1.2.1: "MUST NOT automatically redirect the user-agent to the invalid redirection URI".</summary>
    [Theory]
    [InlineData("client_id", null)]
    [InlineData("client_id", "")]
    [InlineData("client_id", "app-nobody")]
    [InlineData("redirect_uri", null)]
    [InlineData("redirect_uri", "https://evil.example/callback")]
    [InlineData("redirect_uri", "https://shop.example/callback/")]
    [InlineData("redirect_uri", "https://shop.example/callback?x=1")]
    [InlineData("redirect_uri", "https://shop.example/callback#x")]
    [InlineData("redirect_uri", "https://SHOP.example/callback")]
    [InlineData("redirect_uri", "https://shop.example:443/callback")]
    [InlineData("redirect_uri", "https://shop.example/a/../callback")]
    [InlineData("redirect_uri", "http://shop.example/callback")]
    [InlineData("redirect_uri", "https://shop.example@evil.example/callback")]
    [InlineData("redirect_uri", "//shop.example/callback")]
    public async Task An_untrusted_client_or_redirect_is_a_page_and_never_a_redirect(string name, string? value)
    {
        var shop = await server.RegisterAsync();
        var page = await new TestBrowser(server).GetAsync(shop.Authorize((name, value)));
        page.Status.ShouldBe(HttpStatusCode.BadRequest);
        page.Location.ShouldBeNull();
        page.Html.ShouldContain("<html");
    }

    [Theory]
    [InlineData("client_id=twice")]
    [InlineData("redirect_uri=https%3A%2F%2Fevil.example%2F")]
    public async Task A_client_or_redirect_that_is_sent_twice_is_a_page(string second)
    {
        var shop = await server.RegisterAsync();
        var page = await new TestBrowser(server).GetAsync(shop.Authorize() + "&" + second);
        page.Status.ShouldBe(HttpStatusCode.BadRequest);
        page.Location.ShouldBeNull();
    }

    [Fact]
    public async Task An_application_of_another_directory_is_unknown()
    {
        var other = await server.RegisterAsync(directory: ProtocolServer.Staff);
        var page = await new TestBrowser(server).GetAsync(other.Authorize().Replace($"/d/{ProtocolServer.Staff}/", $"/d/{ProtocolServer.Customers}/", StringComparison.Ordinal));
        page.Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_disabled_application_is_unknown()
    {
        var shop = await server.RegisterAsync(settings: new ApplicationSettings { Enabled = false });
        (await new TestBrowser(server).GetAsync(shop.Authorize())).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_directory_that_does_not_exist_is_not_found()
    {
        (await new TestBrowser(server).GetAsync("/d/nowhere/authorize?client_id=x")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    /// <summary>RFC 8252 section 7.3 is for IP literals and for native applications only.</summary>
    [Theory]
    [InlineData(nameof(ApplicationKind.Native), "http://localhost/callback", "http://localhost:5000/callback")]
    [InlineData(nameof(ApplicationKind.Native), "http://127.0.0.1/callback", "http://127.0.0.1:5000/other")]
    [InlineData(nameof(ApplicationKind.Native), "http://127.0.0.1/callback", "http://127.0.0.2:5000/callback")]
    [InlineData(nameof(ApplicationKind.Native), "http://127.0.0.1/callback", "http://127.0.0.1:5000/callback?x=1")]
    [InlineData(nameof(ApplicationKind.Native), "http://127.0.0.1/callback", "http://user@127.0.0.1:5000/callback")]
    [InlineData(nameof(ApplicationKind.Native), "http://127.0.0.1/callback", "http://127.0.0.1:99999/callback")]
    [InlineData(nameof(ApplicationKind.Web), "http://127.0.0.1/callback", "http://127.0.0.1:5000/callback")]
    [InlineData(nameof(ApplicationKind.Spa), "http://127.0.0.1/callback", "http://127.0.0.1:5000/callback")]
    public async Task The_loopback_port_is_free_only_where_the_rule_says(string kind, string registered, string requested)
    {
        var application = await server.RegisterAsync(Enum.Parse<ApplicationKind>(kind), new ApplicationSettings { RedirectUris = [registered] });
        var page = await new TestBrowser(server).GetAsync(application.Authorize(("redirect_uri", requested)));
        page.Status.ShouldBe(HttpStatusCode.BadRequest);
        page.Location.ShouldBeNull();
    }

    /// <param name="error">The code that the standard names.</param>
    [Theory]
    // RFC 6749 section 4.1.2.1
    [InlineData("response_type", null, "invalid_request")]
    [InlineData("response_type", "token", "unsupported_response_type")]
    [InlineData("response_type", "code id_token", "unsupported_response_type")]
    // OAuth 2.0 Multiple Response Types section 2.1
    [InlineData("response_mode", "fragment", "invalid_request")]
    [InlineData("response_mode", "web_message", "invalid_request")]
    // RFC 7636 section 4.4.1, RFC 9700 section 2.1.1
    [InlineData("code_challenge", null, "invalid_request")]
    [InlineData("code_challenge", "short", "invalid_request")]
    [InlineData("code_challenge", "0123456789012345678901234567890123456789!!!", "invalid_request")]
    [InlineData("code_challenge_method", null, "invalid_request")]
    [InlineData("code_challenge_method", "plain", "invalid_request")]
    [InlineData("code_challenge_method", "s256", "invalid_request")]
    // RFC 6749 section 3.3
    [InlineData("scope", null, "invalid_scope")]
    [InlineData("scope", "address", "invalid_scope")]
    [InlineData("scope", "openid \"quoted\"", "invalid_scope")]
    [InlineData("scope", "openid identity.applications.read", "invalid_scope")]
    // RFC 8707 section 2
    [InlineData("resource", "https://api.example", "invalid_target")]
    // OpenID Connect Core section 3.1.2.1
    [InlineData("prompt", "none login", "invalid_request")]
    [InlineData("prompt", "register", "invalid_request")]
    [InlineData("prompt", "none create", "invalid_request")]
    [InlineData("max_age", "-1", "invalid_request")]
    [InlineData("max_age", "1.5", "invalid_request")]
    [InlineData("max_age", "soon", "invalid_request")]
    [InlineData("id_token_hint", "not-a-token", "invalid_request")]
    // Core section 5.5
    [InlineData("claims", "[]", "invalid_request")]
    [InlineData("claims", "{", "invalid_request")]
    [InlineData("claims", """{"id_token":[]}""", "invalid_request")]
    [InlineData("claims", """{"id_token":{"email":"yes"}}""", "invalid_request")]
    // Core sections 6 and 7.2.1
    [InlineData("request", "eyJhbGciOiJub25lIn0.e30.", "request_not_supported")]
    [InlineData("request_uri", "https://shop.example/request.jwt", "request_uri_not_supported")]
    [InlineData("registration", "{}", "registration_not_supported")]
    public async Task A_request_that_breaks_a_rule_is_answered_with_the_standards_code(string name, string? value, string error)
    {
        var shop = await server.RegisterAsync();
        var page = await new TestBrowser(server).GetAsync(shop.Authorize((name, value)));
        page.Location!.GetLeftPart(UriPartial.Path).ShouldBe(shop.RedirectUri);
        page["error"].ShouldBe(error);
        page["error_description"].ShouldNotBeNullOrEmpty();
        page["state"].ShouldBe(RelyingParty.State);
        // RFC 9207 section 2: in error responses too.
        page["iss"].ShouldBe(shop.Issuer);
        page["code"].ShouldBeNull();
    }

    /// <summary>RFC 6749 section 3.1: "Request and response parameters MUST NOT be included more than once".</summary>
    [Theory]
    [InlineData("scope=openid")]
    [InlineData("nonce=again")]
    [InlineData("response_type=code")]
    [InlineData("code_challenge_method=S256")]
    public async Task A_parameter_that_is_sent_twice_is_invalid_request(string second)
    {
        var shop = await server.RegisterAsync();
        (await new TestBrowser(server).GetAsync(shop.Authorize() + "&" + second))["error"].ShouldBe("invalid_request");
    }

    [Fact]
    public async Task A_state_that_is_sent_twice_is_invalid_request_and_not_echoed()
    {
        var shop = await server.RegisterAsync();
        var page = await new TestBrowser(server).GetAsync(shop.Authorize() + "&state=other");
        page["error"].ShouldBe("invalid_request");
        page["state"].ShouldBeNull();
    }

    [Theory]
    [InlineData("nonce", 513)]
    [InlineData("state", 2049)]
    [InlineData("login_hint", 321)]
    public async Task A_parameter_that_is_too_long_is_invalid_request(string name, int length)
    {
        var shop = await server.RegisterAsync();
        (await new TestBrowser(server).GetAsync(shop.Authorize((name, new string('x', length)))))["error"].ShouldBe("invalid_request");
    }

    [Fact]
    public async Task Control_characters_are_invalid_request_and_reach_no_header()
    {
        var shop = await server.RegisterAsync();
        var page = await new TestBrowser(server).GetAsync(shop.Authorize(("state", "a\r\nSet-Cookie: x=1")));
        page["error"].ShouldBe("invalid_request");
        page["state"].ShouldBeNull();
    }

    /// <summary>RFC 6749 section 3.1: unknown parameters are ignored, empty ones absent.</summary>
    [Fact]
    public async Task Unknown_and_empty_parameters_do_no_harm()
    {
        var shop = await server.RegisterAsync();
        var browser = await server.SignedInAsync();
        (await browser.GetAsync(shop.Authorize(("prompt", ""), ("frobnicate", "1")) + "&frobnicate=2"))["code"].ShouldNotBeNull();
    }

    /// <summary>Core section 3.1.2.1: scope values that are not understood should be ignored.</summary>
    [Fact]
    public async Task A_scope_that_means_nothing_is_ignored()
    {
        var shop = await server.RegisterAsync();
        var tokens = await shop.TokensAsync(await server.SignedInAsync(), ("scope", "openid address unheard-of"));
        tokens.Member("scope").ShouldBe("openid");
    }

    [Fact]
    public async Task A_standard_scope_that_the_application_may_not_ask_for_is_invalid_scope()
    {
        var shop = await server.RegisterAsync(settings: new ApplicationSettings { Scopes = ["openid", "profile"] });
        (await new TestBrowser(server).GetAsync(shop.Authorize(("scope", "openid email"))))["error"].ShouldBe("invalid_scope");
    }

    /// <summary>RFC 6749 section 4.1.2.1: unauthorized_client.</summary>
    [Fact]
    public async Task A_service_has_no_redirect_address_so_it_gets_a_page()
    {
        var service = await server.RegisterAsync(ApplicationKind.M2m);
        (await new TestBrowser(server).GetAsync(service.Authorize(("redirect_uri", "https://shop.example/callback")))).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("multipart/form-data; boundary=x")]
    [InlineData("application/json")]
    [InlineData("text/plain")]
    public async Task A_posted_request_that_is_no_form_is_a_page(string type)
    {
        using var content = new StringContent("{}");
        content.Headers.ContentType = System.Net.Http.Headers.MediaTypeHeaderValue.Parse(type);
        using var answer = await server.Client().PostAsync($"{server.Issuer}/authorize", content);
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        answer.Headers.Location.ShouldBeNull();
    }
}
