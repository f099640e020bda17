using System.Net;
using System.Text.Json;
using Custodia.Identity.Applications;
using Custodia.Identity.Keys;
using Custodia.Identity.Protocol;
using Custodia.Identity.Tokens;
using Custodia.Identity.Users;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Identity.Tests.Protocol;

/// <summary>The token endpoint: codes, refresh tokens, client credentials.</summary>
[Collection(ProtocolCollection.Name)]
public sealed class TokenTests(ProtocolServer server)
{
    [Fact]
    public async Task A_code_becomes_an_access_token_an_id_token_and_a_refresh_token()
    {
        var shop = await server.RegisterAsync();
        var answer = await shop.TokensAsync(await server.SignedInAsync());
        answer.Member("token_type").ShouldBe("Bearer");
        answer.Member("expires_in").ShouldBe("600");
        answer.Member("scope").ShouldBe("openid profile email offline_access");
        // RFC 6749 section 5.1
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
        answer.Headers.Pragma.ToString().ShouldBe("no-cache");
    }

    /// <summary>RFC 9068 section 2.</summary>
    [Fact]
    public async Task An_access_token_is_typed_signed_with_es256_and_says_who_for_whom_and_how_long()
    {
        var shop = await server.RegisterAsync();
        var token = (await shop.TokensAsync(await server.SignedInAsync())).Access;
        token.Typ.ShouldBe("at+jwt");
        token.Alg.ShouldBe("ES256");
        token.Issuer.ShouldBe(shop.Issuer);
        token.Audiences.ShouldBe([shop.Issuer]);
        token.Subject.ShouldBe(server.Person.ToString());
        token.GetPayloadValue<string>("client_id").ShouldBe(shop.ClientId);
        token.GetPayloadValue<string>("scope").ShouldBe("openid profile email offline_access");
        token.GetPayloadValue<string>("jti").ShouldNotBeNullOrEmpty();
        (token.ValidTo - token.IssuedAt).ShouldBe(TimeSpan.FromSeconds(600));
        token.EncodedPayload.ShouldNotContain("Ada");
    }

    /// <summary>OpenID Connect Core sections 2 and 3.1.3.6.</summary>
    [Fact]
    public async Task An_id_token_carries_nonce_time_and_way_of_signing_in_session_and_the_hash_of_the_access_token()
    {
        var shop = await server.RegisterAsync();
        var before = server.Time.GetUtcNow();
        var answer = await shop.TokensAsync(await server.SignedInAsync());
        var token = answer.Id;
        token.Typ.ShouldBe("JWT");
        token.Audiences.ShouldBe([shop.ClientId]);
        token.Subject.ShouldBe(answer.Access.Subject);
        token.GetPayloadValue<string>("nonce").ShouldBe(RelyingParty.Nonce);
        token.GetPayloadValue<long>("auth_time").ShouldBeGreaterThanOrEqualTo(before.ToUnixTimeSeconds());
        token.GetPayloadValue<string[]>("amr").ShouldBe(["pwd"]);
        token.GetPayloadValue<string>("acr").ShouldNotBeNullOrEmpty();
        token.GetPayloadValue<string>("sid").ShouldNotBeNullOrEmpty();
        token.GetPayloadValue<string>("at_hash").ShouldBe(Jwt.HalfHash(answer.AccessToken));
        // Core section 5.4: with a code, scopes speak through userinfo.
        token.TryGetPayloadValue<string>("email", out _).ShouldBeFalse();
    }

    /// <summary>Core section 5.5.</summary>
    [Fact]
    public async Task Claims_asked_for_one_by_one_come_where_they_were_asked_for()
    {
        var shop = await server.RegisterAsync();
        const string Claims = """{"id_token":{"email":{"essential":true},"name":null,"phone_number":null},"userinfo":{"locale":null,"unheard_of":null}}""";
        var answer = await shop.TokensAsync(await server.SignedInAsync(), ("scope", "openid"), ("claims", Claims));
        answer.Id.GetPayloadValue<string>("email").ShouldBe(ProtocolServer.Email);
        answer.Id.GetPayloadValue<string>("name").ShouldBe(ProtocolServer.DisplayName);
        answer.Id.TryGetPayloadValue<string>("phone_number", out _).ShouldBeFalse();
        var userinfo = await shop.UserinfoAsync(answer.AccessToken);
        userinfo.Member("locale").ShouldBe("en-GB");
        userinfo.Member("email").ShouldBeNull();
    }

