using System.Globalization;
using System.Text;

namespace Custodia.Identity;

/// <summary>Names and titles as other people read them.</summary>
internal static class ShownText
{
    /// <summary>
    /// Whether a text is one line that shows itself as written: it neither breaks the line it stands in nor turns itself or its neighbours
    /// backwards. The joiners that Persian, Indic scripts and emoji need stay.
    /// </summary>
    public static bool IsLine(string text) => text.EnumerateRunes().All(rune => rune.Value is 0x200c or 0x200d
        || Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator));

    /// <summary>The same, and neither blank nor longer than allowed.</summary>
    public static bool IsLine(string? text, int longest) => !string.IsNullOrEmpty(text) && !IsBlank(text) && text.Length <= longest && IsLine(text);

    /// <summary>What <see cref="IsLine(string, int)"/> asks for, in words.</summary>
    public static string RuleOf(int longest) => $"1 to {longest} characters on one line, none that turn the direction of writing";

    /// <summary>Whether a page shows nothing of the text, whatever characters it has.</summary>
    public static bool IsBlank(string text) =>
        text.EnumerateRunes().All(rune => Rune.IsWhiteSpace(rune) || Rune.GetUnicodeCategory(rune) == UnicodeCategory.Format || IsFiller(rune));

    /// <summary>Letters by their category that show nothing.</summary>
    public static bool IsFiller(Rune rune) => rune.Value is 0x115F or 0x1160 or 0x2800 or 0x3164 or 0xFFA0;
}
