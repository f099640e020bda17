using System.Text;

namespace Custodia.Kernel.Vault;

/// <summary>The one form in which a value is indexed and compared.</summary>
public static class Normalise
{
    /// <summary>NFKC, trimmed, lower case (invariant).</summary>
    public static string Email(string value) => value.Normalize(NormalizationForm.FormKC).Trim().ToLowerInvariant();

    /// <summary>Digits with a leading + where given; blanks, dots, dashes and brackets dropped.</summary>
    public static string Mobile(string value)
    {
        var text = new StringBuilder(value.Length);
        foreach (var c in value.Normalize(NormalizationForm.FormKC))
        {
            if (char.IsAsciiDigit(c) || (c == '+' && text.Length == 0)) text.Append(c);
        }

        return text.ToString();
    }

    /// <summary>NFKC, trimmed, lower case (invariant).</summary>
    public static string Name(string value) => Email(value);
}
