using System.Net;
using Custodia.Identity.Applications;

namespace Custodia.Identity.Tests.Protocol;

/// <summary>Pushed authorization requests (RFC 9126), from outside.</summary>
[Collection(ProtocolCollection.Name)]
public sealed class PushedRequestTests(ProtocolServer server)
{
    private const string Prefix = "urn:ietf:params:oauth:request_uri:";

    private static readonly ApplicationSettings Required = new() { Protocol = new ProtocolSettings(PushedRequestsRequired: true) };

    /// <summary>RFC 9126 sections 2.2 and 4.</summary>
    [Fact]
    public async Task A_request_is_pushed_and_goes_through_the_browser_as_a_reference()
    {
        var shop = await server.RegisterAsync();
        var pushed = await shop.PushAsync();
        pushed.Status.ShouldBe(HttpStatusCode.Created);
        pushed.Member("request_uri")!.ShouldStartWith(Prefix);
        pushed.Json.GetProperty("expires_in").GetInt32().ShouldBe(60);
        pushed.Headers.CacheControl!.NoStore.ShouldBeTrue();
        var page = await (await server.SignedInAsync()).GetAsync(shop.AuthorizePushed(pushed));
        page["state"].ShouldBe(RelyingParty.State);
        page["iss"].ShouldBe(shop.Issuer);
        (await shop.RedeemAsync(page["code"]!)).Id.GetPayloadValue<string>("nonce").ShouldBe(RelyingParty.Nonce);
    }

    /// <summary>RFC 9126 section 4: the person may have to sign in meanwhile, which takes longer than the reference lives.</summary>
    [Fact]
    public async Task Somebody_who_has_to_sign_in_first_comes_back_to_the_pushed_request()
    {
        var shop = await server.RegisterAsync(settings: Required);
        var browser = new TestBrowser(server);
        var page = await browser.GetAsync(shop.AuthorizePushed(await shop.PushAsync()));
        page.Address.AbsolutePath.ShouldEndWith("/sign-in");
        server.Time.Advance(TimeSpan.FromMinutes(3));
        page = await browser.SubmitAsync(page, ("name", ProtocolServer.UserName), ("password", ProtocolServer.Password));
        (await shop.RedeemAsync(page["code"]!)).Status.ShouldBe(HttpStatusCode.OK);
    }

