using System.Net;
using System.Text;
using Custodia.Identity.Applications;
using Custodia.Identity.Tests.Protocol;
using Microsoft.AspNetCore.WebUtilities;

namespace Custodia.Identity.Tests.Conformance;

/// <summary>Names, charsets, base64url and JSON as strangers send them: RFC 6749 section 1.9 and appendix B, RFC 7515, RFC 7493, RFC 8259.</summary>
[Collection(ProtocolCollection.Name)]
public sealed class TextRules(ProtocolServer server)
{
    [Fact]
    public async Task Broken_bytes_in_a_form_reach_no_error_page()
    {
        var shop = await server.RegisterAsync();
        foreach (var body in new[] { "%", "%zz=%zz", "=", "&&&", "grant_type=%00", "grant_type=%ff%fe", "a=" + new string('b', 60_000) })
        {
            var answer = await server.PostAsync($"{shop.Issuer}/token", body, RelyingParty.Basic(shop.ClientId, shop.Secret));
            answer.Status.ShouldBe(HttpStatusCode.BadRequest, body.Length > 20 ? "long" : body);
            answer.Error.ShouldNotBeNull();
        }
    }

    private const string AssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    /// <summary>RFC 8259 section 8.2: half of a surrogate pair makes "unpredictable behavior" elsewhere; here it is refused.</summary>
    [Theory]
    [InlineData("""{"id_token":{"\ud800":null}}""")]
    [InlineData("""{"id_token":{"sub":{"value":"\ud800"}}}""")]
    [InlineData("""{"id_token":{"acr":{"essential":true,"values":["\udfff"]}}}""")]
    [InlineData("""{"userinfo":{"email":{"value":"\ud83dx"}}}""")]
    public async Task A_claims_request_that_is_no_unicode_is_invalid_request(string claims)
    {
        var shop = await server.RegisterAsync();
        (await new TestBrowser(server).GetAsync(shop.Authorize(("claims", claims))))["error"].ShouldBe("invalid_request");
        (await shop.PushAsync(("claims", claims))).Error.ShouldBe("invalid_request");
    }

    [Fact]
    public async Task Escapes_that_are_unicode_are_read()
    {
        var shop = await server.RegisterAsync();
        var claims = """{"id_token":{"\u0065mail":{"essential":true},"\ud83d\ude00":null}}""";
        (await shop.TokensAsync(await server.SignedInAsync(), ("scope", "openid"), ("claims", claims))).Id.GetPayloadValue<string>("email").ShouldBe(ProtocolServer.Email);
    }

    [Theory]
    [InlineData("sub")]
    [InlineData("aud")]
    [InlineData("jti")]
    [InlineData("alg")]
    [InlineData("typ")]
    [InlineData("kid")]
    [InlineData("bytes")]
    public async Task A_client_assertion_that_is_no_unicode_is_invalid_client(string where)
    {
        var key = new TestKey(server);
        var shop = await ByKeyAsync(key);
        var parts = key.Assertion(shop).Split('.');
        var broken = where is "alg" or "typ" or "kid" ? 0 : 1;
        parts[broken] = Broken(parts[broken], where);
        (await SendAsync(shop, key.SignEncoded(parts[0], parts[1]))).Error.ShouldBe("invalid_client");
    }

    [Theory]
    [InlineData("htm")]
    [InlineData("htu")]
    [InlineData("typ")]
    [InlineData("kty")]
    [InlineData("bytes")]
    public async Task A_proof_that_is_no_unicode_is_invalid_dpop_proof(string where)
    {
        var shop = await server.RegisterAsync();
        var key = new TestKey(server);
        var parts = key.Proof("POST", $"{shop.Issuer}/token").Split('.');
        var broken = where is "typ" or "kty" ? 0 : 1;
        parts[broken] = Broken(parts[broken], where);
        (await ProveAsync(shop, key.SignEncoded(parts[0], parts[1]))).Error.ShouldBe("invalid_dpop_proof");
    }

    /// <summary>RFC 7515 sections 2 and 5.2, step 2: base64url with "no line breaks, whitespace, or other additional characters".</summary>
    [Theory]
    [InlineData("padding")]
    [InlineData("blank")]
    [InlineData("base64")]
    public async Task A_signed_token_with_anything_but_base64url_is_refused(string what)
    {
        var key = new TestKey(server);
        var byKey = await ByKeyAsync(key);
        (await SendAsync(byKey, Spoil(key.Assertion(byKey), what))).Error.ShouldBe("invalid_client");
        var shop = await server.RegisterAsync();
        (await ProveAsync(shop, Spoil(key.Proof("POST", $"{shop.Issuer}/token"), what))).Error.ShouldBe("invalid_dpop_proof");
    }

    /// <summary>RFC 6749 section 1.9: names are case sensitive, so the same word in another case is a parameter nobody knows.</summary>
    [Fact]
    public async Task Names_of_parameters_count_in_their_own_case()
    {
        var shop = await server.RegisterAsync();
        var page = await (await server.SignedInAsync()).GetAsync(shop.Authorize().Replace("/authorize?", "/authorize?STATE=other&Client_Id=other&", StringComparison.Ordinal));
        page["code"].ShouldNotBeNull(page.Html);
        page["state"].ShouldBe(RelyingParty.State);
    }

