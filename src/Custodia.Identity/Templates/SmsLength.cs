namespace Custodia.Identity.Templates;

/// <summary>
/// What a text costs as SMS (3GPP TS 23.038): 160 characters of the GSM 7-bit alphabet in one message or 153 in each of several, else
/// 70 or 67 UTF-16 units. Neither an escaped character nor a surrogate pair is cut in two.
/// </summary>
/// <param name="Gsm7">All characters are of the 7-bit alphabet.</param>
/// <param name="Units">Septets, or UTF-16 units.</param>
internal readonly record struct SmsLength(bool Gsm7, int Units, int Segments)
{
    private const string Basic =
        "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";

    private const string Escaped = "\f^{}\\[~]|€";

    public string Encoding => Gsm7 ? "GSM-7" : "UCS-2";

    public static SmsLength Of(string text)
    {
        var gsm7 = text.All(c => Basic.Contains(c, StringComparison.Ordinal) || Escaped.Contains(c, StringComparison.Ordinal));
        var (single, several) = gsm7 ? (160, 153) : (70, 67);
        var (units, segments, inThis) = (0, 1, 0);
        for (var i = 0; i < text.Length; i++)
        {
            var pair = !gsm7 && char.IsHighSurrogate(text[i]) && i + 1 < text.Length;
            var size = pair || (gsm7 && Escaped.Contains(text[i], StringComparison.Ordinal)) ? 2 : 1;
            if (pair) i++;
            units += size;
            inThis += size;
            if (inThis <= several) continue;
            segments++;
            inThis = size;
        }

        return new SmsLength(gsm7, units, units <= single ? 1 : segments);
    }
}
