using System.Text;
using Custodia.Jq.Running;

namespace Custodia.Jq.Builtins.Formats;

/// <summary>Base32 (RFC 4648, section 6) of UTF-8; reading needs no padding and ends at the first <c>=</c>.</summary>
internal static class Base32Text
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    public static string Encode(Run run, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        run.MustFitText((bytes.Length + 4L) / 5 * 8);
        var encoded = new StringBuilder((bytes.Length + 4) / 5 * 8);
        int held = 0, bits = 0;
        foreach (var part in bytes)
        {
            held = (held << 8) | part;
            for (bits += 8; bits >= 5; bits -= 5) encoded.Append(Alphabet[(held >> (bits - 5)) & 31]);
            held &= (1 << bits) - 1;
        }

        if (bits > 0) encoded.Append(Alphabet[(held << (5 - bits)) & 31]);
        return encoded.Append('=', (8 - (encoded.Length % 8)) % 8).ToString();
    }

    public static string Decode(Run run, string text)
    {
        run.MustFitText(text.Length);
        var end = text.IndexOf('=', StringComparison.Ordinal);
        var digits = end < 0 ? text.AsSpan() : text.AsSpan(0, end);
        if (digits.IndexOfAnyExcept(Alphabet) >= 0) throw JqException.Of(JqValue.Of(text), "is not valid base32 data");
        var bytes = new byte[digits.Length * 5 / 8];
        int length = 0, held = 0, bits = 0;
        foreach (var digit in digits)
        {
            held = (held << 5) | (digit >= 'A' ? digit - 'A' : digit - '2' + 26);
            bits += 5;
            if (bits < 8) continue;
            bits -= 8;
            bytes[length++] = (byte)(held >> bits);
            held &= (1 << bits) - 1;
        }

        return Encoding.UTF8.GetString(bytes, 0, length);
    }
}
