using System.Net;
using System.Text.Json;
using Custodia.Identity.Applications;
using Custodia.Identity.Tests.Protocol;

namespace Custodia.Identity.Tests.Conformance;

/// <summary>Metadata, keys, revocation and introspection from outside: OpenID Connect Discovery, RFC 8414, 7517, 7009, 7662.</summary>
[Collection(ProtocolCollection.Name)]
public sealed class MetadataRules(ProtocolServer server)
{
    [Fact]
    public async Task The_issuer_of_the_metadata_is_the_one_in_tokens_and_answers_to_the_letter()
    {
        var shop = await server.RegisterAsync();
        var metadata = await MetadataAsync();
        var browser = await server.SignedInAsync();
        var back = await browser.GetAsync(shop.Authorize());
        back["iss"].ShouldBe(metadata.GetProperty("issuer").GetString());
        (await shop.RedeemAsync(back["code"]!)).Id.Issuer.ShouldBe(metadata.GetProperty("issuer").GetString());
    }

    [Fact]
    public async Task Every_endpoint_that_the_metadata_names_is_there_and_under_the_issuer()
    {
        foreach (var member in (await MetadataAsync()).EnumerateObject().Where(m => m.Name.EndsWith("_endpoint", StringComparison.Ordinal) || m.Name == "jwks_uri"))
        {
            member.Value.GetString()!.ShouldStartWith(server.Issuer + "/");
            (await server.GetAsync(member.Value.GetString()!)).Status.ShouldNotBe(HttpStatusCode.NotFound, member.Name);
        }
    }

