using System.Security.Cryptography;

namespace Custodia.Identity.Keys;

/// <summary>JWS algorithms that tokens are signed with (RFC 7518 section 3.1).</summary>
internal static class SignatureAlgorithm
{
    /// <summary>ECDSA on P-256 with SHA-256: the default.</summary>
    public const string Es256 = "ES256";

    /// <summary>RSASSA-PKCS1-v1_5 with SHA-256, for applications that cannot read ES256.</summary>
    public const string Rs256 = "RS256";

    private const int RsaBits = 2048;

    public static IReadOnlyList<string> All { get; } = [Es256, Rs256];

    public static AsymmetricAlgorithm Generate(string algorithm) => algorithm switch
    {
        Es256 => ECDsa.Create(ECCurve.NamedCurves.nistP256),
        Rs256 => RSA.Create(RsaBits),
        _ => throw new ArgumentOutOfRangeException(nameof(algorithm), algorithm, "Not a signature algorithm of this server."),
    };

    public static AsymmetricAlgorithm ImportPrivate(string algorithm, ReadOnlySpan<byte> pkcs8)
    {
        AsymmetricAlgorithm key = algorithm == Es256 ? ECDsa.Create() : RSA.Create();
        key.ImportPkcs8PrivateKey(pkcs8, out _);
        return key;
    }

    public static AsymmetricAlgorithm ImportPublic(string algorithm, ReadOnlySpan<byte> subjectPublicKeyInfo)
    {
        AsymmetricAlgorithm key = algorithm == Es256 ? ECDsa.Create() : RSA.Create();
        key.ImportSubjectPublicKeyInfo(subjectPublicKeyInfo, out _);
        return key;
    }
}
