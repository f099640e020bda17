using System.Globalization;
using System.Text;

namespace Custodia.Tickets.Screening;

/// <summary>
/// A text as detectors read it (NFKC, so full-width digits are digits; invisible characters dropped), with the way back to
/// the places of the text as it was written.
/// </summary>
internal sealed class NormalisedText
{
    // Both null when the text is what it was: then places are the same.
    private readonly int[]? _from;
    private readonly int[]? _to;

    private NormalisedText(string text, int[]? from, int[]? to) => (Text, _from, _to) = (text, from, to);

    public string Text { get; }

    public static NormalisedText Of(string original)
    {
        if (Ascii.IsValid(original)) return new NormalisedText(original, null, null);
        var text = new StringBuilder(original.Length);
        var from = new List<int>(original.Length);
        var to = new List<int>(original.Length);
        Span<char> one = stackalloc char[2];
        for (var i = 0; i < original.Length;)
        {
            if (Rune.DecodeFromUtf16(original.AsSpan(i), out var rune, out var length) != System.Buffers.OperationStatus.Done) rune = Rune.ReplacementChar;
            if (!IsInvisible(rune))
            {
                var written = rune.EncodeToUtf16(one);
                var normal = rune.IsAscii ? one[..written].ToString() : one[..written].ToString().Normalize(NormalizationForm.FormKC);
                foreach (var c in normal)
                {
                    text.Append(c);
                    from.Add(i);
                    to.Add(i + length);
                }
            }

            i += length;
        }

        return new NormalisedText(text.ToString(), [.. from], [.. to]);
    }

    /// <summary>The place in the original of a place in <see cref="Text"/>.</summary>
    public (int Start, int Length) Original(int start, int length)
    {
        if (_from is null || length == 0) return (start, length);
        var first = _from[start];
        return (first, _to![start + length - 1] - first);
    }

    // Zero-width and direction marks (Cf: includes soft hyphen, joiners, BOM, tags) and variation selectors break up numbers unseen.
    private static bool IsInvisible(Rune rune) =>
        Rune.GetUnicodeCategory(rune) == UnicodeCategory.Format
        || rune.Value is (>= 0xFE00 and <= 0xFE0F) or (>= 0xE0100 and <= 0xE01EF) or 0x034F or 0x115F or 0x1160 or 0x3164;
}
