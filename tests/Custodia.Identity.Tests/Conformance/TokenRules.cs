using System.Net;
using System.Security.Cryptography;
using System.Text;
using Custodia.Identity.Applications;
using Custodia.Identity.Tests.Protocol;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Custodia.Identity.Tests.Conformance;

/// <summary>What tokens say and what is taken for one: OpenID Connect Core sections 2, 3.1.3, 5.3 and 12; RFC 8725; RFC 9068; RFC 6750; ASVS chapter 9.</summary>
[Collection(ProtocolCollection.Name)]
public sealed class TokenRules(ProtocolServer server)
{
    [Fact]
    public async Task An_id_token_is_valid_by_the_published_keys_for_this_client_alone()
    {
        var shop = await server.RegisterAsync();
        var token = (await shop.TokensAsync(await server.SignedInAsync())).Id;
        token.Issuer.ShouldBe(shop.Issuer);
        token.Audiences.ShouldBe([shop.ClientId]);
        // Core section 2: azp only where there is another audience.
        token.TryGetPayloadValue<string>("azp", out _).ShouldBeFalse();
        token.Subject.Length.ShouldBeLessThanOrEqualTo(255);
        token.Subject.ShouldAllBe(c => c < 128);
        (await ValidAsync(shop, token.EncodedToken, shop.ClientId, "JWT")).ShouldBeTrue();
        (await ValidAsync(shop, token.EncodedToken, "app-other", "JWT")).ShouldBeFalse();
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("with blanks & signs ?=#%")]
    [InlineData("\u4e2d\u6587")]
    public async Task A_nonce_comes_back_exactly_as_it_was_sent(string nonce)
    {
        var shop = await server.RegisterAsync();
        (await shop.TokensAsync(await server.SignedInAsync(), ("nonce", nonce))).Id.GetPayloadValue<string>("nonce").ShouldBe(nonce);
    }