    [Fact]
    public async Task The_metadata_offers_nothing_that_current_practice_forbids()
    {
        var metadata = await MetadataAsync();
        Values(metadata, "response_types_supported").ShouldBe(["code"]);
        Values(metadata, "code_challenge_methods_supported").ShouldBe(["S256"]);
        Values(metadata, "grant_types_supported").ShouldNotContain("implicit");
        Values(metadata, "grant_types_supported").ShouldNotContain("password");
        Values(metadata, "id_token_signing_alg_values_supported").ShouldNotContain("none");
        metadata.GetProperty("authorization_response_iss_parameter_supported").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task Every_grant_that_the_metadata_names_is_understood()
    {
        var shop = await server.RegisterAsync();
        foreach (var type in Values(await MetadataAsync(), "grant_types_supported"))
            (await shop.PostAsync("token", [("grant_type", type)])).Error.ShouldNotBe("unsupported_grant_type", type);
    }

    /// <summary>Discovery section 3: what is said to be supported is.</summary>
    [Fact]
    public async Task Every_scope_prompt_and_context_class_that_the_metadata_names_is_understood()
    {
        var metadata = await MetadataAsync();
        var scopes = Values(metadata, "scopes_supported");
        var shop = await server.RegisterAsync(settings: new ApplicationSettings { Scopes = scopes });
        var browser = await server.SignedInAsync();
        (await shop.TokensAsync(browser, ("scope", string.Join(' ', scopes)))).Member("scope").ShouldBe(string.Join(' ', scopes));
        foreach (var prompt in Values(metadata, "prompt_values_supported")) (await browser.GetAsync(shop.Authorize(("prompt", prompt))))["error"].ShouldBeNull(prompt);
        foreach (var type in Values(metadata, "acr_values_supported")) (await browser.GetAsync(shop.Authorize(("acr_values", type))))["error"].ShouldBeNull(type);
        foreach (var mode in Values(metadata, "response_modes_supported")) (await browser.GetAsync(shop.Authorize(("response_mode", mode))))["code"].ShouldNotBeNull(mode);
    }

    /// <summary>Discovery section 3: each claim that is named may be asked for and breaks nothing.</summary>
    [Fact]
    public async Task Every_claim_that_the_metadata_names_may_be_asked_for()
    {
        var metadata = await MetadataAsync();
        var shop = await server.RegisterAsync(settings: new ApplicationSettings { Scopes = Values(metadata, "scopes_supported") });
        var names = Values(metadata, "claims_supported").Where(name => name != "sub").ToList();
        var claims = JsonSerializer.Serialize(new { id_token = names.ToDictionary(name => name, object? (_) => null) });
        var token = (await shop.TokensAsync(await server.SignedInAsync(), ("scope", "openid"), ("claims", claims))).Id;
        foreach (var name in new[] { "auth_time", "acr", "amr", "sid", "at_hash", "email", "email_verified", "name", "preferred_username", "locale", "updated_at" })
            token.TryGetPayloadValue<object>(name, out _).ShouldBeTrue(name);
    }

    [Theory]
    [InlineData("/d/guests/.well-known/openid-configuration")]
    [InlineData("/.well-known/oauth-authorization-server/d/guests")]
    [InlineData("/d/guests/jwks")]
    public async Task Metadata_and_keys_may_be_read_by_everybody_everywhere(string path)
    {
        var answer = await server.GetAsync(server.Url + path, ("Origin", "https://shop.example"));
        answer.Status.ShouldBe(HttpStatusCode.OK);
        answer.Header("Access-Control-Allow-Origin").ShouldBe("*");
        answer.Header("Access-Control-Allow-Credentials").ShouldBeNull();
        answer.Headers.CacheControl!.Public.ShouldBeTrue();
    }

    /// <summary>RFC 9110 section 9.1: whoever answers GET answers HEAD, with the same fields and nothing after them.</summary>
    [Theory]
    [InlineData("/d/guests/.well-known/openid-configuration")]
    [InlineData("/.well-known/oauth-authorization-server/d/guests")]
    [InlineData("/.well-known/openid-configuration/d/guests")]
    [InlineData("/d/guests/jwks")]
    public async Task Metadata_and_keys_answer_head(string path)
    {
        var head = await server.SendAsync(HttpMethod.Head, server.Url + path, null);
        head.Status.ShouldBe(HttpStatusCode.OK);
        head.Text.ShouldBeEmpty();
        head.Type.ShouldBe((await server.GetAsync(server.Url + path)).Type);
    }

    /// <summary>RFC 8414 sections 3.1 and 5: some clients put the older name before the path too.</summary>
    [Fact]
    public async Task The_metadata_is_the_same_wherever_clients_look_for_it()
    {
        var metadata = (await server.GetAsync($"{server.Issuer}/.well-known/openid-configuration")).Text;
        (await server.GetAsync($"{server.Url}/.well-known/openid-configuration/d/guests")).Text.ShouldBe(metadata);
        (await server.GetAsync($"{server.Url}/.well-known/oauth-authorization-server/d/guests")).Text.ShouldBe(metadata);
        (await server.GetAsync($"{server.Url}/.well-known/openid-configuration")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    /// <summary>RFC 9207 section 2.4, ASVS 10.4: who the issuer is never comes from a request.</summary>
    [Theory]
    [InlineData("Host", "evil.example")]
    [InlineData("X-Forwarded-Host", "evil.example")]
    [InlineData("X-Forwarded-Proto", "evil")]
    [InlineData("Forwarded", "host=evil.example;proto=evil")]
    [InlineData("X-Original-URL", "/d/evil/jwks")]
    public async Task No_header_changes_issuer_and_addresses(string name, string value)
    {
        var metadata = await server.GetAsync($"{server.Issuer}/.well-known/openid-configuration", (name, value));
        metadata.Text.ShouldBe((await server.GetAsync($"{server.Issuer}/.well-known/openid-configuration")).Text);
        var shop = await server.RegisterAsync();
        (await server.GetAsync(shop.Authorize(("prompt", "none")), (name, value))).Headers.Location!.Query.ShouldContain(Uri.EscapeDataString(server.Issuer));
        (await server.GetAsync(shop.Authorize(), (name, value))).Headers.Location!.OriginalString.ShouldNotContain("evil");
    }

    /// <summary>RFC 9110 section 15.5.6: 405 says which methods there are.</summary>
    [Theory]
    [InlineData("token", "PUT")]
    [InlineData("par", "GET")]
    [InlineData("introspect", "GET")]
    [InlineData("revoke", "DELETE")]
    [InlineData("device_authorization", "GET")]
    [InlineData("authorize", "DELETE")]
    [InlineData("logout", "PUT")]
    [InlineData("register", "GET")]
    [InlineData("jwks", "POST")]
    [InlineData("userinfo", "PATCH")]
    public async Task A_method_that_is_not_taken_is_405_and_the_answer_names_those_that_are(string endpoint, string method)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), $"{server.Issuer}/{endpoint}");
        using var response = await server.Client().SendAsync(request);
        response.StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
        response.Content.Headers.Allow.ShouldNotBeEmpty();
        response.Content.Headers.Allow.ShouldNotContain(method);
    }

