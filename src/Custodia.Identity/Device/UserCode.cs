using System.Security.Cryptography;

namespace Custodia.Identity.Device;

/// <summary>
/// The code a person copies from a device (RFC 8628 section 6.1): eight of twenty letters, no vowels, so that no words come out,
/// and none that are taken for one another. 20^8 values, ten minutes, few guesses.
/// </summary>
internal static class UserCode
{
    public const int Length = 8;

    private const string Letters = "BCDFGHJKLMNPQRSTVWXZ";
    private const int Longest = 40;

    /// <summary>A new code without the hyphen.</summary>
    public static string Create() => RandomNumberGenerator.GetString(Letters, Length);

    /// <summary>As devices show it, e.g. <c>WDJB-MJHT</c>.</summary>
    public static string Shown(string code) => $"{code[..(Length / 2)]}-{code[(Length / 2)..]}";

    /// <summary>What was typed, without case, hyphens and blanks; null when it cannot be a code.</summary>
    public static string? Read(string? typed)
    {
        if (typed is null or { Length: > Longest }) return null;
        Span<char> code = stackalloc char[Length];
        var length = 0;
        foreach (var c in typed)
        {
            if (c is '-' or ' ') continue;
            var letter = char.ToUpperInvariant(c);
            if (length == Length || !Letters.Contains(letter, StringComparison.Ordinal)) return null;
            code[length++] = letter;
        }

        return length == Length ? new string(code) : null;
    }
}
