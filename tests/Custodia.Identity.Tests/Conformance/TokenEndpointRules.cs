using System.Net;
using System.Text;
using Custodia.Identity.Applications;
using Custodia.Identity.Tests.Protocol;

namespace Custodia.Identity.Tests.Conformance;

/// <summary>The token endpoint from outside: RFC 6749 sections 2.3, 3.2, 4.1.3, 4.4, 5 and 6; RFC 7636; RFC 9700.</summary>
[Collection(ProtocolCollection.Name)]
public sealed class TokenEndpointRules(ProtocolServer server)
{
    [Theory]
    [InlineData("GET")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("PATCH")]
    public async Task The_token_endpoint_takes_posts_only(string method)
    {
        var shop = await server.RegisterAsync();
        var answer = await server.SendAsync(new HttpMethod(method), $"{shop.Issuer}/token?grant_type=client_credentials&client_id={shop.ClientId}", null);
        answer.Status.ShouldBe(HttpStatusCode.MethodNotAllowed);
    }

    [Fact]
    public async Task Credentials_and_parameters_in_the_address_count_for_nothing()
    {
        var service = await ServiceAsync();
        var query = Wire.Form(("grant_type", "client_credentials"), ("client_id", service.ClientId), ("client_secret", service.Secret));
        (await server.PostAsync($"{service.Issuer}/token?{query}", "")).Error.ShouldBe("invalid_client");
        (await server.PostAsync($"{service.Issuer}/token?grant_type=client_credentials", "", RelyingParty.Basic(service.ClientId, service.Secret))).Error.ShouldBe("invalid_request");
    }

    [Fact]
    public async Task Every_answer_of_the_token_endpoint_is_json_that_nobody_stores()
    {
        var service = await ServiceAsync();
        foreach (var answer in new[] { await service.ClientCredentialsAsync(), await service.ClientCredentialsAsync(("scope", "more")), await server.PostAsync($"{service.Issuer}/token", "") })
        {
            answer.Type!.MediaType.ShouldBe("application/json");
            answer.ShouldNotBeStored();
            answer.Header("Pragma").ShouldBe("no-cache");
            answer.Header("X-Content-Type-Options").ShouldBe("nosniff");
        }
    }

