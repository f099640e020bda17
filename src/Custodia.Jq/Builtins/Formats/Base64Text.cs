using System.Buffers.Text;
using System.Text;
using Custodia.Jq.Running;

namespace Custodia.Jq.Builtins.Formats;

/// <summary>Base64 (RFC 4648) of UTF-8; reading needs no padding, ends at the first <c>=</c>, and puts U+FFFD for bytes that are no UTF-8.</summary>
internal static class Base64Text
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    public static string Encode(Run run, string text)
    {
        run.MustFitText(Base64.GetMaxEncodedToUtf8Length(Encoding.UTF8.GetByteCount(text)));
        return Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
    }

    public static string Decode(Run run, string text)
    {
        run.MustFitText(text.Length);
        var end = text.IndexOf('=', StringComparison.Ordinal);
        var digits = end < 0 ? text.AsSpan() : text.AsSpan(0, end);
        if (digits.IndexOfAnyExcept(Alphabet) >= 0) throw JqException.Of(JqValue.Of(text), "is not valid base64 data");
        if (digits.Length % 4 == 1) throw JqException.Of(JqValue.Of(text), "trailing base64 byte found");
        var bytes = new byte[digits.Length * 3 / 4];
        int length = 0, bits = 0, held = 0;
        foreach (var digit in digits)
        {
            held = (held << 6) | ValueOf(digit);
            bits += 6;
            if (bits < 8) continue;
            bits -= 8;
            bytes[length++] = (byte)(held >> bits);
            held &= (1 << bits) - 1;
        }

        return Encoding.UTF8.GetString(bytes, 0, length);
    }

    private static int ValueOf(char digit) => digit switch
    {
        >= 'A' and <= 'Z' => digit - 'A',
        >= 'a' and <= 'z' => digit - 'a' + 26,
        >= '0' and <= '9' => digit - '0' + 52,
        '+' => 62,
        _ => 63,
    };
}