    /// <summary>A form whose meaning is open is refused, not read in one way or the other.</summary>
    [Fact]
    public async Task A_form_with_a_name_in_two_cases_is_invalid_request()
    {
        var shop = await server.RegisterAsync();
        (await server.PostAsync($"{shop.Issuer}/token", "Grant_Type=client_credentials&grant_type=refresh_token", RelyingParty.Basic(shop.ClientId, shop.Secret))).Error.ShouldBe("invalid_request");
    }

    /// <summary>RFC 6749 appendix B: an encoded name is the same name.</summary>
    [Fact]
    public async Task Names_of_parameters_may_be_encoded()
    {
        var shop = await server.RegisterAsync();
        (await (await server.SignedInAsync()).GetAsync(shop.Authorize().Replace("client_id=", "client%5Fid=", StringComparison.Ordinal)))["code"].ShouldNotBeNull();
    }

    /// <summary>RFC 6749 appendix B: UTF-8. .NET refuses to read UTF-7, which must not be an internal error.</summary>
    [Theory]
    [InlineData("token", HttpStatusCode.BadRequest)]
    [InlineData("par", HttpStatusCode.BadRequest)]
    [InlineData("revoke", HttpStatusCode.BadRequest)]
    [InlineData("introspect", HttpStatusCode.BadRequest)]
    [InlineData("device_authorization", HttpStatusCode.BadRequest)]
    [InlineData("authorize", HttpStatusCode.BadRequest)]
    [InlineData("logout", HttpStatusCode.BadRequest)]
    [InlineData("sign-in", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("logout/confirm", HttpStatusCode.UnsupportedMediaType)]
    public async Task A_form_in_a_charset_that_nobody_reads_is_refused_and_breaks_nothing(string endpoint, HttpStatusCode status) =>
        (await server.PostAsync($"{server.Issuer}/{endpoint}", "a=b", type: "application/x-www-form-urlencoded; charset=utf-7")).Status.ShouldBe(status);

    /// <summary>RFC 9110 section 8.3.1: media types are compared without case.</summary>
    [Fact]
    public async Task The_media_type_of_a_form_counts_in_any_case()
    {
        var shop = await server.RegisterAsync();
        var answer = await server.PostAsync($"{shop.Issuer}/revoke", "token=x", RelyingParty.Basic(shop.ClientId, shop.Secret), "Application/X-WWW-Form-URLEncoded");
        answer.Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Too_many_parameters_and_names_without_end_are_invalid_request()
    {
        var shop = await server.RegisterAsync();
        foreach (var body in new[] { string.Join('&', Enumerable.Range(0, 1100).Select(i => $"p{i}=1")), new string('k', 3000) + "=1" })
            (await server.PostAsync($"{shop.Issuer}/token", "grant_type=refresh_token&" + body, RelyingParty.Basic(shop.ClientId, shop.Secret))).Error.ShouldBe("invalid_request");
    }

    /// <summary>Replaces the value of a member, or adds bytes that are no UTF-8.</summary>
    private static string Broken(string part, string member)
    {
        var json = Encoding.UTF8.GetString(WebEncoders.Base64UrlDecode(part));
        if (member == "bytes") return WebEncoders.Base64UrlEncode([.. Encoding.UTF8.GetBytes(json[..^1] + ",\"x\":\""), 0xff, 0xfe, (byte)'"', (byte)'}']);
        var text = System.Text.RegularExpressions.Regex.Replace(json, $"\"{member}\":\"[^\"]*\"", $"\"{member}\":\"\\ud800\"", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1));
        if (text == json) text = json[..^1] + $",\"{member}\":\"\\ud800\"}}";
        return WebEncoders.Base64UrlEncode(Encoding.ASCII.GetBytes(text));
    }

    private static string Spoil(string token, string what) => what switch
    {
        "padding" => token + "==",
        "blank" => token[..^5] + " " + token[^5..],
        _ => string.Join('.', token.Split('.').Select(part => Convert.ToBase64String(WebEncoders.Base64UrlDecode(part)))),
    };

    private Task<RelyingParty> ByKeyAsync(TestKey key) => PrivateKeys.RegisterAsync(server, key);

    private static Task<Answer> SendAsync(RelyingParty shop, string assertion) =>
        shop.PostRawAsync("token", [("grant_type", "refresh_token"), ("refresh_token", new string('r', 43)), ("client_assertion_type", AssertionType), ("client_assertion", assertion)], null);

    private static Task<Answer> ProveAsync(RelyingParty shop, string proof) =>
        shop.PostRawAsync("token", [("grant_type", "refresh_token"), ("refresh_token", new string('r', 43))], RelyingParty.Basic(shop.ClientId, shop.Secret), proof);
}

/// <summary>Applications that authenticate with a key.</summary>
internal static class PrivateKeys
{
    public static async Task<RelyingParty> RegisterAsync(ProtocolServer server, TestKey key)
    {
        var settings = new ApplicationSettings { Protocol = new ProtocolSettings(Authentication: ProtocolSettings.PrivateKeyJwt, Jwks: key.KeySet) };
        var party = await server.RegisterAsync(settings: settings);
        party.Key = key;
        return party;
    }
}
