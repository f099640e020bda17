using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Custodia.Identity.Applications;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Identity.Tests.Protocol;

/// <summary>Applications that authenticate with keys: <c>private_key_jwt</c> (RFC 7523 section 3, OpenID Connect Core section 9), from outside.</summary>
[Collection(ProtocolCollection.Name)]
public sealed class PrivateKeyTests(ProtocolServer server)
{
    private const string Type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    [Fact]
    public async Task An_application_with_keys_goes_through_every_endpoint_without_a_secret()
    {
        var shop = await RegisterAsync();
        Should.Throw<InvalidOperationException>(() => shop.Secret);
        var browser = await server.SignedInAsync();
        var page = await browser.GetAsync(shop.AuthorizePushed(await shop.PushAsync()));
        var tokens = await shop.RedeemAsync(page["code"]!);
        tokens.Status.ShouldBe(HttpStatusCode.OK, tokens.Text);
        var next = await shop.RefreshAsync(tokens.RefreshToken);
        (await shop.IntrospectAsync(next.AccessToken)).Json.GetProperty("active").GetBoolean().ShouldBeTrue();
        (await shop.RevokeAsync(next.RefreshToken)).Status.ShouldBe(HttpStatusCode.OK);
        (await shop.RefreshAsync(next.RefreshToken)).Error.ShouldBe("invalid_grant");
    }

    public static TheoryData<string, object?> Broken => new()
    {
        { "iss", "somebody" },
        { "iss", null },
        { "sub", "somebody" },
        { "sub", null },
        { "aud", "https://elsewhere.example" },
        { "aud", new[] { "ISSUER", "https://elsewhere.example" } },
        { "aud", Array.Empty<string>() },
        { "aud", null },
        { "exp", null },
        { "exp", "text" },
        { "exp", -60 },
        { "exp", 3600 },
        { "iat", 600 },
        { "nbf", 600 },
        { "jti", null },
        { "jti", "" },
    };

    /// <summary>RFC 7523 section 3; numbers are seconds from now.</summary>
    [Theory]
    [MemberData(nameof(Broken))]
    public async Task An_assertion_that_breaks_a_rule_is_invalid_client(string claim, object? value)
    {
        var shop = await RegisterAsync();
        if (value is int seconds) value = server.Time.GetUtcNow().ToUnixTimeSeconds() + seconds;
        if (value is string[] { Length: > 0 } audiences) value = audiences.Select(a => a.Replace("ISSUER", shop.Issuer, StringComparison.Ordinal)).ToArray();
        var answer = await SendAsync(shop, shop.Key!.Assertion(shop, (claim, value)));
        answer.Status.ShouldBe(HttpStatusCode.Unauthorized);
        answer.Error.ShouldBe("invalid_client");
    }

    /// <summary>RFC 7523 section 3 as revised: the issuer; RFC 9126 section 2: also the endpoints.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("/token")]
    [InlineData("/par")]
    public async Task The_issuer_and_its_endpoints_are_the_audience(string path)
    {
        var shop = await RegisterAsync();
        (await SendAsync(shop, shop.Key!.Assertion(shop, ("aud", shop.Issuer + path)))).Error.ShouldBe("invalid_grant");
        (await SendAsync(shop, shop.Key!.Assertion(shop, ("aud", new[] { shop.Issuer + path })))).Error.ShouldBe("invalid_grant");
    }

