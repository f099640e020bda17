using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Custodia.Identity.Applications;

namespace Custodia.Identity.Tests.Protocol;

/// <summary>Userinfo, revocation, introspection, discovery.</summary>
[Collection(ProtocolCollection.Name)]
public sealed class EndpointTests(ProtocolServer server)
{
    /// <summary>OpenID Connect Core sections 5.3 and 5.4.</summary>
    [Fact]
    public async Task Userinfo_tells_what_the_scopes_cover_and_nothing_else()
    {
        var shop = await server.RegisterAsync();
        var browser = await server.SignedInAsync();
        var all = await shop.UserinfoAsync((await shop.TokensAsync(browser)).AccessToken);
        all.Member("sub").ShouldBe(server.Person.ToString());
        all.Member("name").ShouldBe(ProtocolServer.DisplayName);
        all.Member("preferred_username").ShouldBe(ProtocolServer.UserName);
        all.Member("email").ShouldBe(ProtocolServer.Email);
        all.Json.GetProperty("email_verified").GetBoolean().ShouldBeTrue();
        all.Member("phone_number").ShouldBeNull();
        all.Headers.CacheControl!.NoStore.ShouldBeTrue();
        var little = await shop.UserinfoAsync((await shop.TokensAsync(browser, ("scope", "openid email"))).AccessToken);
        little.Json.EnumerateObject().Select(p => p.Name).ShouldBe(["sub", "email", "email_verified"], ignoreOrder: true);
    }

