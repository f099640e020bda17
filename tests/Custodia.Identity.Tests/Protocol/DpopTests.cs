using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Custodia.Identity.Applications;
using Microsoft.AspNetCore.WebUtilities;

namespace Custodia.Identity.Tests.Protocol;

/// <summary>Tokens bound to a key of the client (RFC 9449), from outside.</summary>
[Collection(ProtocolCollection.Name)]
public sealed class DpopTests(ProtocolServer server)
{
    private static readonly ApplicationSettings Api = new() { Permissions = ["identity.applications.read"] };

    private static readonly ApplicationSettings Required = new() { Protocol = new ProtocolSettings(DpopRequired: true) };

    /// <summary>RFC 9449 sections 5, 6.1 and 7.1.</summary>
    [Fact]
    public async Task A_proof_at_the_token_endpoint_binds_the_access_token_to_its_key()
    {
        var app = await server.RegisterAsync(ApplicationKind.Native, new ApplicationSettings { RedirectUris = ["com.example.app:/back"] });
        app.Dpop = new TestKey(server);
        var tokens = await app.TokensAsync(await server.SignedInAsync());
        tokens.Member("token_type").ShouldBe("DPoP");
        tokens.Access.GetPayloadValue<JsonElement>("cnf").GetProperty("jkt").GetString().ShouldBe(app.Dpop.Thumbprint);
        (await app.UserinfoAsync(tokens.AccessToken)).Member("sub").ShouldBe(server.Person.ToString());
    }

    /// <summary>RFC 9449 section 7.1 and 7.2: never as a bearer token, never with another key, never without a proof.</summary>
    [Fact]
    public async Task A_bound_token_is_refused_as_a_bearer_token_with_another_key_and_without_a_proof()
    {
        var app = await server.RegisterAsync();
        app.Dpop = new TestKey(server);
        var token = (await app.TokensAsync(await server.SignedInAsync())).AccessToken;
        var address = $"{app.Issuer}/userinfo";
        var bearer = await SendAsync(address, "Bearer " + token);
        bearer.Status.ShouldBe(HttpStatusCode.Unauthorized);
        bearer.Error.ShouldBe("invalid_token");
        bearer.Headers.WwwAuthenticate.Select(c => c.Scheme).ShouldBe(["Bearer", "DPoP"]);
        (await SendAsync(address, "Bearer " + token, app.Dpop.Proof("GET", address, token))).Error.ShouldBe("invalid_token");
        var thief = new TestKey(server);
        var stolen = await SendAsync(address, "DPoP " + token, thief.Proof("GET", address, token));
        stolen.Status.ShouldBe(HttpStatusCode.Unauthorized);
        stolen.Error.ShouldBe("invalid_token");
        var without = await SendAsync(address, "DPoP " + token);
        without.Error.ShouldBe("invalid_dpop_proof");
        var challenge = without.Headers.WwwAuthenticate.ShouldHaveSingleItem();
        challenge.Scheme.ShouldBe("DPoP");
        challenge.Parameter!.ShouldContain("algs=\"ES256");
    }

    /// <summary>RFC 9449 section 7.1.</summary>
    [Fact]
    public async Task A_token_that_is_bound_to_nothing_is_refused_with_the_scheme_for_bound_ones()
    {
        var shop = await server.RegisterAsync();
        var token = (await shop.TokensAsync(await server.SignedInAsync())).AccessToken;
        var address = $"{shop.Issuer}/userinfo";
        (await SendAsync(address, "DPoP " + token, new TestKey(server).Proof("GET", address, token))).Error.ShouldBe("invalid_token");
    }

    public static TheoryData<string, string?> BrokenClaims => new()
    {
        { "htm", "GET" },
        { "htm", "post" },
        { "htm", null },
        { "htu", "https://elsewhere.example/token" },
        { "htu", "relative" },
        { "htu", null },
        { "jti", "" },
        { "jti", null },
        { "iat", "soon" },
        { "iat", null },
    };