    /// <summary>OpenID Connect Core section 11.</summary>
    [Fact]
    public async Task Without_offline_access_there_is_no_refresh_token_and_without_openid_no_id_token()
    {
        var shop = await server.RegisterAsync(settings: new ApplicationSettings { Scopes = ["openid", "orders:read"], Resources = ["https://api.shop.example"] });
        var browser = await server.SignedInAsync();
        (await shop.TokensAsync(browser, ("scope", "openid"))).Member("refresh_token").ShouldBeNull();
        var api = await shop.TokensAsync(browser, ("scope", "orders:read"), ("resource", "https://api.shop.example"));
        api.Member("id_token").ShouldBeNull();
        api.Access.Audiences.ShouldBe(["https://api.shop.example"]);
    }

    [Fact]
    public async Task An_application_that_asks_for_rs256_gets_it()
    {
        var shop = await server.RegisterAsync(settings: new ApplicationSettings { SigningAlgorithm = "RS256" });
        var answer = await shop.TokensAsync(await server.SignedInAsync());
        answer.Id.Alg.ShouldBe("RS256");
        (await shop.UserinfoAsync(answer.AccessToken)).Status.ShouldBe(HttpStatusCode.OK);
    }

    /// <summary>RFC 6749 section 4.1.2, one conditional update.</summary>
    [Fact]
    public async Task Of_twenty_parallel_redemptions_of_a_code_one_succeeds()
    {
        var shop = await server.RegisterAsync();
        var code = await shop.CodeAsync(await server.SignedInAsync());
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => shop.RedeemAsync(code)));
        answers.Count(a => a.Status == HttpStatusCode.OK).ShouldBe(1);
        answers.Where(a => a.Status != HttpStatusCode.OK).ShouldAllBe(a => a.Error == "invalid_grant");
    }

    /// <summary>RFC 6749 section 4.1.2: "SHOULD revoke (when possible) all tokens previously issued based on that authorization code".</summary>
    [Fact]
    public async Task A_redeemed_code_that_comes_again_takes_everything_back_that_it_gave()
    {
        var shop = await server.RegisterAsync();
        var code = await shop.CodeAsync(await server.SignedInAsync());
        var first = await shop.RedeemAsync(code);
        (await shop.RedeemAsync(code)).Error.ShouldBe("invalid_grant");
        (await shop.RefreshAsync(first.RefreshToken)).Error.ShouldBe("invalid_grant");
        (await shop.UserinfoAsync(first.AccessToken)).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_code_lives_for_a_minute()
    {
        var shop = await server.RegisterAsync();
        var code = await shop.CodeAsync(await server.SignedInAsync());
        server.Time.Advance(TimeSpan.FromSeconds(61));
        (await shop.RedeemAsync(code)).Error.ShouldBe("invalid_grant");
    }

    [Fact]
    public async Task A_code_is_worth_nothing_to_another_application_and_survives_its_try()
    {
        var shop = await server.RegisterAsync();
        var thief = await server.RegisterAsync();
        var code = await shop.CodeAsync(await server.SignedInAsync());
        (await thief.RedeemAsync(code, ("code_verifier", shop.Verifier))).Error.ShouldBe("invalid_grant");
        (await shop.RedeemAsync(code)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    // RFC 6749 section 4.1.3
    [InlineData("code", null, "invalid_request")]
    [InlineData("code", "unknown", "invalid_grant")]
    [InlineData("redirect_uri", null, "invalid_request")]
    [InlineData("redirect_uri", "https://shop.example/other", "invalid_grant")]
    // RFC 7636 section 4.6
    [InlineData("code_verifier", null, "invalid_request")]
    [InlineData("code_verifier", "tooshort", "invalid_request")]
    [InlineData("code_verifier", "0123456789012345678901234567890123456789===", "invalid_request")]
    [InlineData("code_verifier", "0123456789012345678901234567890123456789abc", "invalid_grant")]
    // RFC 8707 section 2.2
    [InlineData("resource", "https://api.example", "invalid_target")]
    // RFC 6749 section 5.2
    [InlineData("grant_type", null, "invalid_request")]
    [InlineData("grant_type", "password", "unsupported_grant_type")]
    [InlineData("grant_type", "implicit", "unsupported_grant_type")]
    [InlineData("grant_type", "client_credentials", "unauthorized_client")]
    public async Task A_redemption_that_breaks_a_rule_is_answered_with_the_standards_code(string name, string? value, string error)
    {
        var shop = await server.RegisterAsync();
        var code = await shop.CodeAsync(await server.SignedInAsync());
        var answer = await shop.RedeemAsync(code, (name, value));
        answer.Status.ShouldBe(HttpStatusCode.BadRequest);
        answer.Error.ShouldBe(error);
        answer.Type!.MediaType.ShouldBe("application/json");
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
    }

    [Fact]
    public async Task A_parameter_that_is_sent_twice_is_invalid_request()
    {
        var shop = await server.RegisterAsync();
        var answer = await shop.PostAsync("token", [("grant_type", "client_credentials"), ("grant_type", "refresh_token")]);
        answer.Error.ShouldBe("invalid_request");
    }

    [Fact]
    public async Task A_body_that_is_no_form_is_invalid_request()
    {
        using var content = new StringContent("{\"grant_type\":\"client_credentials\"}", System.Text.Encoding.UTF8, "application/json");
        using var answer = await server.Client().PostAsync($"{server.Issuer}/token", content);
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await Answer.OfAsync(answer)).Error.ShouldBe("invalid_request");
    }

    [Fact]
    public async Task A_body_without_end_is_refused_before_it_is_read()
    {
        using var content = new StringContent("code=" + new string('x', 100_000), System.Text.Encoding.UTF8, "application/x-www-form-urlencoded");
        using var answer = await server.Client().PostAsync($"{server.Issuer}/token", content);
        ((int)answer.StatusCode).ShouldBeInRange(400, 413);
    }

    [Fact]
    public async Task A_changed_password_ends_the_grants_made_before_it()
    {
        var shop = await server.RegisterAsync();
        var id = await server.AddPersonAsync("changer", "changer@example.com", "Changer");
        var tokens = await shop.TokensAsync(await server.SignedInAsync("changer"));
        await server.InScopeAsync(services => services.GetRequiredService<IdentityContext>().Users.Where(u => u.Id == id)
            .ExecuteUpdateAsync(set => set.SetProperty(u => u.SecurityStamp, SecurityStamp.New())));
        (await shop.RefreshAsync(tokens.RefreshToken)).Error.ShouldBe("invalid_grant");
        (await shop.UserinfoAsync(tokens.AccessToken)).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    /// <summary>A server recognises what it signed or read lately; another process reads and verifies the text. Both must find the same.</summary>
    [Fact]
    public async Task What_is_remembered_of_a_token_is_what_its_text_says()
    {
        var person = await server.SignedInAsync();
        var shop = await server.RegisterAsync();
        var bound = await server.RegisterAsync();
        bound.Dpop = new TestKey(server);
        var service = await server.RegisterAsync(ApplicationKind.M2m, new ApplicationSettings { Permissions = ["identity.applications.read"] }, ProtocolServer.Staff);
        var ofService = (await service.ClientCredentialsAsync()).AccessToken;
        string[] texts = [(await shop.TokensAsync(person)).AccessToken, (await bound.TokensAsync(person)).AccessToken, ofService];
        var signed = server.Services.GetRequiredService<SignedTokens>();
        var other = new JwtAccessTokens(server.Services.GetRequiredService<Issuers>(), server.Services.GetRequiredService<KeyRings>(), new SignedTokens());
        // A service's token may never come here: it is remembered when it does.
        signed.Find(ofService).ShouldBeNull();
        (await server.Services.GetRequiredService<JwtAccessTokens>().ReadAsync(ofService, default)).ShouldNotBeNull();
        foreach (var text in texts)
        {
            var remembered = signed.Find(text).ShouldNotBeNull().Facts;
            var read = (await other.ReadAsync(text, default)).ShouldNotBeNull();
            JsonSerializer.Serialize(remembered).ShouldBe(JsonSerializer.Serialize(read));
            signed.Find(text[..^1] + (text[^1] == 'A' ? 'B' : 'A')).ShouldBeNull();
        }
    }
}
