using System.Net;
using System.Text;
using Custodia.Identity.Tests.Protocol;
using Microsoft.AspNetCore.WebUtilities;

namespace Custodia.Identity.Tests.Conformance;

/// <summary>Client assertions (RFC 7523) and DPoP proofs (RFC 9449) that somebody made who knows the tricks: RFC 7515, 7518, 8725.</summary>
[Collection(ProtocolCollection.Name)]
public sealed class SignatureRules(ProtocolServer server)
{
    private const string AssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    /// <summary>RFC 7523 section 3 (3), RFC 9700 section 4.4: an audience that only looks like ours is another server's.</summary>
    [Theory]
    [InlineData("/")]
    [InlineData("/introspect")]
    [InlineData("?x")]
    [InlineData("upper")]
    [InlineData("other directory")]
    public async Task An_audience_that_only_looks_like_ours_is_invalid_client(string difference)
    {
        var key = new TestKey(server);
        var shop = await PrivateKeys.RegisterAsync(server, key);
        var audience = difference switch
        {
            "upper" => shop.Issuer.ToUpperInvariant(),
            "other directory" => $"{server.Url}/d/{ProtocolServer.Staff}",
            _ => shop.Issuer + difference,
        };
        (await SendAsync(shop, key.Assertion(shop, ("aud", audience)))).Error.ShouldBe("invalid_client");
    }

    /// <summary>RFC 8725 section 3.11: a token of another type is no assertion, whatever it says.</summary>
    [Theory]
    [InlineData("at+jwt")]
    [InlineData("dpop+jwt")]
    [InlineData("logout+jwt")]
    public async Task A_token_of_another_type_is_no_client_assertion(string type)
    {
        var key = new TestKey(server);
        var shop = await PrivateKeys.RegisterAsync(server, key);
        (await SendAsync(shop, Resign(key, key.Assertion(shop), ("typ", type)))).Error.ShouldBe("invalid_client");
    }

    /// <summary>RFC 7515 section 4.1.11: what is critical and not understood makes the token invalid.</summary>
    [Fact]
    public async Task A_critical_header_is_refused()
    {
        var key = new TestKey(server);
        var byKey = await PrivateKeys.RegisterAsync(server, key);
        (await SendAsync(byKey, Resign(key, key.Assertion(byKey), ("crit", new[] { "exp" })))).Error.ShouldBe("invalid_client");
        var shop = await server.RegisterAsync();
        (await ProveAsync(shop, Resign(key, key.Proof("POST", $"{shop.Issuer}/token"), ("crit", new[] { "b64" }), ("b64", false)))).Error.ShouldBe("invalid_dpop_proof");
    }

    /// <summary>RFC 8725 section 3.10: a key that an assertion brings along is its own word only.</summary>
    [Theory]
    [InlineData("jwk")]
    [InlineData("jku")]
    [InlineData("x5u")]
    public async Task A_key_in_the_header_of_an_assertion_counts_for_nothing(string header)
    {
        var key = new TestKey(server);
        var shop = await PrivateKeys.RegisterAsync(server, key);
        (await SendAsync(shop, Forged.BringingItsKey(key.Assertion(shop), "JWT", header))).Error.ShouldBe("invalid_client");
    }

    /// <summary>RFC 7518 section 3.4: r and s side by side, neither of them zero (CVE-2022-21449), nothing else.</summary>
    [Theory]
    [InlineData("der")]
    [InlineData("zero")]
    [InlineData("short")]
    [InlineData("order")]
    public async Task A_signature_in_another_form_is_refused(string form)
    {
        var key = new TestKey(server);
        var byKey = await PrivateKeys.RegisterAsync(server, key);
        (await SendAsync(byKey, WithSignature(key.Assertion(byKey), form))).Error.ShouldBe("invalid_client");
        var shop = await server.RegisterAsync();
        (await ProveAsync(shop, WithSignature(key.Proof("POST", $"{shop.Issuer}/token"), form))).Error.ShouldBe("invalid_dpop_proof");
    }