    /// <summary>RFC 9449 section 4.3, the checks on claims.</summary>
    [Theory]
    [MemberData(nameof(BrokenClaims))]
    public async Task A_proof_for_something_else_is_invalid_dpop_proof(string claim, string? value)
    {
        var service = await server.RegisterAsync(ApplicationKind.M2m, Api, ProtocolServer.Staff);
        var answer = await CredentialsAsync(service, new TestKey(server).Proof("POST", $"{service.Issuer}/token", null, (claim, value)));
        answer.Status.ShouldBe(HttpStatusCode.BadRequest);
        answer.Error.ShouldBe("invalid_dpop_proof");
    }

    /// <summary>RFC 9449 section 4.3: created at an acceptable time.</summary>
    [Theory]
    [InlineData(-600, false)]
    [InlineData(-60, true)]
    [InlineData(10, true)]
    [InlineData(600, false)]
    public async Task A_proof_counts_near_its_time_only(int seconds, bool counts)
    {
        var service = await server.RegisterAsync(ApplicationKind.M2m, Api, ProtocolServer.Staff);
        var made = server.Time.GetUtcNow().ToUnixTimeSeconds() + seconds;
        var answer = await CredentialsAsync(service, new TestKey(server).Proof("POST", $"{service.Issuer}/token", null, ("iat", made)));
        answer.Error.ShouldBe(counts ? null : "invalid_dpop_proof");
    }

    /// <summary>RFC 9449 section 4.3: type, algorithm, key and signature.</summary>
    [Fact]
    public async Task A_proof_of_another_type_without_signature_symmetric_or_with_a_private_key_is_invalid_dpop_proof()
    {
        var service = await server.RegisterAsync(ApplicationKind.M2m, Api, ProtocolServer.Staff);
        var key = new TestKey(server);
        var claims = key.ProofClaims("POST", $"{service.Issuer}/token");
        foreach (var (name, value) in new (string, object?)[]
                 {
                     ("typ", "JWT"), ("typ", null), ("alg", "none"), ("alg", "HS256"), ("alg", "ES384"), ("alg", null),
                     ("jwk", null), ("jwk", key.PrivateJwk), ("jwk", new TestKey(server).Jwk), ("jwk", new { kty = "oct", k = "c2VjcmV0" }),
                     ("jwk", "text"), ("crit", new[] { "typ" }),
                 })
        {
            var header = key.ProofHeader;
            header[name] = value;
            (await CredentialsAsync(service, key.Sign(header, claims))).Error.ShouldBe("invalid_dpop_proof", $"{name} {value}");
        }

        (await CredentialsAsync(service, "x.y.z")).Error.ShouldBe("invalid_dpop_proof");
        (await CredentialsAsync(service, key.Proof("POST", $"{service.Issuer}/token"), key.Proof("POST", $"{service.Issuer}/token"))).Error.ShouldBe("invalid_dpop_proof");
        // None of these attempts has cost the claims their use.
        (await CredentialsAsync(service, key.Sign(key.ProofHeader, claims))).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("ES256")]
    [InlineData("ES384")]
    [InlineData("ES512")]
    [InlineData("PS256")]
    [InlineData("RS256")]
    public async Task Every_algorithm_of_the_metadata_is_taken(string algorithm)
    {
        var metadata = JsonDocument.Parse(await server.Client().GetStringAsync($"{server.Issuer}/.well-known/openid-configuration")).RootElement;
        metadata.GetProperty("dpop_signing_alg_values_supported").EnumerateArray().Select(a => a.GetString()).ShouldContain(algorithm);
        var service = await server.RegisterAsync(ApplicationKind.M2m, Api, ProtocolServer.Staff);
        service.Dpop = new TestKey(server, algorithm);
        (await service.ClientCredentialsAsync()).Access.GetPayloadValue<JsonElement>("cnf").GetProperty("jkt").GetString().ShouldBe(service.Dpop.Thumbprint);
    }

