using System.Security.Cryptography;
using System.Text;

namespace Custodia.Identity.Passwords.ForeignHashes;

/// <summary>
/// PBKDF2 (RFC 8018): <c>$pbkdf2-sha256$i=29000$salt$hash</c> (also passlib's, without <c>i=</c>), Django's
/// <c>pbkdf2_sha256$600000$salt$base64</c> and Werkzeug's <c>pbkdf2:sha256:600000$salt$hex</c>; the salt of the latter two is text.
/// </summary>
internal sealed class Pbkdf2Hash : ForeignHash
{
    private const int MaxRounds = 2_000_000;

    private readonly HashAlgorithmName _algorithm;
    private readonly int _rounds;
    private readonly byte[] _salt;

    private Pbkdf2Hash(HashAlgorithmName algorithm, int rounds, byte[] salt, byte[] expected)
    {
        _algorithm = algorithm;
        _rounds = rounds;
        _salt = salt;
        Expected = expected;
    }

    public override string Stored => $"$pbkdf2-{_algorithm.Name!.ToLowerInvariant()}$i={_rounds}${HashText.Base64(_salt)}${HashText.Base64(Expected)}";

    public override bool IsAffordable => _rounds <= MaxRounds;

    protected override byte[] Expected { get; }

    public static Pbkdf2Hash? Read(string text)
    {
        var parts = text.Split('$');
        if (parts.Length == 5 && parts[0].Length == 0)
        {
            var rounds = parts[2].Split(',')[0];
            return Of(parts[1], rounds.StartsWith("i=", StringComparison.Ordinal) ? rounds[2..] : rounds, HashText.Base64(parts[3]), HashText.Base64(parts[4]));
        }

        if (parts.Length == 4) return Of(parts[0].Replace('_', '-'), parts[1], Encoding.UTF8.GetBytes(parts[2]), HashText.Base64(parts[3]));
        return parts.Length == 3 && parts[0].Split(':') is ["pbkdf2", var algorithm, var count]
            ? Of($"pbkdf2-{algorithm}", count, Encoding.UTF8.GetBytes(parts[1]), HashText.Hex(parts[2]))
            : null;
    }

    protected override byte[] Compute(byte[] password) => Rfc2898DeriveBytes.Pbkdf2(password, _salt, _rounds, _algorithm, Expected.Length);

    private static Pbkdf2Hash? Of(string name, string rounds, byte[]? salt, byte[]? hash)
    {
        HashAlgorithmName? algorithm = name switch
        {
            "pbkdf2-sha1" or "pbkdf2" => HashAlgorithmName.SHA1,
            "pbkdf2-sha256" => HashAlgorithmName.SHA256,
            "pbkdf2-sha512" => HashAlgorithmName.SHA512,
            _ => null,
        };
        return algorithm is { } known && HashText.Number(rounds) is { } count && salt is { Length: > 0 and <= 128 } && hash is { Length: >= 16 and <= 128 }
            ? new Pbkdf2Hash(known, count, salt, hash)
            : null;
    }
}
