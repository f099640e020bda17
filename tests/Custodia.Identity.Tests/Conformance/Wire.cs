using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Custodia.Identity.Tests.Protocol;
using Microsoft.AspNetCore.WebUtilities;

namespace Custodia.Identity.Tests.Conformance;

/// <summary>Requests as anybody on the network could send them, well-formed or not.</summary>
internal static class Wire
{
    /// <summary>Sends a form exactly as written, e.g. with a name twice.</summary>
    public static Task<Answer> PostAsync(this ProtocolServer server, string address, string body, string? authorization = null, string type = "application/x-www-form-urlencoded") =>
        server.SendAsync(HttpMethod.Post, address, new StringContent(body, Encoding.ASCII, MediaTypeHeaderValue.Parse(type)), ("Authorization", authorization));

    public static Task<Answer> GetAsync(this ProtocolServer server, string address, params (string Name, string? Value)[] headers) =>
        server.SendAsync(HttpMethod.Get, address, null, headers);

    public static async Task<Answer> SendAsync(
        this ProtocolServer server, HttpMethod method, string address, HttpContent? body, params (string Name, string? Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, address) { Content = body };
        foreach (var (name, value) in headers)
        {
            if (value is not null) request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await server.Client().SendAsync(request);
        return await Answer.OfAsync(response);
    }

    public static string? Header(this Answer answer, string name) => answer.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : null;

    public static void ShouldNotBeStored(this Answer answer)
    {
        answer.Headers.CacheControl.ShouldNotBeNull().NoStore.ShouldBeTrue();
    }

    public static string Form(params (string Name, string Value)[] fields) =>
        string.Join('&', fields.Select(f => $"{WebUtility.UrlEncode(f.Name)}={WebUtility.UrlEncode(f.Value)}"));
}

/// <summary>Tokens that somebody made who has seen real ones and the published keys.</summary>
internal static class Forged
{
    /// <summary>The same claims under another header, without a signature.</summary>
    public static string Unsigned(string token, string type, string algorithm = "none") =>
        $"{Part(new { alg = algorithm, typ = type })}.{token.Split('.')[1]}.";

    /// <summary>The same claims, signed with HMAC under the published key as if it were a secret (RFC 8725 section 2.1).</summary>
    public static string Confused(string token, string type, byte[] key)
    {
        var kid = new Microsoft.IdentityModel.JsonWebTokens.JsonWebToken(token).Kid;
        var signed = $"{Part(new { alg = "HS256", typ = type, kid })}.{token.Split('.')[1]}";
        return $"{signed}.{WebEncoders.Base64UrlEncode(HMACSHA256.HashData(key, Encoding.ASCII.GetBytes(signed)))}";
    }

    /// <summary>The same claims, well signed by a key of the forger that the header brings along or points to.</summary>
    public static string BringingItsKey(string token, string type, string header)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var p = key.ExportParameters(includePrivateParameters: false);
        var jwk = new { kty = "EC", crv = "P-256", x = WebEncoders.Base64UrlEncode(p.Q.X!), y = WebEncoders.Base64UrlEncode(p.Q.Y!) };
        object head = header switch
        {
            "jwk" => new { alg = "ES256", typ = type, jwk },
            "jku" => new { alg = "ES256", typ = type, kid = "forged", jku = "https://evil.example/jwks" },
            "x5u" => new { alg = "ES256", typ = type, kid = "forged", x5u = "https://evil.example/cert" },
            _ => new { alg = "ES256", typ = type, kid = new Microsoft.IdentityModel.JsonWebTokens.JsonWebToken(token).Kid },
        };
        var signed = $"{Part(head)}.{token.Split('.')[1]}";
        return $"{signed}.{WebEncoders.Base64UrlEncode(key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256))}";
    }

    /// <summary>The real signature over changed claims.</summary>
    public static string Changed(string token, string from, string to)
    {
        var parts = token.Split('.');
        var claims = Encoding.UTF8.GetString(WebEncoders.Base64UrlDecode(parts[1])).Replace(from, to, StringComparison.Ordinal);
        return $"{parts[0]}.{WebEncoders.Base64UrlEncode(Encoding.UTF8.GetBytes(claims))}.{parts[2]}";
    }

    private static string Part(object value) => WebEncoders.Base64UrlEncode(JsonSerializer.SerializeToUtf8Bytes(value));
}
