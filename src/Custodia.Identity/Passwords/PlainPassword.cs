using System.Text;

namespace Custodia.Identity.Passwords;

/// <summary>
/// A password as somebody typed it, prepared as RFC 8265 (OpaqueString) says: other blanks become U+0020, composed to NFC, case kept.
/// It is checked and hashed, and never printed or stored.
/// </summary>
internal sealed class PlainPassword
{
    private PlainPassword(string text) => Text = text;

    internal string Text { get; }

    /// <summary>Length in Unicode characters, as a person counts them.</summary>
    public int Length => Text.EnumerateRunes().Count();

    /// <returns>Null for a text that is not Unicode (a lone surrogate) or longer than any password may be.</returns>
    public static PlainPassword? From(string typed)
    {
        if (typed.Length > 4 * PasswordPolicy.MaxLength) return null;
        var text = new StringBuilder(typed.Length);
        foreach (var c in typed) text.Append(c != ' ' && char.GetUnicodeCategory(c) == System.Globalization.UnicodeCategory.SpaceSeparator ? ' ' : c);
        try
        {
            return new PlainPassword(text.ToString().Normalize(NormalizationForm.FormC));
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    public override string ToString() => "(password)";
}
