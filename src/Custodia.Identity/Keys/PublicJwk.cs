using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Custodia.Identity.Keys;

/// <summary>
/// A public key that somebody else made (RFC 7517, RFC 7518 section 6): of a DPoP proof or of an application. Only what is public
/// and strong enough is ever one: EC on the NIST curves, RSA of 2048 to 8192 bits. Safe for concurrent use.
/// </summary>
internal sealed class PublicJwk
{
    private const int MinRsaBytes = 256;
    private const int MaxRsaBytes = 1024;
    private const int MaxExponentBytes = 4;
    private const int MaxKid = 256;

    // RFC 7518 sections 6.2.2, 6.3.2 and 6.4: whoever sends these gives away a secret.
    private static readonly string[] PrivateMembers = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

    private readonly EcCurve? _curve;
    private readonly ECParameters? _ec;
    private readonly RSAParameters? _rsa;
    private readonly string? _algorithm;

    private PublicJwk(JsonElement jwk, EcCurve curve, ECPoint point, string canonical)
        : this(jwk, canonical)
    {
        _curve = curve;
        _ec = new ECParameters { Curve = curve.Curve, Q = point };
    }

    private PublicJwk(JsonElement jwk, RSAParameters rsa, string canonical)
        : this(jwk, canonical) => _rsa = rsa;

    private PublicJwk(JsonElement jwk, string canonical)
    {
        _algorithm = Text(jwk, "alg");
        Kid = Text(jwk, "kid");
        Thumbprint = Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)));
    }

    public string? Kid { get; }

    /// <summary>SHA-256 thumbprint (RFC 7638), base64url: 43 characters.</summary>
    public string Thumbprint { get; }

    /// <summary>Null when it is not a public signature key that may be used here.</summary>
    public static PublicJwk? Parse(JsonElement jwk)
    {
        if (jwk.ValueKind != JsonValueKind.Object || PrivateMembers.Any(member => jwk.TryGetProperty(member, out _))) return null;
        if (jwk.TryGetProperty("use", out var use) && !(use.ValueKind == JsonValueKind.String && use.ValueEquals("sig"))) return null;
        if (jwk.TryGetProperty("key_ops", out var operations) && !MayVerify(operations)) return null;
        if (Text(jwk, "kid") is { Length: > MaxKid }) return null;
        return Text(jwk, "kty") switch
        {
            "EC" => Ec(jwk),
            "RSA" => Rsa(jwk),
            _ => null,
        };
    }

    /// <summary>Whether the key may be used with this algorithm: it is of its kind, and says no other.</summary>
    public bool Fits(string algorithm) =>
        (_algorithm is null || _algorithm == algorithm)
        && (_ec is null ? JwsAlgorithm.RsaPadding(algorithm) is not null : JwsAlgorithm.Curve(algorithm) is { } wanted && wanted == _curve);

    /// <summary>Whether this key made the signature, with an algorithm that fits it (RFC 7518 section 3.1).</summary>
    public bool Verifies(string algorithm, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        if (!Fits(algorithm)) return false;
        try
        {
            if (_ec is { } curve)
            {
                using var key = ECDsa.Create(curve);
                return key.VerifyData(data, signature, _curve!.Hash, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
            }

            using var rsa = RSA.Create(_rsa!.Value);
            return rsa.VerifyData(data, signature, HashAlgorithmName.SHA256, JwsAlgorithm.RsaPadding(algorithm)!);
        }
        catch (CryptographicException)
        {
            // For example a point that is not on its curve.
            return false;
        }
    }

    // RFC 7517 section 4.3; browsers write an empty list for a key that was made without any.
    private static bool MayVerify(JsonElement operations) =>
        operations.ValueKind == JsonValueKind.Array
        && (operations.GetArrayLength() == 0 || operations.EnumerateArray().Any(one => one.ValueKind == JsonValueKind.String && one.ValueEquals("verify")));

    private static PublicJwk? Ec(JsonElement jwk)
    {
        if (Text(jwk, "crv") is not { } name || JwsAlgorithm.NamedCurve(name) is not { } curve) return null;
        if (Bytes(jwk, "x") is not { } x || Bytes(jwk, "y") is not { } y || x.Length != curve.Bytes || y.Length != curve.Bytes) return null;
        var canonical = $$"""{"crv":"{{name}}","kty":"EC","x":"{{Base64Url.EncodeToString(x)}}","y":"{{Base64Url.EncodeToString(y)}}"}""";
        return new PublicJwk(jwk, curve, new ECPoint { X = x, Y = y }, canonical);
    }

    private static PublicJwk? Rsa(JsonElement jwk)
    {
        if (Bytes(jwk, "n") is not { } n || Bytes(jwk, "e") is not { } e) return null;
        // A leading zero would give one key two thumbprints (RFC 7518 section 2).
        if (n.Length is < MinRsaBytes or > MaxRsaBytes || n[0] < 0x80 || e.Length is 0 or > MaxExponentBytes || e[0] == 0 || (e[^1] & 1) == 0) return null;
        if (e is [1]) return null;
        var canonical = $$"""{"e":"{{Base64Url.EncodeToString(e)}}","kty":"RSA","n":"{{Base64Url.EncodeToString(n)}}"}""";
        return new PublicJwk(jwk, new RSAParameters { Modulus = n, Exponent = e }, canonical);
    }

    private static string? Text(JsonElement jwk, string name) =>
        jwk.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static byte[]? Bytes(JsonElement jwk, string name) =>
        Text(jwk, name) is { } text ? JoseText.Decode(text) : null;
}