    /// <summary>RFC 6750 sections 2 and 3.</summary>
    [Fact]
    public async Task Userinfo_takes_a_token_from_header_or_form_and_says_what_is_wrong_with_others()
    {
        var shop = await server.RegisterAsync();
        var token = (await shop.TokensAsync(await server.SignedInAsync())).AccessToken;
        (await shop.PostRawAsync("userinfo", [("access_token", token)], null)).Status.ShouldBe(HttpStatusCode.OK);
        (await shop.PostRawAsync("userinfo", [("access_token", token)], $"Bearer {token}")).Error.ShouldBe("invalid_request");
        (await shop.UserinfoAsync(token[..^2])).Error.ShouldBe("invalid_token");
        (await shop.UserinfoAsync("x.y.z")).Error.ShouldBe("invalid_token");
        var nothing = await shop.PostRawAsync("userinfo", [], null);
        nothing.Status.ShouldBe(HttpStatusCode.Unauthorized);
        // Section 3.1: no error code without a token.
        nothing.Headers.WwwAuthenticate.First().ToString().ShouldBe($"Bearer realm=\"{shop.Issuer}\"");
        using var inAddress = await server.Client().GetAsync($"{shop.Issuer}/userinfo?access_token={token}");
        inAddress.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Userinfo_takes_neither_an_id_token_nor_a_services_token_nor_one_of_another_directory()
    {
        var shop = await server.RegisterAsync();
        var answer = await shop.TokensAsync(await server.SignedInAsync());
        (await shop.UserinfoAsync(answer.IdToken)).Error.ShouldBe("invalid_token");
        var service = await server.RegisterAsync(ApplicationKind.M2m, new ApplicationSettings { Permissions = ["identity.applications.read"] }, ProtocolServer.Staff);
        (await service.UserinfoAsync((await service.ClientCredentialsAsync()).AccessToken)).Error.ShouldBe("invalid_token");
        (await service.UserinfoAsync(answer.AccessToken)).Error.ShouldBe("invalid_token");
    }

    [Fact]
    public async Task Userinfo_needs_the_scope_openid()
    {
        var shop = await server.RegisterAsync(settings: new ApplicationSettings { Scopes = ["openid", "orders:read"] });
        var answer = await shop.TokensAsync(await server.SignedInAsync(), ("scope", "orders:read"));
        var refused = await shop.UserinfoAsync(answer.AccessToken);
        refused.Status.ShouldBe(HttpStatusCode.Forbidden);
        refused.Error.ShouldBe("insufficient_scope");
    }

    [Fact]
    public async Task A_token_runs_out()
    {
        var shop = await server.RegisterAsync(settings: new ApplicationSettings { AccessTokenSeconds = 60 });
        var token = (await shop.TokensAsync(await server.SignedInAsync())).AccessToken;
        server.Time.Advance(TimeSpan.FromSeconds(61));
        (await shop.UserinfoAsync(token)).Error.ShouldBe("invalid_token");
    }

    /// <summary>RFC 9068 section 4: nobody else's signature, no other algorithm.</summary>
    [Fact]
    public async Task A_token_that_says_it_needs_no_signature_is_refused()
    {
        var shop = await server.RegisterAsync();
        var token = (await shop.TokensAsync(await server.SignedInAsync())).AccessToken;
        var payload = token.Split('.')[1];
        (await shop.UserinfoAsync($"eyJhbGciOiJub25lIiwidHlwIjoiYXQrand0In0.{payload}.")).Error.ShouldBe("invalid_token");
        (await shop.UserinfoAsync($"eyJhbGciOiJIUzI1NiIsInR5cCI6ImF0K2p3dCJ9.{payload}.c2ln")).Error.ShouldBe("invalid_token");
    }

    /// <summary>RFC 7009 section 2.1: the whole grant goes with a refresh token.</summary>
    [Fact]
    public async Task A_revoked_refresh_token_takes_the_access_token_along()
    {
        var shop = await server.RegisterAsync();
        var answer = await shop.TokensAsync(await server.SignedInAsync());
        (await shop.RevokeAsync(answer.RefreshToken)).Status.ShouldBe(HttpStatusCode.OK);
        (await shop.RefreshAsync(answer.RefreshToken)).Error.ShouldBe("invalid_grant");
        (await shop.UserinfoAsync(answer.AccessToken)).Error.ShouldBe("invalid_token");
    }

    [Fact]
    public async Task A_revoked_access_token_is_refused_at_once_and_the_refresh_token_lives_on()
    {
        var shop = await server.RegisterAsync();
        var answer = await shop.TokensAsync(await server.SignedInAsync());
        (await shop.UserinfoAsync(answer.AccessToken)).Status.ShouldBe(HttpStatusCode.OK);
        (await shop.RevokeAsync(answer.AccessToken)).Status.ShouldBe(HttpStatusCode.OK);
        (await shop.UserinfoAsync(answer.AccessToken)).Error.ShouldBe("invalid_token");
        (await shop.RefreshAsync(answer.RefreshToken)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_services_revoked_token_is_refused_by_the_api_at_once()
    {
        var service = await server.RegisterAsync(ApplicationKind.M2m, new ApplicationSettings { Permissions = ["identity.applications.read"] }, ProtocolServer.Staff);
        var token = (await service.ClientCredentialsAsync()).AccessToken;
        (await server.Client(token).GetAsync("/api/v1/applications")).StatusCode.ShouldBe(HttpStatusCode.OK);
        await service.RevokeAsync(token);
        (await server.Client(token).GetAsync("/api/v1/applications")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    /// <summary>RFC 7009 sections 2.1 and 2.2.</summary>
    [Fact]
    public async Task Unknown_tokens_are_revoked_enough_and_those_of_others_are_refused()
    {
        var shop = await server.RegisterAsync();
        var other = await server.RegisterAsync();
        var answer = await shop.TokensAsync(await server.SignedInAsync());
        (await shop.RevokeAsync("unheard-of")).Status.ShouldBe(HttpStatusCode.OK);
        (await other.RevokeAsync(answer.RefreshToken)).Error.ShouldBe("invalid_grant");
        (await other.RevokeAsync(answer.AccessToken)).Error.ShouldBe("invalid_grant");
        (await shop.PostAsync("revoke", [])).Error.ShouldBe("invalid_request");
        (await shop.PostRawAsync("revoke", [("token", answer.RefreshToken)], RelyingParty.Basic(shop.ClientId, "wrong"))).Error.ShouldBe("invalid_client");
        (await shop.RefreshAsync(answer.RefreshToken)).Status.ShouldBe(HttpStatusCode.OK);
    }

    /// <summary>RFC 7662 section 2.2.</summary>
    [Fact]
    public async Task Introspection_tells_an_application_about_its_own_tokens_and_about_others_nothing()
    {
        var shop = await server.RegisterAsync();
        var other = await server.RegisterAsync();
        var answer = await shop.TokensAsync(await server.SignedInAsync());
        var access = await shop.IntrospectAsync(answer.AccessToken);
        access.Json.GetProperty("active").GetBoolean().ShouldBeTrue();
        access.Member("client_id").ShouldBe(shop.ClientId);
        access.Member("sub").ShouldBe(server.Person.ToString());
        (await shop.IntrospectAsync(answer.RefreshToken)).Json.GetProperty("active").GetBoolean().ShouldBeTrue();
        (await other.IntrospectAsync(answer.AccessToken)).Text.ShouldBe("""{"active":false}""");
        (await shop.IntrospectAsync("unheard-of")).Text.ShouldBe("""{"active":false}""");
        await shop.RevokeAsync(answer.RefreshToken);
        (await shop.IntrospectAsync(answer.AccessToken)).Text.ShouldBe("""{"active":false}""");
    }

    [Fact]
    public async Task A_resource_server_may_ask_about_tokens_meant_for_it()
    {
        const string Resource = "https://api.shop.example";
        var shop = await server.RegisterAsync(settings: new ApplicationSettings { Scopes = ["orders:read"], Resources = [Resource] });
        var api = await server.RegisterAsync(ApplicationKind.M2m, new ApplicationSettings { Resources = [Resource] });
        var answer = await shop.TokensAsync(await server.SignedInAsync(), ("scope", "orders:read"), ("resource", Resource));
        (await api.IntrospectAsync(answer.AccessToken)).Member("scope").ShouldBe("orders:read");
    }

    [Fact]
    public async Task A_public_client_cannot_introspect()
    {
        var spa = await server.RegisterAsync(ApplicationKind.Spa);
        (await spa.IntrospectAsync("anything")).Error.ShouldBe("invalid_client");
    }

    /// <summary>OpenID Connect Discovery section 3 and RFC 8414 section 3.1.</summary>
    [Fact]
    public async Task Both_forms_of_the_metadata_say_the_same_and_name_the_issuer_exactly()
    {
        var one = await server.Client().GetStringAsync($"{server.Issuer}/.well-known/openid-configuration");
        var other = await server.Client().GetStringAsync($"{server.Url}/.well-known/oauth-authorization-server/d/{ProtocolServer.Customers}");
        other.ShouldBe(one);
        var metadata = JsonDocument.Parse(one).RootElement;
        metadata.GetProperty("issuer").GetString().ShouldBe(server.Issuer);
        metadata.GetProperty("authorization_response_iss_parameter_supported").GetBoolean().ShouldBeTrue();
        metadata.GetProperty("id_token_signing_alg_values_supported").EnumerateArray().Select(v => v.GetString()).ShouldContain("RS256");
        Snapshot(one).ShouldBe(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Protocol", "discovery.json")));
    }

    /// <summary>RFC 7517: public parts only.</summary>
    [Fact]
    public async Task The_key_set_holds_public_keys_only()
    {
        var shop = await server.RegisterAsync();
        var kid = (await shop.TokensAsync(await server.SignedInAsync())).Access.Kid;
        var text = await server.Client().GetStringAsync($"{server.Issuer}/jwks");
        var keys = JsonDocument.Parse(text).RootElement.GetProperty("keys").EnumerateArray().ToArray();
        keys.Select(k => k.GetProperty("kid").GetString()).ShouldContain(kid);
        foreach (var key in keys) key.EnumerateObject().Select(p => p.Name).ShouldNotContain("d");
    }

    [Fact]
    public async Task Directories_have_keys_of_their_own()
    {
        var one = await server.Client().GetStringAsync($"{server.Issuer}/jwks");
        var other = await server.Client().GetStringAsync($"{server.Url}/d/{ProtocolServer.Staff}/jwks");
        other.ShouldNotBe(one);
    }

    /// <summary>Fetch standard: browser applications reach what needs no cookie, and no other endpoint.</summary>
    [Theory]
    [InlineData("token", true)]
    [InlineData("userinfo", true)]
    [InlineData("revoke", true)]
    [InlineData("introspect", false)]
    [InlineData("authorize", false)]
    public async Task Browser_applications_of_other_origins_reach_the_back_channel_only(string endpoint, bool open)
    {
        using var request = new HttpRequestMessage(HttpMethod.Options, $"{server.Issuer}/{endpoint}");
        request.Headers.Add("Origin", "https://shop.example");
        request.Headers.Add("Access-Control-Request-Method", "POST");
        using var answer = await server.Client().SendAsync(request);
        answer.Headers.Contains("Access-Control-Allow-Origin").ShouldBe(open);
        answer.Headers.Contains("Access-Control-Allow-Credentials").ShouldBeFalse();
    }

    private string Snapshot(string metadata)
    {
        var document = JsonDocument.Parse(metadata.Replace(server.Url, "http://server", StringComparison.Ordinal));
        return JsonSerializer.Serialize(document, Indented).ReplaceLineEndings("\n") + "\n";
    }

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };
}