    /// <summary>RFC 9126 section 7.3: one use.</summary>
    [Fact]
    public async Task Of_twenty_parallel_uses_of_a_reference_one_succeeds()
    {
        var shop = await server.RegisterAsync();
        var address = shop.AuthorizePushed(await shop.PushAsync());
        var browser = await server.SignedInAsync();
        var pages = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => browser.GetAsync(address)));
        pages.Count(p => p["code"] is not null).ShouldBe(1);
        pages.Where(p => p["code"] is null).ShouldAllBe(p => p.Status == HttpStatusCode.BadRequest && p.Location == null);
    }

    /// <summary>RFC 9126 section 2.2: a short life, for this client alone.</summary>
    [Fact]
    public async Task A_reference_runs_out_after_a_minute_and_is_worth_nothing_to_another_application()
    {
        var shop = await server.RegisterAsync();
        var other = await server.RegisterAsync();
        var browser = await server.SignedInAsync();
        var pushed = await shop.PushAsync();
        (await browser.GetAsync(other.AuthorizePushed(pushed))).Location.ShouldBeNull();
        (await browser.GetAsync(shop.AuthorizePushed(pushed)))["code"].ShouldNotBeNull();
        pushed = await shop.PushAsync();
        server.Time.Advance(TimeSpan.FromSeconds(61));
        (await browser.GetAsync(shop.AuthorizePushed(pushed))).Location.ShouldBeNull();
    }

    /// <summary>RFC 9126 section 4: what the browser adds does not count.</summary>
    [Fact]
    public async Task Parameters_beside_the_reference_change_nothing()
    {
        var shop = await server.RegisterAsync();
        var pushed = await shop.PushAsync(("scope", "openid"));
        var page = await (await server.SignedInAsync()).GetAsync(shop.AuthorizePushed(pushed) + "&scope=openid%20profile&state=other&redirect_uri=https%3A%2F%2Fevil.example");
        page["state"].ShouldBe(RelyingParty.State);
        (await shop.RedeemAsync(page["code"]!)).Member("scope").ShouldBe("openid");
    }

    [Fact]
    public async Task A_reference_does_not_open_the_pages_of_a_waiting_request()
    {
        var shop = await server.RegisterAsync();
        var id = (await shop.PushAsync()).Member("request_uri")![Prefix.Length..];
        (await (await server.SignedInAsync()).GetAsync($"/d/{ProtocolServer.Customers}/authorize/continue?request={id}")).Location.ShouldBeNull();
    }

    /// <summary>RFC 9126 section 2.3: errors as of the authorization endpoint, in the answer.</summary>
    [Theory]
    [InlineData("redirect_uri", "https://elsewhere.example/", "invalid_request")]
    [InlineData("redirect_uri", null, "invalid_request")]
    [InlineData("request_uri", Prefix + "abc", "invalid_request")]
    [InlineData("request", "x.y.z", "request_not_supported")]
    [InlineData("response_type", "token", "unsupported_response_type")]
    [InlineData("code_challenge", null, "invalid_request")]
    [InlineData("code_challenge_method", "plain", "invalid_request")]
    [InlineData("scope", "openid nothing:here", null)]
    [InlineData("scope", "identity.users.read", "invalid_scope")]
    [InlineData("resource", "https://unknown.example", "invalid_target")]
    [InlineData("dpop_jkt", "short", "invalid_request")]
    public async Task A_request_that_breaks_a_rule_is_refused_when_it_is_pushed(string name, string? value, string? error)
    {
        var shop = await server.RegisterAsync();
        var answer = await shop.PushAsync((name, value));
        answer.Status.ShouldBe(error is null ? HttpStatusCode.Created : HttpStatusCode.BadRequest, answer.Text);
        answer.Error.ShouldBe(error);
    }

    /// <summary>RFC 9126 section 2: the client authenticates as at the token endpoint.</summary>
    [Fact]
    public async Task Whoever_cannot_authenticate_cannot_push()
    {
        var shop = await server.RegisterAsync();
        (await shop.PostRawAsync("par", [("client_id", shop.ClientId), ("response_type", "code")], null)).Error.ShouldBe("invalid_client");
        (await shop.PostRawAsync("par", [("client_id", shop.ClientId)], RelyingParty.Basic(shop.ClientId, "wrong"))).Status.ShouldBe(HttpStatusCode.Unauthorized);
        var spa = await server.RegisterAsync(ApplicationKind.Spa);
        (await spa.PushAsync()).Status.ShouldBe(HttpStatusCode.Created);
    }

    /// <summary>RFC 9126 section 6.</summary>
    [Fact]
    public async Task An_application_that_has_to_push_cannot_do_without()
    {
        var shop = await server.RegisterAsync(settings: Required);
        var browser = await server.SignedInAsync();
        (await browser.GetAsync(shop.Authorize()))["error"].ShouldBe("invalid_request");
        (await browser.GetAsync(shop.AuthorizePushed(await shop.PushAsync())))["code"].ShouldNotBeNull();
    }

    /// <summary>RFC 9126 section 5.</summary>
    [Fact]
    public async Task The_metadata_names_the_endpoint()
    {
        var metadata = System.Text.Json.JsonDocument.Parse(await server.Client().GetStringAsync($"{server.Issuer}/.well-known/openid-configuration")).RootElement;
        metadata.GetProperty("pushed_authorization_request_endpoint").GetString().ShouldBe($"{server.Issuer}/par");
        metadata.GetProperty("require_pushed_authorization_requests").GetBoolean().ShouldBeFalse();
    }
}
