using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;

namespace Custodia.Identity.Tests.Protocol;

/// <summary>A key pair as a client has it: signs DPoP proofs (RFC 9449) and client assertions (RFC 7523).</summary>
internal sealed class TestKey(ProtocolServer server, string algorithm = "ES256")
{
    private readonly AsymmetricAlgorithm _key = algorithm switch
    {
        "ES256" => ECDsa.Create(ECCurve.NamedCurves.nistP256),
        "ES384" => ECDsa.Create(ECCurve.NamedCurves.nistP384),
        "ES512" => ECDsa.Create(ECCurve.NamedCurves.nistP521),
        _ => RSA.Create(2048),
    };

    public string Kid { get; } = Guid.CreateVersion7().ToString("N");

    public Dictionary<string, object?> Jwk => _key is ECDsa ec ? Ec(ec.ExportParameters(false)) : Rsa(((RSA)_key).ExportParameters(false));

    /// <summary>With the private part, as no server may ever see it.</summary>
    public Dictionary<string, object?> PrivateJwk => new(Jwk, StringComparer.Ordinal) { ["d"] = WebEncoders.Base64UrlEncode(((ECDsa)_key).ExportParameters(true).D!) };

    public JsonElement KeySet => JsonSerializer.SerializeToElement(new { keys = new[] { new Dictionary<string, object?>(Jwk, StringComparer.Ordinal) { ["kid"] = Kid, ["use"] = "sig" } } });

    /// <summary>RFC 7638.</summary>
    public string Thumbprint =>
        WebEncoders.Base64UrlEncode(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(new SortedDictionary<string, object?>(Jwk, StringComparer.Ordinal))));

    /// <summary>A proof for a request; changes replace claims, one with a null value leaves its claim out.</summary>
    public string Proof(string method, string address, string? accessToken = null, params (string Name, object? Value)[] changes) =>
        Sign(ProofHeader, ProofClaims(method, address, accessToken, changes));

    public Dictionary<string, object?> ProofHeader => new(StringComparer.Ordinal) { ["typ"] = "dpop+jwt", ["alg"] = algorithm, ["jwk"] = Jwk };

    public Dictionary<string, object?> ProofClaims(string method, string address, string? accessToken = null, params (string Name, object? Value)[] changes)
    {
        var claims = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["jti"] = Guid.CreateVersion7().ToString(),
            ["htm"] = method,
            ["htu"] = address,
            ["iat"] = server.Time.GetUtcNow().ToUnixTimeSeconds(),
            ["ath"] = accessToken is null ? null : WebEncoders.Base64UrlEncode(SHA256.HashData(Encoding.ASCII.GetBytes(accessToken))),
        };
        foreach (var (name, value) in changes) claims[name] = value;
        return claims;
    }

    /// <summary>An assertion that authenticates a client; changes as in <see cref="Proof"/>.</summary>
    public string Assertion(RelyingParty party, params (string Name, object? Value)[] changes)
    {
        var claims = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["iss"] = party.ClientId,
            ["sub"] = party.ClientId,
            ["aud"] = party.Issuer,
            ["jti"] = Guid.CreateVersion7().ToString(),
            ["iat"] = server.Time.GetUtcNow().ToUnixTimeSeconds(),
            ["exp"] = server.Time.GetUtcNow().AddMinutes(1).ToUnixTimeSeconds(),
        };
        foreach (var (name, value) in changes) claims[name] = value;
        return Sign(new Dictionary<string, object?>(StringComparer.Ordinal) { ["alg"] = algorithm, ["kid"] = Kid }, claims);
    }

    public string Sign(Dictionary<string, object?> header, Dictionary<string, object?> claims) => SignEncoded(Encode(header), Encode(claims));

    /// <summary>Signs claims exactly as written.</summary>
    public string SignText(string header, string claims) => SignEncoded(header, WebEncoders.Base64UrlEncode(Encoding.UTF8.GetBytes(claims)));

    /// <summary>Signs two parts that are encoded already, whatever they hold.</summary>
    public string SignEncoded(string header, string claims)
    {
        var signed = header + "." + claims;
        var data = Encoding.ASCII.GetBytes(signed);
        var signature = _key is ECDsa ec
            ? ec.SignData(data, algorithm switch { "ES384" => HashAlgorithmName.SHA384, "ES512" => HashAlgorithmName.SHA512, _ => HashAlgorithmName.SHA256 })
            : ((RSA)_key).SignData(data, HashAlgorithmName.SHA256, algorithm == "PS256" ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1);
        return signed + "." + WebEncoders.Base64UrlEncode(signature);
    }

    public static string Encode(Dictionary<string, object?> json) =>
        WebEncoders.Base64UrlEncode(JsonSerializer.SerializeToUtf8Bytes(json.Where(p => p.Value is not null).ToDictionary(StringComparer.Ordinal)));

    private static Dictionary<string, object?> Ec(ECParameters key) => new(StringComparer.Ordinal)
    {
        ["kty"] = "EC",
        ["crv"] = key.Q.X!.Length switch { 32 => "P-256", 48 => "P-384", _ => "P-521" },
        ["x"] = WebEncoders.Base64UrlEncode(key.Q.X),
        ["y"] = WebEncoders.Base64UrlEncode(key.Q.Y!),
    };

    private static Dictionary<string, object?> Rsa(RSAParameters key) => new(StringComparer.Ordinal)
    {
        ["kty"] = "RSA",
        ["n"] = WebEncoders.Base64UrlEncode(key.Modulus!),
        ["e"] = WebEncoders.Base64UrlEncode(key.Exponent!),
    };
}
