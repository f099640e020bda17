using System.Globalization;

namespace Custodia.Identity.Passwords.ForeignHashes;

/// <summary>The alphabets in which hashes are written.</summary>
internal static class HashText
{
    /// <summary>Base64 with or without padding, with <c>+/</c>, <c>-_</c> or passlib's <c>.</c> for <c>+</c>; null when it is none.</summary>
    public static byte[]? Base64(string text)
    {
        var plain = text.Replace('-', '+').Replace('.', '+').Replace('_', '/').TrimEnd('=');
        var bytes = new byte[plain.Length];
        return plain.Length > 0 && Convert.TryFromBase64String(plain.PadRight((plain.Length + 3) / 4 * 4, '='), bytes, out var length) ? bytes[..length] : null;
    }

    /// <summary>Base64 without padding, as the PHC string format wants it.</summary>
    public static string Base64(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=');

    /// <summary>A digest of this length, in hexadecimal or base64; null when it is neither.</summary>
    public static byte[]? Digest(string text, int length)
    {
        if (text.Length == 2 * length && text.All(char.IsAsciiHexDigit)) return Convert.FromHexString(text);
        return Base64(text) is { } bytes && bytes.Length == length ? bytes : null;
    }

    public static byte[]? Hex(string text) => text.Length > 0 && text.Length % 2 == 0 && text.All(char.IsAsciiHexDigit) ? Convert.FromHexString(text) : null;

    /// <summary>A positive whole number; null when it is none.</summary>
    public static int? Number(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : null;

    /// <summary>Parameters of the PHC string format: <c>m=65536,t=3,p=4</c>.</summary>
    public static IReadOnlyDictionary<string, string> Parameters(string text)
    {
        var all = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var part in text.Split(','))
        {
            var pair = part.Split('=', 2);
            if (pair.Length == 2) all[pair[0]] = pair[1];
        }

        return all;
    }
}