    /// <summary>RFC 9449 section 4.3: normalised before it is compared; query and fragment do not count.</summary>
    [Fact]
    public async Task An_address_is_compared_after_normalisation()
    {
        var service = await server.RegisterAsync(ApplicationKind.M2m, Api, ProtocolServer.Staff);
        var address = $"{service.Issuer}/token";
        var key = new TestKey(server);
        foreach (var same in new[] { address + "?x=1#y", address.Replace("http://", "HTTP://", StringComparison.Ordinal), address.Replace("/token", "/a/../token", StringComparison.Ordinal) })
            (await CredentialsAsync(service, key.Proof("POST", same))).Status.ShouldBe(HttpStatusCode.OK, same);
        (await CredentialsAsync(service, key.Proof("POST", address + "/"))).Error.ShouldBe("invalid_dpop_proof");
        (await CredentialsAsync(service, key.Proof("POST", address.Replace("token", "Token", StringComparison.Ordinal)))).Error.ShouldBe("invalid_dpop_proof");
    }

    /// <summary>RFC 9449 section 11.1.</summary>
    [Fact]
    public async Task Of_twenty_parallel_requests_with_one_proof_one_succeeds()
    {
        var service = await server.RegisterAsync(ApplicationKind.M2m, Api, ProtocolServer.Staff);
        var proof = new TestKey(server).Proof("POST", $"{service.Issuer}/token");
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => CredentialsAsync(service, proof)));
        answers.Count(a => a.Status == HttpStatusCode.OK).ShouldBe(1);
        answers.Where(a => a.Status != HttpStatusCode.OK).ShouldAllBe(a => a.Error == "invalid_dpop_proof");
    }

    /// <summary>RFC 9449 section 4.3: <c>ath</c>.</summary>
    [Fact]
    public async Task A_proof_for_another_token_is_refused_at_a_resource()
    {
        var shop = await server.RegisterAsync();
        shop.Dpop = new TestKey(server);
        var browser = await server.SignedInAsync();
        var token = (await shop.TokensAsync(browser)).AccessToken;
        var address = $"{shop.Issuer}/userinfo";
        (await SendAsync(address, "DPoP " + token, shop.Dpop.Proof("GET", address, (await shop.TokensAsync(browser)).AccessToken))).Error.ShouldBe("invalid_dpop_proof");
        (await SendAsync(address, "DPoP " + token, shop.Dpop.Proof("GET", address))).Error.ShouldBe("invalid_dpop_proof");
    }

    /// <summary>RFC 9449 section 5: refresh tokens of public clients are bound.</summary>
    [Fact]
    public async Task A_public_clients_refresh_token_works_with_its_key_only()
    {
        var app = await server.RegisterAsync(ApplicationKind.Spa);
        var key = app.Dpop = new TestKey(server);
        var tokens = await app.TokensAsync(await server.SignedInAsync());
        app.Dpop = null;
        (await app.RefreshAsync(tokens.RefreshToken)).Error.ShouldBe("invalid_dpop_proof");
        app.Dpop = new TestKey(server);
        (await app.RefreshAsync(tokens.RefreshToken)).Error.ShouldBe("invalid_grant");
        app.Dpop = key;
        var next = await app.RefreshAsync(tokens.RefreshToken);
        next.Member("token_type").ShouldBe("DPoP");
        (await app.RefreshAsync(next.RefreshToken)).Status.ShouldBe(HttpStatusCode.OK);
    }

    /// <summary>RFC 9449 section 5: a client that authenticates may change its key.</summary>
    [Fact]
    public async Task A_client_that_authenticates_refreshes_with_a_new_key()
    {
        var shop = await server.RegisterAsync();
        shop.Dpop = new TestKey(server);
        var tokens = await shop.TokensAsync(await server.SignedInAsync());
        shop.Dpop = new TestKey(server);
        var next = await shop.RefreshAsync(tokens.RefreshToken);
        next.Access.GetPayloadValue<JsonElement>("cnf").GetProperty("jkt").GetString().ShouldBe(shop.Dpop.Thumbprint);
    }

    /// <summary>RFC 9449 section 10.</summary>
    [Fact]
    public async Task A_code_asked_for_with_dpop_jkt_is_redeemed_with_that_key_only()
    {
        var shop = await server.RegisterAsync();
        var key = new TestKey(server);
        var code = await shop.CodeAsync(await server.SignedInAsync(), ("dpop_jkt", key.Thumbprint));
        (await shop.RedeemAsync(code)).Error.ShouldBe("invalid_dpop_proof");
        shop.Dpop = new TestKey(server);
        (await shop.RedeemAsync(code)).Error.ShouldBe("invalid_grant");
        shop.Dpop = key;
        (await shop.RedeemAsync(code)).Status.ShouldBe(HttpStatusCode.OK);
        var page = await (await server.SignedInAsync()).GetAsync(shop.Authorize(("dpop_jkt", "short")));
        page["error"].ShouldBe("invalid_request");
    }

    /// <summary>RFC 9449 section 10.1.</summary>
    [Fact]
    public async Task A_proof_at_the_pushed_request_binds_the_code()
    {
        var shop = await server.RegisterAsync();
        var key = shop.Dpop = new TestKey(server);
        (await shop.PushAsync(("dpop_jkt", new TestKey(server).Thumbprint))).Error.ShouldBe("invalid_dpop_proof");
        var pushed = await shop.PushAsync();
        pushed.Status.ShouldBe(HttpStatusCode.Created);
        var code = (await (await server.SignedInAsync()).GetAsync(shop.AuthorizePushed(pushed)))["code"]!;
        shop.Dpop = null;
        (await shop.RedeemAsync(code)).Error.ShouldBe("invalid_dpop_proof");
        shop.Dpop = key;
        (await shop.RedeemAsync(code)).Status.ShouldBe(HttpStatusCode.OK);
    }

    /// <summary>RFC 9449 section 5.2 (<c>dpop_bound_access_tokens</c>).</summary>
    [Fact]
    public async Task An_application_that_needs_bound_tokens_gets_no_others()
    {
        var shop = await server.RegisterAsync(settings: Required);
        var browser = await server.SignedInAsync();
        (await shop.RedeemAsync(await shop.CodeAsync(browser))).Error.ShouldBe("invalid_dpop_proof");
        shop.Dpop = new TestKey(server);
        var tokens = await shop.TokensAsync(browser);
        shop.Dpop = null;
        (await shop.RefreshAsync(tokens.RefreshToken)).Error.ShouldBe("invalid_dpop_proof");
    }

    /// <summary>RFC 9449 section 7: our own API is a resource as any other.</summary>
    [Fact]
    public async Task The_api_takes_a_bound_token_with_its_proof_only()
    {
        var service = await server.RegisterAsync(ApplicationKind.M2m, Api, ProtocolServer.Staff);
        var key = service.Dpop = new TestKey(server);
        var token = (await service.ClientCredentialsAsync()).AccessToken;
        var address = $"{server.Url}/api/v1/applications";
        (await SendAsync(address, "DPoP " + token, key.Proof("GET", address, token))).Status.ShouldBe(HttpStatusCode.OK);
        (await SendAsync(address + "?limit=1", "DPoP " + token, key.Proof("GET", address, token))).Status.ShouldBe(HttpStatusCode.OK);
        var bearer = await SendAsync(address, "Bearer " + token);
        bearer.Status.ShouldBe(HttpStatusCode.Unauthorized);
        bearer.Headers.WwwAuthenticate.Select(c => c.Scheme).ShouldContain("DPoP");
        var proof = key.Proof("GET", address, token);
        (await SendAsync(address, "DPoP " + token, proof)).Status.ShouldBe(HttpStatusCode.OK);
        var again = await SendAsync(address, "DPoP " + token, proof);
        again.Status.ShouldBe(HttpStatusCode.Unauthorized);
        again.Headers.WwwAuthenticate.ShouldHaveSingleItem().Parameter!.ShouldContain("error=\"invalid_dpop_proof\"");
        (await SendAsync(address, "DPoP " + token, key.Proof("POST", address, token))).Status.ShouldBe(HttpStatusCode.Unauthorized);
        using var own = new HttpRequestMessage(HttpMethod.Get, address);
        own.Headers.Add("X-Auth-Token", token);
        using var answer = await server.Client().SendAsync(own);
        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    /// <summary>RFC 9449 section 6.2.</summary>
    [Fact]
    public async Task Introspection_tells_the_key()
    {
        var shop = await server.RegisterAsync();
        shop.Dpop = new TestKey(server);
        var about = await shop.IntrospectAsync((await shop.TokensAsync(await server.SignedInAsync())).AccessToken);
        about.Member("token_type").ShouldBe("DPoP");
        about.Json.GetProperty("cnf").GetProperty("jkt").GetString().ShouldBe(shop.Dpop.Thumbprint);
    }

    /// <summary>RFC 9449 sections 8 and 9.</summary>
    [Fact]
    public async Task Where_nonces_are_asked_for_a_proof_needs_a_fresh_one()
    {
        await using var strict = new ProtocolServer();
        strict.Settings["Custodia:Identity:DpopNonces"] = "true";
        await strict.InitializeAsync();
        var shop = await strict.RegisterAsync();
        var key = new TestKey(strict);
        var address = $"{shop.Issuer}/token";
        var code = await shop.CodeAsync(await strict.SignedInAsync());
        (string, string?)[] form = [("grant_type", "authorization_code"), ("code", code), ("redirect_uri", shop.RedirectUri), ("code_verifier", shop.Verifier)];
        var basic = RelyingParty.Basic(shop.ClientId, shop.Secret);
        var asked = await shop.PostRawAsync("token", form, basic, key.Proof("POST", address));
        asked.Status.ShouldBe(HttpStatusCode.BadRequest);
        asked.Error.ShouldBe("use_dpop_nonce");
        var nonce = asked.Headers.GetValues("DPoP-Nonce").Single();
        (await shop.PostRawAsync("token", form, basic, key.Proof("POST", address, null, ("nonce", "made-up")))).Error.ShouldBe("use_dpop_nonce");
        var tokens = await shop.PostRawAsync("token", form, basic, key.Proof("POST", address, null, ("nonce", nonce)));
        tokens.Status.ShouldBe(HttpStatusCode.OK, tokens.Text);
        tokens.Headers.Contains("DPoP-Nonce").ShouldBeTrue();
        strict.Time.Advance(TimeSpan.FromMinutes(6));
        (await shop.PostRawAsync("token", [("grant_type", "refresh_token"), ("refresh_token", tokens.RefreshToken)], basic, key.Proof("POST", address, null, ("nonce", nonce))))
            .Error.ShouldBe("use_dpop_nonce");
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{shop.Issuer}/userinfo");
        request.Headers.Authorization = new AuthenticationHeaderValue("DPoP", tokens.AccessToken);
        request.Headers.Add("DPoP", key.Proof("GET", $"{shop.Issuer}/userinfo", tokens.AccessToken));
        using var resource = await strict.Client().SendAsync(request);
        resource.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        resource.Headers.WwwAuthenticate.ShouldHaveSingleItem().Parameter!.ShouldContain("error=\"use_dpop_nonce\"");
        resource.Headers.Contains("DPoP-Nonce").ShouldBeTrue();
    }

    private static Task<Answer> CredentialsAsync(RelyingParty service, params string[] proofs) =>
        service.PostRawAsync("token", [("grant_type", "client_credentials")], RelyingParty.Basic(service.ClientId, service.Secret), proofs);

    private async Task<Answer> SendAsync(string address, string authorization, params string[] proofs)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.TryAddWithoutValidation("Authorization", authorization);
        foreach (var proof in proofs) request.Headers.TryAddWithoutValidation("DPoP", proof);
        using var response = await server.Client().SendAsync(request);
        return await Answer.OfAsync(response);
    }
}
