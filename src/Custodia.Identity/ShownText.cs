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
    public static bool IsLine(string? text, int longest) => !string.IsNullOrWhiteSpace(text) && text.Length <= longest && IsLine(text);

    /// <summary>What <see cref="IsLine(string, int)"/> asks for, in words.</summary>
    public static string RuleOf(int longest) => $"1 to {longest} characters on one line, none that turn the direction of writing";
}