    [Fact]
    public async Task A_token_answer_says_type_life_and_scope()
    {
        var answer = await (await ServiceAsync()).ClientCredentialsAsync();
        answer.Member("token_type").ShouldBe("Bearer");
        answer.Json.GetProperty("expires_in").GetInt32().ShouldBeGreaterThan(0);
        answer.Member("scope").ShouldBe("identity.applications.read");
        answer.Json.TryGetProperty("refresh_token", out _).ShouldBeFalse("RFC 6749 section 4.4.3");
        answer.Json.TryGetProperty("id_token", out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData("password")]
    [InlineData("implicit")]
    [InlineData("Authorization_Code")]
    [InlineData("urn:ietf:params:oauth:grant-type:saml2-bearer")]
    [InlineData("urn:example:mine")]
    public async Task Grants_that_are_not_offered_are_unsupported(string type)
    {
        var shop = await server.RegisterAsync();
        var answer = await shop.PostAsync("token", [("grant_type", type), ("username", "ada"), ("password", ProtocolServer.Password)]);
        answer.Status.ShouldBe(HttpStatusCode.BadRequest);
        answer.Error.ShouldBe("unsupported_grant_type");
    }

    [Theory]
    [InlineData("grant_type")]
    [InlineData("code")]
    [InlineData("redirect_uri")]
    [InlineData("code_verifier")]
    [InlineData("client_id")]
    [InlineData("scope")]
    public async Task A_parameter_of_a_token_request_that_is_sent_twice_is_invalid_request(string name)
    {
        var shop = await server.RegisterAsync();
        var code = await shop.CodeAsync(await server.SignedInAsync());
        var body = Wire.Form(
            ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", shop.RedirectUri), ("code_verifier", shop.Verifier), ("client_id", shop.ClientId),
            (name, "again"), (name, "and again"));
        (await server.PostAsync($"{shop.Issuer}/token", body, RelyingParty.Basic(shop.ClientId, shop.Secret))).Error.ShouldBe("invalid_request");
    }

    /// <summary>RFC 8707 section 2, RFC 8693 section 2.2.2: who serves one target at a time says so with the code for targets.</summary>
    [Theory]
    [InlineData("token", "resource")]
    [InlineData("token", "audience")]
    [InlineData("par", "resource")]
    [InlineData("device_authorization", "resource")]
    public async Task Two_targets_at_once_are_invalid_target(string endpoint, string name)
    {
        var shop = await server.RegisterAsync(settings: new ApplicationSettings { Resources = ["https://one.example", "https://two.example"], DeviceGrant = true });
        var body = Wire.Form(("grant_type", "authorization_code"), ("scope", "openid"), (name, "https://one.example"), (name, "https://two.example"));
        (await server.PostAsync($"{shop.Issuer}/{endpoint}", body, RelyingParty.Basic(shop.ClientId, shop.Secret))).Error.ShouldBe("invalid_target");
    }

    /// <summary>RFC 6749 section 4.1.2: who stole a used code cannot end what its owner has.</summary>
    [Fact]
    public async Task A_used_code_in_the_hands_of_another_client_ends_nothing()
    {
        var shop = await server.RegisterAsync();
        var thief = await server.RegisterAsync();
        var code = await shop.CodeAsync(await server.SignedInAsync());
        var tokens = await shop.RedeemAsync(code);
        (await thief.RedeemAsync(code)).Error.ShouldBe("invalid_grant");
        (await shop.UserinfoAsync(tokens.AccessToken)).Status.ShouldBe(HttpStatusCode.OK);
        (await shop.RefreshAsync(tokens.RefreshToken)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData(" ")]
    [InlineData("=")]
    [InlineData("%00")]
    [InlineData("cut")]
    [InlineData("case")]
    public async Task A_code_that_is_almost_right_is_invalid_and_does_not_cost_the_right_one(string difference)
    {
        var shop = await server.RegisterAsync();
        var code = await shop.CodeAsync(await server.SignedInAsync());
        var almost = difference switch { "cut" => code[..^1], "case" => Swapped(code), _ => code + Uri.UnescapeDataString(difference) };
        (await shop.RedeemAsync(almost)).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await shop.RedeemAsync(code)).Status.ShouldBe(HttpStatusCode.OK);
    }

    /// <summary>RFC 6749 section 6, RFC 8725 section 3.11.</summary>
    [Theory]
    [InlineData("access_token")]
    [InlineData("id_token")]
    [InlineData("padded")]
    public async Task Nothing_else_is_a_refresh_token(string what)
    {
        var shop = await server.RegisterAsync();
        var tokens = await shop.TokensAsync(await server.SignedInAsync());
        (await shop.RefreshAsync(what == "padded" ? tokens.RefreshToken + "=" : tokens.Member(what)!)).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await shop.RefreshAsync(tokens.RefreshToken)).Status.ShouldBe(HttpStatusCode.OK);
    }

