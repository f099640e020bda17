using System.Buffers.Binary;
using System.Text;

namespace Custodia.Identity.Passwords.ForeignHashes;

/// <summary>Recognises hashes by how they are written. docs/api.md lists them.</summary>
internal static class ForeignHashReader
{
    public const int MaxLength = 1024;

    /// <summary>Ours are base64 and have neither.</summary>
    public static bool IsForeign(string stored) => stored.StartsWith('$');

    /// <summary>A hash as it was stored after an import.</summary>
    public static ForeignHash? Read(string text) =>
        text.Length > MaxLength ? null
        : text.StartsWith("$2", StringComparison.Ordinal) ? BcryptHash.Read(text)
        : text.StartsWith("$argon2", StringComparison.Ordinal) ? Argon2Hash.Read(text)
        : text.StartsWith("$scrypt$", StringComparison.Ordinal) || text.StartsWith("scrypt:", StringComparison.Ordinal) ? ScryptHash.Read(text)
        : text.StartsWith("$pbkdf2", StringComparison.Ordinal) || text.StartsWith("pbkdf2", StringComparison.Ordinal) ? Pbkdf2Hash.Read(text)
        : text.StartsWith("$digest$", StringComparison.Ordinal) || text.StartsWith('{') ? DigestHash.Read(text)
        : null;

    /// <summary>What an import brings, as it is to be stored.</summary>
    public static HashOutcome Accept(string text)
    {
        if (text.Length > MaxLength) return new HashOutcome.Refused("hash-format");
        if (Read(text) is { } foreign) return Accept(foreign);
        return AspNet(text) switch
        {
            null => new HashOutcome.Refused("hash-format"),
            false => new HashOutcome.Refused("hash-cost"),
            true => new HashOutcome.Accepted(text),
        };
    }

    /// <summary>A plain digest whose algorithm and salt stand in other columns.</summary>
    public static HashOutcome Accept(string algorithm, string digest, string salt, bool saltFirst) =>
        DigestHash.Of(algorithm, digest, Encoding.UTF8.GetBytes(salt), saltFirst) is { } hash ? Accept(hash) : new HashOutcome.Refused("hash-format");

    private static HashOutcome Accept(ForeignHash hash) => hash.IsAffordable ? new HashOutcome.Accepted(hash.Stored) : new HashOutcome.Refused("hash-cost");

    /// <summary>
    /// ASP.NET Core Identity's own, which ours are too: version 3 is 0x01, function, rounds, salt length (each 4 bytes, big-endian), salt,
    /// key. Null: it is none.
    /// </summary>
    private static bool? AspNet(string text)
    {
        var bytes = new byte[text.Length];
        if (!Convert.TryFromBase64String(text, bytes, out var length)) return null;
        var hash = bytes.AsSpan(0, length);
        if (length == 49 && hash[0] == 0) return true;
        if (length < 13 + 16 + 16 || hash[0] != 1) return null;
        var function = BinaryPrimitives.ReadUInt32BigEndian(hash[1..]);
        var rounds = BinaryPrimitives.ReadUInt32BigEndian(hash[5..]);
        var salt = BinaryPrimitives.ReadUInt32BigEndian(hash[9..]);
        if (function > 2 || rounds == 0 || salt < 16 || salt > length - 13 - 16) return null;
        return rounds <= 2_000_000 && length <= 256;
    }
}

internal abstract record HashOutcome
{
    /// <param name="Stored">The hash in the form in which it is kept.</param>
    public sealed record Accepted(string Stored) : HashOutcome
    {
        /// <summary>Never the content.</summary>
        public override string ToString() => "(hash)";
    }

    /// <param name="Rule"><c>hash-format</c>: not one that is known; <c>hash-cost</c>: verifying it would cost too much.</param>
    public sealed record Refused(string Rule) : HashOutcome;
}