    /// <summary>RFC 7523 section 3, item 7.</summary>
    [Fact]
    public async Task Of_twenty_parallel_requests_with_one_assertion_one_is_let_in()
    {
        var shop = await RegisterAsync();
        var assertion = shop.Key!.Assertion(shop);
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => SendAsync(shop, assertion)));
        answers.Count(a => a.Error == "invalid_grant").ShouldBe(1);
        answers.Count(a => a.Error == "invalid_client").ShouldBe(19);
    }

    [Fact]
    public async Task Another_key_a_missing_signature_and_another_clients_assertion_are_invalid_client()
    {
        var shop = await RegisterAsync();
        var other = await RegisterAsync();
        (await SendAsync(shop, new TestKey(server).Assertion(shop))).Error.ShouldBe("invalid_client");
        (await SendAsync(shop, other.Key!.Assertion(shop))).Error.ShouldBe("invalid_client");
        var parts = shop.Key!.Assertion(shop).Split('.');
        var none = TestKey.Encode(new Dictionary<string, object?>(StringComparer.Ordinal) { ["alg"] = "none" });
        (await SendAsync(shop, $"{none}.{parts[1]}.{parts[2]}")).Error.ShouldBe("invalid_client");
        (await SendAsync(shop, $"{none}.{parts[1]}.")).Error.ShouldBe("invalid_client");
        (await shop.PostRawAsync("token", [("grant_type", "refresh_token"), ("client_id", shop.ClientId), ("client_assertion_type", Type), ("client_assertion", other.Key!.Assertion(other))], null))
            .Error.ShouldBe("invalid_request");
    }

    /// <summary>RFC 6749 section 2.3: one way at a time, and never a weaker one than was agreed.</summary>
    [Fact]
    public async Task Whoever_has_keys_is_let_in_with_nothing_else()
    {
        var shop = await RegisterAsync();
        (await shop.PostRawAsync("token", [("grant_type", "refresh_token"), ("client_id", shop.ClientId)], null)).Error.ShouldBe("invalid_client");
        (await shop.PostRawAsync("token", [("grant_type", "refresh_token")], RelyingParty.Basic(shop.ClientId, "guess"))).Error.ShouldBe("invalid_client");
        var assertion = shop.Key!.Assertion(shop);
        (await shop.PostRawAsync("token", [("grant_type", "refresh_token"), ("client_assertion_type", Type), ("client_assertion", assertion), ("client_secret", "x")], null)).Error.ShouldBe("invalid_request");
        (await shop.PostRawAsync("token", [("grant_type", "refresh_token"), ("client_assertion_type", "urn:other"), ("client_assertion", assertion)], null)).Error.ShouldBe("invalid_request");
        var secret = await server.RegisterAsync();
        (await SendAsync(secret, shop.Key.Assertion(secret))).Error.ShouldBe("invalid_client");
    }

    [Fact]
    public async Task An_application_that_turns_to_keys_loses_its_secrets_for_good()
    {
        var admin = await server.RegisterAsync(ApplicationKind.M2m, new ApplicationSettings { Permissions = ["identity.applications.read", "identity.applications.write"] }, ProtocolServer.Staff);
        var client = server.Client((await admin.ClientCredentialsAsync()).AccessToken);
        var shop = await server.RegisterAsync();
        var key = new TestKey(server);
        var changed = await client.PatchAsJsonAsync($"/api/v1/applications/{shop.Id}", new { protocol = new { authentication = "private_key_jwt", jwks = key.KeySet } });
        changed.StatusCode.ShouldBe(HttpStatusCode.OK, await changed.Content.ReadAsStringAsync());
        (await shop.PostAsync("token", [("grant_type", "refresh_token"), ("refresh_token", "x")])).Error.ShouldBe("invalid_client");
        (await SendAsync(shop, key.Assertion(shop))).Error.ShouldBe("invalid_grant");
        (await client.PostAsJsonAsync($"/api/v1/applications/{shop.Id}/secrets", new { })).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await client.PatchAsJsonAsync($"/api/v1/applications/{shop.Id}", new { protocol = new { authentication = "client_secret" } })).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await shop.PostAsync("token", [("grant_type", "refresh_token"), ("refresh_token", "x")])).Error.ShouldBe("invalid_client");
    }

    [Theory]
    [InlineData("""{"authentication":"private_key_jwt"}""", "protocol.jwks")]
    [InlineData("""{"authentication":"private_key_jwt","jwks":{"keys":[]}}""", "protocol.jwks")]
    [InlineData("""{"authentication":"private_key_jwt","jwks":{"keys":[{"kty":"oct","k":"c2VjcmV0"}]}}""", "protocol.jwks")]
    [InlineData("""{"authentication":"private_key_jwt","jwksUri":"http://keys.example/jwks"}""", "protocol.jwksUri")]
    [InlineData("""{"authentication":"password"}""", "protocol.authentication")]
    [InlineData("""{"accessTokenFormat":"xml"}""", "protocol.accessTokenFormat")]
    [InlineData("""{"exchangeFrom":["two words"]}""", "protocol.exchangeFrom")]
    public async Task Settings_that_break_a_rule_are_refused_by_field(string body, string field)
    {
        var admin = await server.RegisterAsync(ApplicationKind.M2m, new ApplicationSettings { Permissions = ["identity.applications.read", "identity.applications.write"] }, ProtocolServer.Staff);
        var client = server.Client((await admin.ClientCredentialsAsync()).AccessToken);
        var shop = await server.RegisterAsync();
        var refused = await client.PatchAsync($"/api/v1/applications/{shop.Id}", new StringContent($$"""{"protocol":{{body}}}""", Encoding.UTF8, "application/json"));
        refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors").TryGetProperty(field, out _).ShouldBeTrue(await refused.Content.ReadAsStringAsync());
    }

    /// <summary>OpenID Connect Core section 10.1: keys change at their address, without anybody telling us.</summary>
    [Fact]
    public async Task Keys_at_an_address_are_fetched_remembered_and_fetched_again_for_an_unknown_one()
    {
        await using var open = new ProtocolServer();
        open.Settings["Custodia:Http:AllowedPrivateNetworks:0"] = "127.0.0.0/8";
        await open.InitializeAsync();
        var key = new TestKey(open);
        var published = key.KeySet;
        var fetches = 0;
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var site = builder.Build();
        site.MapGet("/jwks", () =>
        {
            Interlocked.Increment(ref fetches);
            return Results.Json(published);
        });
        await site.StartAsync();
        var address = site.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        var shop = await open.RegisterAsync(settings: new ApplicationSettings { Protocol = new ProtocolSettings(Authentication: "private_key_jwt", JwksUri: address + "/jwks") });
        shop.Key = key;
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => shop.RefreshAsync("x")));
        answers.ShouldAllBe(a => a.Error == "invalid_grant");
        fetches.ShouldBe(1);

        // A new key is found, but not at once after a look; a wrong one costs no more than one look a pause.
        shop.Key = new TestKey(open);
        published = shop.Key.KeySet;
        (await shop.RefreshAsync("x")).Error.ShouldBe("invalid_client");
        fetches.ShouldBe(1);
        open.Time.Advance(TimeSpan.FromSeconds(31));
        (await shop.RefreshAsync("x")).Error.ShouldBe("invalid_grant");
        fetches.ShouldBe(2);
    }

    private async Task<RelyingParty> RegisterAsync()
    {
        var key = new TestKey(server);
        var party = await server.RegisterAsync(settings: new ApplicationSettings { Protocol = new ProtocolSettings(Authentication: "private_key_jwt", Jwks: key.KeySet) });
        party.Key = key;
        return party;
    }

    // Past authentication the request is refused for its token: invalid_grant says that the client is known.
    private static Task<Answer> SendAsync(RelyingParty party, string assertion) =>
        party.PostRawAsync("token", [("grant_type", "refresh_token"), ("refresh_token", "x"), ("client_assertion_type", Type), ("client_assertion", assertion)], null);
}
