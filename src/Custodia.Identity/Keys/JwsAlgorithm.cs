using System.Security.Cryptography;

namespace Custodia.Identity.Keys;

/// <summary>Signatures of others that are understood: asymmetric ones only (RFC 7518 section 3.1).</summary>
internal static class JwsAlgorithm
{
    private static readonly EcCurve P256 = new("P-256", ECCurve.NamedCurves.nistP256, 32, HashAlgorithmName.SHA256);
    private static readonly EcCurve P384 = new("P-384", ECCurve.NamedCurves.nistP384, 48, HashAlgorithmName.SHA384);
    private static readonly EcCurve P521 = new("P-521", ECCurve.NamedCurves.nistP521, 66, HashAlgorithmName.SHA512);

    public static IReadOnlyList<string> All { get; } = ["ES256", "ES384", "ES512", "PS256", "RS256"];

    public static bool IsKnown(string? algorithm) => algorithm is not null && All.Contains(algorithm, StringComparer.Ordinal);

    /// <summary>The curve that an algorithm is tied to (RFC 7518 section 3.4); null for others.</summary>
    public static EcCurve? Curve(string algorithm) => algorithm switch
    {
        "ES256" => P256,
        "ES384" => P384,
        "ES512" => P521,
        _ => null,
    };

    public static EcCurve? NamedCurve(string name) => name switch
    {
        "P-256" => P256,
        "P-384" => P384,
        "P-521" => P521,
        _ => null,
    };

    public static RSASignaturePadding? RsaPadding(string algorithm) => algorithm switch
    {
        "PS256" => RSASignaturePadding.Pss,
        "RS256" => RSASignaturePadding.Pkcs1,
        _ => null,
    };
}

/// <param name="Name">As in the JWK parameter <c>crv</c>.</param>
/// <param name="Bytes">Length of a coordinate.</param>
internal sealed record EcCurve(string Name, ECCurve Curve, int Bytes, HashAlgorithmName Hash);
