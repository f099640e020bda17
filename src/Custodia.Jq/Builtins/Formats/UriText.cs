using System.Text;
using Custodia.Jq.Running;

namespace Custodia.Jq.Builtins.Formats;

/// <summary>Percent-encoding of everything but the unreserved characters (RFC 3986, section 2.3), and back.</summary>
internal static class UriText
{
    // Where U+FFFD would stand for bad bytes, decoding fails instead.
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static string Encode(Run run, string text)
    {
        run.MustFitText(text.Length * 3L);
        return Uri.EscapeDataString(Values.CodePoints.Sound(text));
    }

    public static string Decode(Run run, string text)
    {
        run.Charge(text.Length);
        if (!text.Contains('%', StringComparison.Ordinal)) return text;
        run.MustFitText(text.Length);
        var bytes = Encoding.UTF8.GetBytes(text);
        var length = 0;
        for (var at = 0; at < bytes.Length; at++)
        {
            if (bytes[at] != '%')
            {
                bytes[length++] = bytes[at];
                continue;
            }

            if (at + 2 >= bytes.Length || !char.IsAsciiHexDigit((char)bytes[at + 1]) || !char.IsAsciiHexDigit((char)bytes[at + 2])) throw Invalid(text);
            bytes[length++] = (byte)(Convert.FromHexString([(char)bytes[at + 1], (char)bytes[at + 2]])[0]);
            at += 2;
        }

        try
        {
            return Strict.GetString(bytes, 0, length);
        }
        catch (DecoderFallbackException)
        {
            throw Invalid(text);
        }
    }

    private static JqException Invalid(string text) => JqException.Of(JqValue.Of(text), "is not a valid uri encoding");
}