    [Fact]
    public async Task Without_a_nonce_there_is_none_in_the_id_token()
    {
        var shop = await server.RegisterAsync();
        (await shop.TokensAsync(await server.SignedInAsync(), ("nonce", null))).Id.TryGetPayloadValue<string>("nonce", out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData("ES256")]
    [InlineData("RS256")]
    public async Task The_hash_in_an_id_token_is_that_of_the_access_token_beside_it(string algorithm)
    {
        var shop = await server.RegisterAsync(settings: new ApplicationSettings { SigningAlgorithm = algorithm });
        var answer = await shop.TokensAsync(await server.SignedInAsync());
        answer.Id.Alg.ShouldBe(algorithm);
        answer.Id.GetPayloadValue<string>("at_hash").ShouldBe(Half(answer.AccessToken));
        var refreshed = await shop.RefreshAsync(answer.RefreshToken);
        refreshed.Id.GetPayloadValue<string>("at_hash").ShouldBe(Half(refreshed.AccessToken));
    }

    [Fact]
    public async Task Times_in_tokens_are_numbers_and_make_sense()
    {
        var shop = await server.RegisterAsync();
        var browser = await server.SignedInAsync();
        server.Time.Advance(TimeSpan.FromSeconds(3));
        var answer = await shop.TokensAsync(browser);
        var now = server.Time.GetUtcNow().ToUnixTimeSeconds();
        foreach (var token in new[] { answer.Id, answer.Access })
        {
            token.GetPayloadValue<long>("iat").ShouldBeInRange(now - 5, now);
            token.GetPayloadValue<long>("exp").ShouldBeGreaterThan(now);
            token.GetPayloadValue<long>("auth_time").ShouldBeLessThanOrEqualTo(token.GetPayloadValue<long>("iat") - 3);
        }

        answer.Json.GetProperty("expires_in").GetInt64().ShouldBe(answer.Access.GetPayloadValue<long>("exp") - answer.Access.GetPayloadValue<long>("iat"));
    }

    /// <summary>Core section 12.2.</summary>
    [Fact]
    public async Task An_id_token_from_a_refresh_is_about_the_same_sign_in()
    {
        var shop = await server.RegisterAsync();
        var first = await shop.TokensAsync(await server.SignedInAsync());
        server.Time.Advance(TimeSpan.FromMinutes(1));
        var next = await shop.RefreshAsync(first.RefreshToken);
        foreach (var claim in new[] { "iss", "sub", "aud", "auth_time", "sid" })
            next.Id.GetClaim(claim).Value.ShouldBe(first.Id.GetClaim(claim).Value, claim);
        next.Id.GetPayloadValue<long>("iat").ShouldBeGreaterThan(first.Id.GetPayloadValue<long>("iat"));
        next.Id.TryGetPayloadValue<string>("nonce", out _).ShouldBeFalse();
    }

    /// <summary>RFC 9068 section 2.</summary>
    [Fact]
    public async Task An_access_token_has_its_own_type_and_every_claim_that_is_required()
    {
        var shop = await server.RegisterAsync();
        var answer = await shop.TokensAsync(await server.SignedInAsync());
        answer.Access.Typ.ShouldBe("at+jwt");
        foreach (var claim in new[] { "iss", "exp", "aud", "sub", "client_id", "iat", "jti", "scope", "auth_time", "acr" })
            answer.Access.TryGetPayloadValue<object>(claim, out _).ShouldBeTrue(claim);
        (await ValidAsync(shop, answer.AccessToken, shop.Issuer, "at+jwt")).ShouldBeTrue();
        answer.Id.Typ.ShouldNotBe(answer.Access.Typ);
    }

    [Fact]
    public async Task An_access_token_says_nothing_about_the_person_but_their_number()
    {
        var shop = await server.RegisterAsync();
        var claims = Encoding.UTF8.GetString(WebEncoders.Base64UrlDecode((await shop.TokensAsync(await server.SignedInAsync())).AccessToken.Split('.')[1]));
        claims.ShouldNotContain(ProtocolServer.Email);
        claims.ShouldNotContain(ProtocolServer.DisplayName);
    }

    /// <summary>RFC 8725 sections 3.1, 3.10 and 3.11; RFC 9068 section 4; ASVS 9.1 and 9.2.</summary>
    [Theory]
    [InlineData("none")]
    [InlineData("None")]
    [InlineData("hmac")]
    [InlineData("jwk")]
    [InlineData("jku")]
    [InlineData("x5u")]
    [InlineData("same kid")]
    [InlineData("changed")]
    [InlineData("id token")]
    [InlineData("refresh token")]
    [InlineData("code")]
    public async Task What_is_not_an_access_token_of_ours_opens_nothing(string kind)
    {
        var shop = await server.RegisterAsync();
        var browser = await server.SignedInAsync();
        var tokens = await shop.TokensAsync(browser);
        var presented = kind switch
        {
            "none" or "None" => Forged.Unsigned(tokens.AccessToken, "at+jwt", kind),
            "hmac" => Forged.Confused(tokens.AccessToken, "at+jwt", Encoding.ASCII.GetBytes(await JwksAsync(shop))),
            "changed" => Forged.Changed(tokens.AccessToken, "\"scope\":\"openid", "\"scope\":\"openid phone"),
            "id token" => tokens.IdToken,
            "refresh token" => tokens.RefreshToken,
            "code" => await shop.CodeAsync(browser),
            _ => Forged.BringingItsKey(tokens.AccessToken, "at+jwt", kind),
        };
        var answer = await shop.UserinfoAsync(presented);
        answer.Status.ShouldBe(HttpStatusCode.Unauthorized);
        answer.Headers.WwwAuthenticate.ToString().ShouldContain("error=\"invalid_token\"");
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("a.b.c.d.e")]
    [InlineData("eyJ.eyJ.x")]
    [InlineData("\u0000")]
    [InlineData("../../etc/passwd")]
    public async Task Nonsense_as_a_token_is_refused_and_breaks_nothing(string token)
    {
        var shop = await server.RegisterAsync();
        var answer = await server.GetAsync($"{shop.Issuer}/userinfo", ("Authorization", "Bearer " + token));
        ((int)answer.Status).ShouldBeInRange(400, 401);
    }

    [Fact]
    public async Task A_token_without_end_is_refused()
    {
        var shop = await server.RegisterAsync();
        var answer = await shop.PostRawAsync("userinfo", [("access_token", new string('a', 20_000))], null);
        answer.Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    /// <summary>RFC 6750 section 2.3 and ASVS 10: addresses are logged and shared.</summary>
    /// <summary>RFC 6750 section 2: the token as it was given, in a header or a form.</summary>
    [Theory]
    [InlineData("Bearer {0}=")]
    [InlineData("Bearer {0}.")]
    [InlineData("Bearer \"{0}\"")]
    [InlineData("Bearer\t{0}")]
    [InlineData("Bearer {0}, Bearer {0}")]
    [InlineData("Token {0}")]
    [InlineData("{0}")]
    public async Task A_token_in_another_form_opens_nothing(string header)
    {
        var shop = await server.RegisterAsync();
        var token = (await shop.TokensAsync(await server.SignedInAsync())).AccessToken;
        var answer = await server.GetAsync($"{shop.Issuer}/userinfo", ("Authorization", string.Format(System.Globalization.CultureInfo.InvariantCulture, header, token)));
        answer.Status.ShouldBe(HttpStatusCode.Unauthorized);
        answer.Headers.WwwAuthenticate.ShouldNotBeEmpty();
    }

    /// <summary>RFC 6750 section 2.2: a form is one of its media type.</summary>
    [Theory]
    [InlineData("application/json", "{\"access_token\":\"TOKEN\"}")]
    [InlineData("multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"access_token\"\r\n\r\nTOKEN\r\n--x--")]
    [InlineData("text/plain", "access_token=TOKEN")]
    public async Task A_token_in_another_media_type_is_not_taken(string type, string body)
    {
        var shop = await server.RegisterAsync();
        var token = (await shop.TokensAsync(await server.SignedInAsync())).AccessToken;
        (await server.PostAsync($"{shop.Issuer}/userinfo", body.Replace("TOKEN", token, StringComparison.Ordinal), type: type)).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_token_in_the_address_is_not_taken()
    {
        var shop = await server.RegisterAsync();
        var token = (await shop.TokensAsync(await server.SignedInAsync())).AccessToken;
        (await server.GetAsync($"{shop.Issuer}/userinfo?access_token={token}")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await server.GetAsync($"{server.Url}/api/v1/users?access_token={token}")).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_session_cookie_is_no_token()
    {
        var shop = await server.RegisterAsync();
        var browser = await server.SignedInAsync();
        var page = await browser.GetAsync($"{shop.Issuer}/userinfo");
        page.Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Userinfo_answers_get_and_post_and_nothing_else_and_is_not_stored()
    {
        var shop = await server.RegisterAsync();
        var token = (await shop.TokensAsync(await server.SignedInAsync())).AccessToken;
        var got = await shop.UserinfoAsync(token);
        var posted = await server.SendAsync(HttpMethod.Post, $"{shop.Issuer}/userinfo", null, ("Authorization", "Bearer " + token));
        posted.Text.ShouldBe(got.Text);
        posted.ShouldNotBeStored();
        got.Type!.MediaType.ShouldBe("application/json");
        (await server.SendAsync(HttpMethod.Put, $"{shop.Issuer}/userinfo", null, ("Authorization", "Bearer " + token))).Status.ShouldBe(HttpStatusCode.MethodNotAllowed);
    }

    /// <summary>Core section 5.3.2: or an application could be told of somebody else.</summary>
    [Fact]
    public async Task Userinfo_is_about_the_person_of_the_id_token()
    {
        var shop = await server.RegisterAsync();
        var answer = await shop.TokensAsync(await server.SignedInAsync());
        (await shop.UserinfoAsync(answer.AccessToken)).Member("sub").ShouldBe(answer.Id.Subject);
    }

    [Fact]
    public async Task A_token_of_one_directory_is_worth_nothing_at_another()
    {
        var shop = await server.RegisterAsync();
        var token = (await shop.TokensAsync(await server.SignedInAsync())).AccessToken;
        (await server.GetAsync($"{server.Url}/d/{ProtocolServer.Staff}/userinfo", ("Authorization", "Bearer " + token))).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    /// <summary>RFC 9068 section 4 and RFC 8707: the audience counts.</summary>
    [Fact]
    public async Task A_token_for_another_resource_opens_neither_userinfo_nor_the_api()
    {
        const string Resource = "https://orders.shop.example";
        var shop = await server.RegisterAsync(settings: new ApplicationSettings { Scopes = ["orders:read"], Resources = [Resource] });
        var token = (await shop.TokensAsync(await server.SignedInAsync(), ("scope", "orders:read"), ("resource", Resource))).AccessToken;
        new JsonWebToken(token).Audiences.ShouldBe([Resource]);
        (await shop.UserinfoAsync(token)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await server.GetAsync($"{server.Url}/api/v1/applications", ("Authorization", "Bearer " + token))).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("orders")]
    [InlineData("https://orders.shop.example#x")]
    [InlineData("https://orders.shop.example/")]
    [InlineData("https://ORDERS.shop.example")]
    public async Task A_resource_that_is_not_exactly_the_registered_one_is_invalid_target(string resource)
    {
        var shop = await server.RegisterAsync(settings: new ApplicationSettings { Scopes = ["orders:read"], Resources = ["https://orders.shop.example"] });
        (await (await server.SignedInAsync()).GetAsync(shop.Authorize(("scope", "orders:read"), ("resource", resource))))["error"].ShouldBe("invalid_target");
    }

    [Fact]
    public async Task Another_resource_at_the_token_endpoint_than_was_granted_is_invalid_target()
    {
        var shop = await server.RegisterAsync(settings: new ApplicationSettings { Scopes = ["orders:read"], Resources = ["https://a.example", "https://b.example"] });
        var code = await shop.CodeAsync(await server.SignedInAsync(), ("scope", "orders:read"), ("resource", "https://a.example"));
        (await shop.RedeemAsync(code, ("resource", "https://b.example"))).Error.ShouldBe("invalid_target");
    }

    [Fact]
    public async Task The_challenge_of_a_refused_token_says_bearer_and_why()
    {
        var shop = await server.RegisterAsync(settings: new ApplicationSettings { Scopes = ["openid", "orders:read"] });
        var browser = await server.SignedInAsync();
        var without = (await shop.TokensAsync(browser, ("scope", "orders:read"))).AccessToken;
        var refused = await shop.UserinfoAsync(without);
        refused.Status.ShouldBe(HttpStatusCode.Forbidden);
        refused.Headers.WwwAuthenticate.ToString().ShouldContain("error=\"insufficient_scope\"");
        var none = await server.GetAsync($"{shop.Issuer}/userinfo");
        none.Headers.WwwAuthenticate.ToString().ShouldNotContain("error");
    }

    private async Task<bool> ValidAsync(RelyingParty shop, string token, string audience, string type)
    {
        var result = await new JsonWebTokenHandler { MapInboundClaims = false }.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = shop.Issuer,
            ValidAudience = audience,
            ValidTypes = [type],
            IssuerSigningKeys = new JsonWebKeySet(await JwksAsync(shop)).GetSigningKeys(),
            LifetimeValidator = (_, expires, _, _) => expires > server.Time.GetUtcNow().UtcDateTime,
        });
        return result.IsValid;
    }

    private async Task<string> JwksAsync(RelyingParty shop)
    {
        using var client = server.Client();
        return await client.GetStringAsync($"{shop.Issuer}/jwks");
    }

    private static string Half(string token) => WebEncoders.Base64UrlEncode(SHA256.HashData(Encoding.ASCII.GetBytes(token)).AsSpan(0, 16));
}