    /// <summary>OpenID Connect Core section 12.2: an ID token comes with the scope openid only.</summary>
    [Fact]
    public async Task A_refresh_without_openid_gives_no_id_token()
    {
        var shop = await server.RegisterAsync();
        var tokens = await shop.TokensAsync(await server.SignedInAsync());
        var narrow = await shop.RefreshAsync(tokens.RefreshToken, ("scope", "profile"));
        narrow.Member("id_token").ShouldBeNull();
        (await shop.UserinfoAsync(narrow.AccessToken)).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await shop.RefreshAsync(narrow.RefreshToken)).Member("id_token").ShouldNotBeNull();
    }

    /// <summary>RFC 6749 section 2.3.1: the scheme is Basic in any case (RFC 9110 section 11.1) and nothing else.</summary>
    [Fact]
    public async Task The_scheme_counts_in_any_case_and_no_other_scheme_is_taken()
    {
        var service = await ServiceAsync();
        var basic = RelyingParty.Basic(service.ClientId, service.Secret);
        (await server.PostAsync($"{service.Issuer}/token", "grant_type=client_credentials", "bAsIc" + basic[5..])).Status.ShouldBe(HttpStatusCode.OK);
        foreach (var other in new[] { "Bearer " + service.Secret, "Digest username=x", "Negotiate AAAA", basic[6..], basic + ", " + basic })
            (await server.PostAsync($"{service.Issuer}/token", "grant_type=client_credentials", other)).Error.ShouldBe("invalid_client");
    }

    [Theory]
    [InlineData("text/html")]
    [InlineData("application/xml")]
    [InlineData("application/jwt")]
    public async Task Token_answers_are_json_whatever_is_accepted(string accepted)
    {
        var service = await ServiceAsync();
        using var body = new StringContent("grant_type=client_credentials", Encoding.ASCII, "application/x-www-form-urlencoded");
        var answer = await server.SendAsync(HttpMethod.Post, $"{service.Issuer}/token", body, ("Authorization", RelyingParty.Basic(service.ClientId, service.Secret)), ("Accept", accepted));
        answer.Type!.MediaType.ShouldBe("application/json");
        answer.Status.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("code", 129)]
    [InlineData("code_verifier", 129)]
    [InlineData("refresh_token", 129)]
    [InlineData("client_id", 101)]
    [InlineData("redirect_uri", 2049)]
    [InlineData("scope", 4097)]
    public async Task A_parameter_of_a_token_request_that_is_too_long_is_invalid_request(string name, int length)
    {
        var shop = await server.RegisterAsync();
        var answer = await shop.PostAsync("token", [("grant_type", "authorization_code"), (name, new string('a', length))]);
        answer.Status.ShouldBe(HttpStatusCode.BadRequest);
        answer.Error.ShouldBe("invalid_request");
    }

    [Theory]
    [InlineData("application/json", """{"grant_type":"client_credentials"}""")]
    [InlineData("multipart/form-data; boundary=x", "--x--")]
    [InlineData("text/plain", "grant_type=client_credentials")]
    public async Task A_token_request_in_another_media_type_is_invalid_request(string type, string body)
    {
        var service = await ServiceAsync();
        (await server.PostAsync($"{service.Issuer}/token", body, RelyingParty.Basic(service.ClientId, service.Secret), type)).Error.ShouldBe("invalid_request");
    }

    [Fact]
    public async Task The_media_type_may_name_its_charset()
    {
        var service = await ServiceAsync();
        (await server.PostAsync($"{service.Issuer}/token", "grant_type=client_credentials", RelyingParty.Basic(service.ClientId, service.Secret), "application/x-www-form-urlencoded; charset=UTF-8"))
            .Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task An_error_never_repeats_what_was_sent()
    {
        const string Script = "<script>alert(1)</script>";
        var shop = await server.RegisterAsync();
        foreach (var name in new[] { "grant_type", "code", "scope", "resource", "client_id" })
        {
            var answer = await server.PostAsync($"{shop.Issuer}/token", Wire.Form((name, Script)), RelyingParty.Basic(shop.ClientId, shop.Secret));
            answer.Text.ShouldNotContain("alert");
            answer.Member("error_description")!.ShouldAllBe(c => c >= 0x20 && c <= 0x7e && c != '"' && c != '\\');
        }
    }

    [Theory]
    [InlineData("not base64!")]
    [InlineData("bm9jb2xvbg==")]
    [InlineData("Om5vLWlk")]
    [InlineData("")]
    public async Task A_basic_header_that_cannot_be_read_is_invalid_client_with_a_challenge(string credentials)
    {
        var service = await ServiceAsync();
        var answer = await server.PostAsync($"{service.Issuer}/token", "grant_type=client_credentials", "Basic " + credentials);
        answer.Status.ShouldBe(HttpStatusCode.Unauthorized);
        answer.Error.ShouldBe("invalid_client");
        answer.Headers.WwwAuthenticate.ToString().ShouldStartWith("Basic ");
    }

    [Fact]
    public async Task Wrong_secrets_unknown_clients_and_secrets_of_others_are_answered_alike()
    {
        var one = await ServiceAsync();
        var other = await ServiceAsync();
        var answers = new List<Answer>
        {
            await server.PostAsync($"{one.Issuer}/token", "grant_type=client_credentials", RelyingParty.Basic(one.ClientId, "wrong")),
            await server.PostAsync($"{one.Issuer}/token", "grant_type=client_credentials", RelyingParty.Basic("app-nobody", "wrong")),
            await server.PostAsync($"{one.Issuer}/token", "grant_type=client_credentials", RelyingParty.Basic(one.ClientId, other.Secret)),
            await server.PostAsync($"{one.Issuer}/token", "grant_type=client_credentials", RelyingParty.Basic(one.ClientId, "")),
        };
        answers.ShouldAllBe(a => a.Status == HttpStatusCode.Unauthorized && a.Headers.WwwAuthenticate.Count > 0);
        answers.Select(a => a.Text).Distinct().Count().ShouldBe(1);
    }

    [Fact]
    public async Task Two_ways_of_client_authentication_at_once_are_invalid_request()
    {
        var service = await ServiceAsync();
        var body = Wire.Form(("grant_type", "client_credentials"), ("client_id", service.ClientId), ("client_secret", service.Secret));
        (await server.PostAsync($"{service.Issuer}/token", body, RelyingParty.Basic(service.ClientId, service.Secret))).Error.ShouldBe("invalid_request");
    }

    [Fact]
    public async Task Another_client_id_in_the_body_than_in_the_header_is_refused()
    {
        var one = await ServiceAsync();
        var other = await ServiceAsync();
        var body = Wire.Form(("grant_type", "client_credentials"), ("client_id", other.ClientId));
        (await server.PostAsync($"{one.Issuer}/token", body, RelyingParty.Basic(one.ClientId, one.Secret))).Error.ShouldBe("invalid_request");
    }

    [Fact]
    public async Task A_client_of_one_directory_is_unknown_at_another()
    {
        var service = await ServiceAsync();
        var answer = await server.PostAsync($"{server.Issuer}/token", "grant_type=client_credentials", RelyingParty.Basic(service.ClientId, service.Secret));
        answer.Error.ShouldBe("invalid_client");
    }

    [Fact]
    public async Task A_confidential_client_gets_nothing_for_its_id_alone()
    {
        var shop = await server.RegisterAsync();
        var code = await shop.CodeAsync(await server.SignedInAsync());
        var body = Wire.Form(("grant_type", "authorization_code"), ("code", code), ("redirect_uri", shop.RedirectUri), ("code_verifier", shop.Verifier), ("client_id", shop.ClientId));
        (await server.PostAsync($"{shop.Issuer}/token", body)).Error.ShouldBe("invalid_client");
        (await shop.RedeemAsync(code)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_public_client_that_sends_a_secret_is_refused()
    {
        var spa = await server.RegisterAsync(ApplicationKind.Spa);
        var body = Wire.Form(("grant_type", "refresh_token"), ("refresh_token", "x"), ("client_id", spa.ClientId), ("client_secret", "guess"));
        (await server.PostAsync($"{spa.Issuer}/token", body)).Error.ShouldBe("invalid_client");
    }

    [Fact]
    public async Task A_code_of_one_directory_is_worth_nothing_at_another()
    {
        var shop = await server.RegisterAsync();
        var stranger = await server.RegisterAsync(directory: ProtocolServer.Staff);
        var code = await shop.CodeAsync(await server.SignedInAsync());
        (await stranger.RedeemAsync(code, ("code_verifier", shop.Verifier))).Error.ShouldBe("invalid_grant");
        (await shop.RedeemAsync(code)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_refresh_token_of_one_directory_is_worth_nothing_at_another()
    {
        var shop = await server.RegisterAsync();
        var stranger = await server.RegisterAsync(directory: ProtocolServer.Staff);
        var token = (await shop.TokensAsync(await server.SignedInAsync())).RefreshToken;
        (await stranger.RefreshAsync(token)).Error.ShouldBe("invalid_grant");
        (await shop.RefreshAsync(token)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("https://shop.example/callback/")]
    [InlineData("https://SHOP.example/callback")]
    [InlineData("https://shop.example/callback?x=1")]
    [InlineData("https://evil.example/callback")]
    public async Task A_code_is_bound_to_the_redirect_address_it_was_sent_to(string address)
    {
        var shop = await server.RegisterAsync();
        var code = await shop.CodeAsync(await server.SignedInAsync());
        (await shop.RedeemAsync(code, ("redirect_uri", address))).Error.ShouldBe("invalid_grant");
    }

    /// <summary>RFC 9700 section 2.1.1 and RFC 7636 section 4.6: no way around the verifier.</summary>
    [Theory]
    [InlineData("missing")]
    [InlineData("challenge")]
    [InlineData("other")]
    [InlineData("padded")]
    [InlineData("shorter")]
    public async Task A_code_without_its_verifier_is_worth_nothing(string sent)
    {
        var shop = await server.RegisterAsync();
        var code = await shop.CodeAsync(await server.SignedInAsync());
        var verifier = sent switch
        {
            "missing" => null,
            "challenge" => shop.Challenge,
            "other" => new string('v', 43),
            "padded" => shop.Verifier + "=",
            _ => shop.Verifier[..^1],
        };
        (await shop.RedeemAsync(code, ("code_verifier", verifier))).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    /// <summary>RFC 9700 section 4.14.2: the thief and the owner cannot both go on.</summary>
    [Fact]
    public async Task After_a_refresh_token_came_twice_neither_chain_goes_on_nor_the_access_tokens_of_either()
    {
        var shop = await server.RegisterAsync();
        var first = await shop.TokensAsync(await server.SignedInAsync());
        var owner = await shop.RefreshAsync(first.RefreshToken);
        (await shop.RefreshAsync(first.RefreshToken)).Error.ShouldBe("invalid_grant");
        (await shop.RefreshAsync(owner.RefreshToken)).Error.ShouldBe("invalid_grant");
        (await shop.UserinfoAsync(first.AccessToken)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await shop.UserinfoAsync(owner.AccessToken)).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Tokens_codes_and_secrets_are_long_and_never_the_same()
    {
        var shop = await server.RegisterAsync();
        var browser = await server.SignedInAsync();
        var codes = new[] { await shop.CodeAsync(browser), await shop.CodeAsync(browser) };
        var one = await shop.RedeemAsync(codes[0]);
        var two = await shop.RedeemAsync(codes[1]);
        string[] secrets = [.. codes, one.RefreshToken, two.RefreshToken, shop.Secret];
        // RFC 6749 section 10.10: at least 128 random bits; 43 characters of base64url are 256.
        secrets.ShouldAllBe(s => s.Length >= 43);
        secrets.Distinct().Count().ShouldBe(5);
        one.Access.Id.ShouldNotBe(two.Access.Id);
    }

    [Fact]
    public async Task A_secret_with_reserved_characters_is_read_as_the_standard_encodes_it()
    {
        var service = await ServiceAsync();
        var encoded = "Basic " + Convert.ToBase64String(Encoding.ASCII.GetBytes($"{service.ClientId}:{string.Concat(service.Secret.Select(c => $"%{(int)c:X2}"))}"));
        (await server.PostAsync($"{service.Issuer}/token", "grant_type=client_credentials", encoded)).Status.ShouldBe(HttpStatusCode.OK);
    }

    private static string Swapped(string text) => string.Concat(text.Select(c => char.IsUpper(c) ? char.ToLowerInvariant(c) : char.ToUpperInvariant(c)));

    private Task<RelyingParty> ServiceAsync() =>
        server.RegisterAsync(ApplicationKind.M2m, new ApplicationSettings { Permissions = ["identity.applications.read"] }, ProtocolServer.Staff);
}
