using System.Security.Cryptography;

namespace Custodia.Identity.Passwords.ForeignHashes;

/// <summary>
/// One round of a plain digest, as old systems have it: <c>$digest$sha256$before$SALT$DIGEST</c> (salt in base64, before or after the
/// password; digest in hexadecimal or base64), or LDAP's <c>{SSHA}</c>, <c>{SSHA256}</c>, <c>{SSHA512}</c>, <c>{SMD5}</c> and, without a
/// salt, <c>{SHA}</c> and <c>{MD5}</c>.
/// </summary>
internal sealed class DigestHash : ForeignHash
{
    private const string Before = "before";
    private const string After = "after";
    private const int MaxSalt = 256;

    private readonly string _algorithm;
    private readonly bool _saltFirst;
    private readonly byte[] _salt;

    private DigestHash(string algorithm, bool saltFirst, byte[] salt, byte[] expected)
    {
        _algorithm = algorithm;
        _saltFirst = saltFirst;
        _salt = salt;
        Expected = expected;
    }

    public override string Stored => $"$digest${_algorithm}${(_saltFirst ? Before : After)}${HashText.Base64(_salt)}${HashText.Base64(Expected)}";

    /// <summary>Always: it is cheap, which is why it is replaced.</summary>
    public override bool IsAffordable => true;

    protected override byte[] Expected { get; }

    public static DigestHash? Read(string text)
    {
        if (text.StartsWith('{')) return Ldap(text);
        var parts = text.Split('$');
        if (parts.Length != 6 || parts[0].Length != 0 || parts[1] != "digest" || parts[3] is not (Before or After)) return null;
        var salt = parts[4].Length == 0 ? [] : HashText.Base64(parts[4]);
        return salt is null ? null : Of(parts[2], parts[5], salt, parts[3] == Before);
    }

    /// <param name="algorithm"><c>md5</c>, <c>sha1</c>, <c>sha256</c> or <c>sha512</c>.</param>
    /// <param name="digest">Hexadecimal or base64.</param>
    public static DigestHash? Of(string algorithm, string digest, byte[] salt, bool saltFirst) =>
        LengthOf(algorithm) is { } length && salt.Length <= MaxSalt && HashText.Digest(digest, length) is { } expected
            ? new DigestHash(algorithm, saltFirst, salt, expected)
            : null;

    protected override byte[] Compute(byte[] password)
    {
        byte[] salted = _saltFirst ? [.. _salt, .. password] : [.. password, .. _salt];
        try
        {
#pragma warning disable CA5350, CA5351 // What other systems have stored is verified once more and then replaced; nothing new is hashed so.
            return _algorithm switch
            {
                "md5" => MD5.HashData(salted),
                "sha1" => SHA1.HashData(salted),
                "sha256" => SHA256.HashData(salted),
                _ => SHA512.HashData(salted),
            };
#pragma warning restore CA5350, CA5351
        }
        finally
        {
            CryptographicOperations.ZeroMemory(salted);
        }
    }

    private static int? LengthOf(string algorithm) => algorithm switch
    {
        "md5" => 16,
        "sha1" => 20,
        "sha256" => 32,
        "sha512" => 64,
        _ => null,
    };

    /// <summary>RFC 2307 and its successors: base64 of the digest with the salt behind it, which came after the password.</summary>
    private static DigestHash? Ldap(string text)
    {
        var end = text.IndexOf('}', StringComparison.Ordinal);
        if (end < 0) return null;
        var (algorithm, salted) = text[1..end].ToUpperInvariant() switch
        {
            "SSHA" => ("sha1", true),
            "SSHA256" => ("sha256", true),
            "SSHA512" => ("sha512", true),
            "SMD5" => ("md5", true),
            "SHA" => ("sha1", false),
            "SHA256" => ("sha256", false),
            "SHA512" => ("sha512", false),
            "MD5" => ("md5", false),
            _ => ("", false),
        };
        if (LengthOf(algorithm) is not { } length || HashText.Base64(text[(end + 1)..]) is not { } bytes) return null;
        return salted ? bytes.Length > length && bytes.Length <= length + MaxSalt ? new DigestHash(algorithm, false, bytes[length..], bytes[..length]) : null
            : bytes.Length == length ? new DigestHash(algorithm, false, [], bytes) : null;
    }
}