    /// <summary>RFC 9110 section 9.2.1: HEAD is safe, so it signs nobody in or out.</summary>
    [Fact]
    public async Task A_head_request_gives_no_code_and_ends_no_session()
    {
        var shop = await server.RegisterAsync();
        var browser = await server.SignedInAsync();
        var hint = (await shop.TokensAsync(browser)).IdToken;
        var cookie = $"custodia-{ProtocolServer.Customers}={browser.Cookie($"custodia-{ProtocolServer.Customers}")}";
        (await server.SendAsync(HttpMethod.Head, shop.Authorize(), null, ("Cookie", cookie))).Headers.Location.ShouldBeNull();
        (await server.SendAsync(HttpMethod.Head, $"{shop.Issuer}/logout?id_token_hint={hint}", null, ("Cookie", cookie))).Headers.Location.ShouldBeNull();
        (await browser.GetAsync(shop.Authorize(("prompt", "none"))))["code"].ShouldNotBeNull();
    }

    /// <summary>RFC 7662 section 2.1: a token in the hands of anybody is no right to ask about tokens.</summary>
    [Theory]
    [InlineData("bearer")]
    [InlineData("id alone")]
    [InlineData("nothing")]
    public async Task Whoever_holds_a_token_only_cannot_introspect(string what)
    {
        var shop = await server.RegisterAsync();
        var token = (await shop.TokensAsync(await server.SignedInAsync())).AccessToken;
        var body = what == "id alone" ? Wire.Form(("token", token), ("client_id", shop.ClientId)) : Wire.Form(("token", token));
        var answer = await server.PostAsync($"{shop.Issuer}/introspect", body, what == "bearer" ? "Bearer " + token : null);
        answer.Status.ShouldBe(HttpStatusCode.Unauthorized);
        answer.Error.ShouldBe("invalid_client");
    }

    /// <summary>RFC 7009 section 2.1: a refresh token that was used stands for its family still.</summary>
    [Fact]
    public async Task A_used_refresh_token_that_is_revoked_ends_its_family()
    {
        var shop = await server.RegisterAsync();
        var first = await shop.TokensAsync(await server.SignedInAsync());
        var next = await shop.RefreshAsync(first.RefreshToken);
        (await shop.RevokeAsync(first.RefreshToken)).Status.ShouldBe(HttpStatusCode.OK);
        (await shop.UserinfoAsync(next.AccessToken)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await shop.RefreshAsync(next.RefreshToken)).Error.ShouldBe("invalid_grant");
    }

    [Theory]
    [InlineData("/d/nowhere/.well-known/openid-configuration")]
    [InlineData("/d/nowhere/jwks")]
    [InlineData("/d/GUESTS/jwks")]
    [InlineData("/d/guests%2f..%2fcrew/jwks")]
    public async Task A_directory_that_does_not_exist_has_no_metadata(string path) =>
        (await server.GetAsync(server.Url + path)).Status.ShouldBe(HttpStatusCode.NotFound);

    [Fact]
    public async Task Each_published_key_says_its_use_its_algorithm_and_a_name_of_its_own()
    {
        var shop = await server.RegisterAsync();
        await shop.TokensAsync(await server.SignedInAsync());
        var keys = JsonDocument.Parse((await server.GetAsync($"{server.Issuer}/jwks")).Text).RootElement.GetProperty("keys").EnumerateArray().ToList();
        keys.ShouldNotBeEmpty();
        keys.ShouldAllBe(k => k.GetProperty("use").GetString() == "sig");
        keys.Select(k => k.GetProperty("alg").GetString()).ShouldAllBe(a => a == "ES256" || a == "RS256");
        keys.Select(k => k.GetProperty("kid").GetString()).Distinct().Count().ShouldBe(keys.Count);
        foreach (var secret in new[] { "d", "p", "q", "dp", "dq", "qi", "k" }) keys.ShouldAllBe(k => !Has(k, secret));
    }