    /// <summary>RFC 7519 section 2: a NumericDate is a number of seconds.</summary>
    [Theory]
    [InlineData("\"1\"")]
    [InlineData("1e999")]
    [InlineData("-1")]
    [InlineData("{}")]
    [InlineData("true")]
    public async Task A_time_that_is_no_number_of_seconds_is_refused(string value)
    {
        var key = new TestKey(server);
        var byKey = await PrivateKeys.RegisterAsync(server, key);
        (await SendAsync(byKey, WithClaim(key, key.Assertion(byKey, ("exp", null)), "exp", value))).Error.ShouldBe("invalid_client");
        var shop = await server.RegisterAsync();
        (await ProveAsync(shop, WithClaim(key, key.Proof("POST", $"{shop.Issuer}/token", null, ("iat", null)), "iat", value))).Error.ShouldBe("invalid_dpop_proof");
    }

    [Fact]
    public async Task A_time_in_milliseconds_is_too_far_away()
    {
        var key = new TestKey(server);
        var byKey = await PrivateKeys.RegisterAsync(server, key);
        (await SendAsync(byKey, key.Assertion(byKey, ("exp", server.Time.GetUtcNow().ToUnixTimeMilliseconds())))).Error.ShouldBe("invalid_client");
        var shop = await server.RegisterAsync();
        (await ProveAsync(shop, key.Proof("POST", $"{shop.Issuer}/token", null, ("iat", server.Time.GetUtcNow().ToUnixTimeMilliseconds())))).Error.ShouldBe("invalid_dpop_proof");
    }

    /// <summary>RFC 9449 section 4.3 (9): another address is another request.</summary>
    [Theory]
    [InlineData("/")]
    [InlineData("upper path")]
    [InlineData("other port")]
    [InlineData("https")]
    [InlineData("other directory")]
    [InlineData("user")]
    [InlineData("relative")]
    public async Task An_address_that_only_looks_like_that_of_the_request_is_refused(string difference)
    {
        var shop = await server.RegisterAsync();
        var address = new Uri($"{shop.Issuer}/token");
        var claimed = difference switch
        {
            "upper path" => address.AbsoluteUri.Replace("token", "Token", StringComparison.Ordinal),
            "other port" => new UriBuilder(address) { Port = address.Port + 1 }.Uri.AbsoluteUri,
            "https" => "https" + address.AbsoluteUri[4..],
            "other directory" => $"{server.Url}/d/{ProtocolServer.Staff}/token",
            "user" => address.AbsoluteUri.Replace("http://", "http://me@", StringComparison.Ordinal),
            "relative" => address.AbsolutePath,
            _ => address.AbsoluteUri + difference,
        };
        (await ProveAsync(shop, new TestKey(server).Proof("POST", claimed))).Error.ShouldBe("invalid_dpop_proof");
    }

    /// <summary>RFC 9449 section 4.3 (6 and 7), RFC 7517 section 4: the key is a signature key of the algorithm, in its one form.</summary>
    [Theory]
    [InlineData("alg", "ES384")]
    [InlineData("use", "enc")]
    [InlineData("kty", "OKP")]
    [InlineData("crv", "P-384")]
    [InlineData("crv", "secp256k1")]
    [InlineData("y", "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE")]
    [InlineData("x", "padded")]
    [InlineData("k", "c2VjcmV0")]
    public async Task A_key_that_is_not_what_it_says_is_refused(string member, string value)
    {
        var shop = await server.RegisterAsync();
        var key = new TestKey(server);
        var jwk = new Dictionary<string, object?>(key.Jwk, StringComparer.Ordinal);
        jwk[member] = value == "padded" ? jwk["x"] + "=" : value;
        (await ProveAsync(shop, Resign(key, key.Proof("POST", $"{shop.Issuer}/token"), ("jwk", jwk)))).Error.ShouldBe("invalid_dpop_proof");
    }

    /// <summary>RFC 7517 section 4.3: a key that says what it is for and leaves out verifying verifies nothing.</summary>
    [Theory]
    [InlineData("[\"encrypt\"]", false)]
    [InlineData("[\"sign\",\"deriveKey\"]", false)]
    [InlineData("\"verify\"", false)]
    [InlineData("[\"verify\"]", true)]
    [InlineData("[]", true)]
    public async Task A_key_that_is_not_for_verifying_is_refused(string operations, bool fits)
    {
        var shop = await server.RegisterAsync();
        var key = new TestKey(server);
        var jwk = new Dictionary<string, object?>(key.Jwk, StringComparer.Ordinal) { ["key_ops"] = System.Text.Json.JsonElement.Parse(operations) };
        (await ProveAsync(shop, Resign(key, key.Proof("POST", $"{shop.Issuer}/token"), ("jwk", jwk)))).Error.ShouldBe(fits ? "invalid_grant" : "invalid_dpop_proof");
    }

