using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using Custodia.Console;

namespace Custodia.Identity.Templates;

/// <summary>Language tags (BCP 47) of templates, in one form: <c>de-CH</c>, <c>zh-Hant-TW</c>.</summary>
internal static partial class LanguageTag
{
    public const int MaxLength = 35;

    /// <summary>The tag with the letter case that RFC 5646, section 2.1.1, recommends; false for what is no tag.</summary>
    public static bool TryRead(string? text, [NotNullWhen(true)] out string? tag)
    {
        tag = null;
        if (text is null || text.Length > MaxLength || !Shape().IsMatch(text)) return false;
        var parts = text.ToLowerInvariant().Split('-');
        for (var i = 1; i < parts.Length; i++)
        {
            if (parts[i].Length == 2) parts[i] = parts[i].ToUpperInvariant();
            else if (parts[i].Length == 4 && char.IsAsciiLetter(parts[i][0])) parts[i] = char.ToUpperInvariant(parts[i][0]) + parts[i][1..];
        }

        tag = string.Join('-', parts);
        return true;
    }

    /// <summary>The tag, then less and less of it, as RFC 4647, section 3.4, looks tags up.</summary>
    public static IEnumerable<string> Narrowing(string tag)
    {
        for (var length = tag.Length; length > 0; length = tag.LastIndexOf('-', length - 1, length)) yield return tag[..length];
    }

    /// <summary>The language of the built-in texts that somebody reads who reads this one; null when there is none.</summary>
    public static string? BuiltIn(string tag) => LanguageChoice.Supported.FirstOrDefault(known => Narrowing(tag).LastOrDefault() == known);

    // Language, then script, region and variants; neither extensions nor private use say anything about a mail.
    [GeneratedRegex("^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,4}$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 200)]
    private static partial Regex Shape();
}