    [Theory]
    [InlineData("revoke")]
    [InlineData("introspect")]
    [InlineData("device_authorization")]
    public async Task Back_channel_endpoints_take_posts_of_clients_that_say_who_they_are(string endpoint)
    {
        (await server.GetAsync($"{server.Issuer}/{endpoint}")).Status.ShouldBe(HttpStatusCode.MethodNotAllowed);
        var answer = await server.PostAsync($"{server.Issuer}/{endpoint}", "token=x");
        answer.Status.ShouldBe(HttpStatusCode.Unauthorized);
        answer.Error.ShouldBe("invalid_client");
        answer.ShouldNotBeStored();
        answer.Headers.WwwAuthenticate.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("access_token")]
    [InlineData("refresh_token")]
    [InlineData("something_else")]
    public async Task A_wrong_hint_does_not_save_a_token_from_revocation(string hint)
    {
        var shop = await server.RegisterAsync();
        var answer = await shop.TokensAsync(await server.SignedInAsync());
        (await shop.PostAsync("revoke", [("token", answer.RefreshToken), ("token_type_hint", hint)])).Status.ShouldBe(HttpStatusCode.OK);
        (await shop.RefreshAsync(answer.RefreshToken)).Error.ShouldBe("invalid_grant");
    }

    [Fact]
    public async Task A_token_that_is_revoked_twice_is_revoked()
    {
        var shop = await server.RegisterAsync();
        var answer = await shop.TokensAsync(await server.SignedInAsync());
        (await shop.RevokeAsync(answer.AccessToken)).Status.ShouldBe(HttpStatusCode.OK);
        (await shop.RevokeAsync(answer.AccessToken)).Status.ShouldBe(HttpStatusCode.OK);
        (await shop.UserinfoAsync(answer.AccessToken)).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("expired")]
    [InlineData("revoked")]
    [InlineData("used")]
    [InlineData("session ended")]
    [InlineData("forged")]
    [InlineData("id token")]
    public async Task Introspection_of_what_is_worth_nothing_says_inactive_and_not_why(string kind)
    {
        var shop = await server.RegisterAsync();
        var browser = await server.SignedInAsync();
        var answer = await shop.TokensAsync(browser, kind == "session ended" ? [("scope", "openid")] : []);
        var token = answer.AccessToken;
        switch (kind)
        {
            case "expired": server.Time.Advance(TimeSpan.FromHours(1)); break;
            case "revoked": await shop.RevokeAsync(token); break;
            case "used": token = answer.RefreshToken; await shop.RefreshAsync(token); break;
            case "session ended": await browser.SubmitAsync(await browser.GetAsync($"{shop.Issuer}/logout"), ("decision", "sign-out")); break;
            case "forged": token = Forged.Unsigned(token, "at+jwt"); break;
            default: token = answer.IdToken; break;
        }

        (await shop.IntrospectAsync(token)).Text.ShouldBe("""{"active":false}""");
    }

    [Fact]
    public async Task Introspection_of_a_live_token_says_what_the_token_says()
    {
        var shop = await server.RegisterAsync();
        var answer = await shop.TokensAsync(await server.SignedInAsync());
        var about = await shop.IntrospectAsync(answer.AccessToken);
        about.ShouldNotBeStored();
        foreach (var claim in new[] { "iss", "sub", "client_id", "scope", "jti" }) about.Member(claim).ShouldBe(answer.Access.GetClaim(claim).Value, claim);
        about.Json.GetProperty("exp").GetInt64().ShouldBe(answer.Access.GetPayloadValue<long>("exp"));
        about.Member("token_type").ShouldBe("Bearer");
    }

    private async Task<JsonElement> MetadataAsync() =>
        JsonDocument.Parse((await server.GetAsync($"{server.Issuer}/.well-known/openid-configuration")).Text).RootElement;

    private static List<string> Values(JsonElement metadata, string name) => [.. metadata.GetProperty(name).EnumerateArray().Select(v => v.GetString()!)];

    private static bool Has(JsonElement key, string name) => key.TryGetProperty(name, out _);
}