    /// <summary>RFC 7519 sections 4.1.4 and 4.1.5, ASVS 9.2.1: a proof needs no end and no beginning; one that states them keeps to them.</summary>
    [Theory]
    [InlineData("exp", "-60", false)]
    [InlineData("exp", "60", true)]
    [InlineData("exp", "\"soon\"", false)]
    [InlineData("exp", "null", false)]
    [InlineData("nbf", "60", false)]
    [InlineData("nbf", "-60", true)]
    public async Task A_proof_outside_the_time_that_it_states_is_refused(string name, string value, bool counts)
    {
        var shop = await server.RegisterAsync();
        var key = new TestKey(server);
        var stated = int.TryParse(value, out var seconds) ? $"{server.Time.GetUtcNow().ToUnixTimeSeconds() + seconds}" : value;
        (await ProveAsync(shop, WithClaim(key, key.Proof("POST", $"{shop.Issuer}/token"), name, stated))).Error.ShouldBe(counts ? "invalid_grant" : "invalid_dpop_proof");
    }

    /// <summary>RFC 9449 section 11.1: a proof is used up for everybody, not only for the client that sent it.</summary>
    [Fact]
    public async Task A_proof_that_one_client_has_used_is_refused_from_another()
    {
        var one = await server.RegisterAsync();
        var other = await server.RegisterAsync();
        var proof = new TestKey(server).Proof("POST", $"{one.Issuer}/token");
        (await ProveAsync(one, proof)).Error.ShouldBe("invalid_grant");
        (await ProveAsync(other, proof)).Error.ShouldBe("invalid_dpop_proof");
    }

    /// <summary>RFC 9449 section 7.1: the scheme belongs to the header; a form has no place for it.</summary>
    [Fact]
    public async Task A_bound_token_in_a_form_is_refused()
    {
        var shop = await server.RegisterAsync();
        shop.Dpop = new TestKey(server);
        var token = (await shop.TokensAsync(await server.SignedInAsync())).AccessToken;
        (await server.PostAsync($"{shop.Issuer}/userinfo", Wire.Form(("access_token", token)))).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    private static string Resign(TestKey key, string token, params (string Name, object? Value)[] header)
    {
        var parts = token.Split('.');
        var members = Read(parts[0]);
        foreach (var (name, value) in header) members[name] = value;
        return key.Sign(members, Read(parts[1]));
    }

    private static Dictionary<string, object?> Read(string part) =>
        System.Text.Json.JsonSerializer.Deserialize<Dictionary<string, object?>>(WebEncoders.Base64UrlDecode(part))!;

    private static string WithClaim(TestKey key, string token, string name, string value)
    {
        var parts = token.Split('.');
        var json = Encoding.UTF8.GetString(WebEncoders.Base64UrlDecode(parts[1]));
        return key.SignText(parts[0], json[..^1] + $",\"{name}\":{value}}}");
    }

    private static string WithSignature(string token, string form)
    {
        var end = token.LastIndexOf('.');
        var signature = WebEncoders.Base64UrlDecode(token[(end + 1)..]);
        // The order of P-256: as zero as zero (s and s + n are the same).
        var order = Convert.FromHexString("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");
        var changed = form switch
        {
            "der" => Der(signature),
            "zero" => new byte[64],
            "short" => signature[..63],
            _ => [.. order, .. order],
        };
        return token[..(end + 1)] + WebEncoders.Base64UrlEncode(changed);
    }

    private static byte[] Der(byte[] signature)
    {
        var writer = new System.Formats.Asn1.AsnWriter(System.Formats.Asn1.AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteIntegerUnsigned(signature.AsSpan(0, 32).TrimStart((byte)0));
            writer.WriteIntegerUnsigned(signature.AsSpan(32).TrimStart((byte)0));
        }

        return writer.Encode();
    }

    private static Task<Answer> SendAsync(RelyingParty shop, string assertion) =>
        shop.PostRawAsync("token", [("grant_type", "refresh_token"), ("refresh_token", new string('r', 43)), ("client_assertion_type", AssertionType), ("client_assertion", assertion)], null);

    private static Task<Answer> ProveAsync(RelyingParty shop, string proof) =>
        shop.PostRawAsync("token", [("grant_type", "refresh_token"), ("refresh_token", new string('r', 43))], RelyingParty.Basic(shop.ClientId, shop.Secret), proof);
}
