using System.Text;
using System.Text.RegularExpressions;
using Custodia.Tickets.Screening;

namespace Custodia.Tickets.Erasure;

/// <summary>
/// What a person is known by, and its removal from texts: names, addresses and numbers in any spelling that reads the same
/// (NFKC, case, invisible characters, blanks inside numbers).
/// </summary>
internal sealed class Identifiers
{
    private readonly Regex? _any;

    /// <param name="names">User names and display names.</param>
    /// <param name="exact">Mail addresses and other values that are replaced wherever they stand.</param>
    public Identifiers(IEnumerable<string?> names, IEnumerable<string?> exact, IEnumerable<string?> mobiles)
    {
        var patterns = new List<string>();
        foreach (var value in exact.OfType<string>()) AddExact(patterns, value);
        foreach (var mobile in mobiles.OfType<string>()) AddMobile(patterns, mobile);
        foreach (var name in names.OfType<string>()) AddName(patterns, name);
        if (patterns.Count == 0) return;
        // Longest first, so that a whole name goes before its parts.
        var ordered = patterns.Distinct(StringComparer.Ordinal).OrderByDescending(p => p.Length);
        _any = new Regex(string.Join('|', ordered), RegexOptions.CultureInvariant, TimeSpan.FromSeconds(5));
    }

    /// <summary>The text without the person; the same instance when there was nothing of them in it.</summary>
    public string RemoveFrom(string text, string replacement)
    {
        if (_any is null) return text;
        var normal = NormalisedText.Of(text);
        var result = new StringBuilder(text.Length);
        var at = 0;
        foreach (var match in _any.EnumerateMatches(normal.Text))
        {
            var (start, length) = normal.Original(match.Index, match.Length);
            if (start < at) continue;
            result.Append(text, at, start - at).Append(replacement);
            at = start + length;
        }

        return at == 0 ? text : result.Append(text, at, text.Length - at).ToString();
    }

    private static void AddExact(List<string> patterns, string value)
    {
        var normal = NormalisedText.Of(value).Text.Trim();
        if (normal.Length >= 3) patterns.Add($"(?i:{Regex.Escape(normal)})");
    }

    private static void AddName(List<string> patterns, string name)
    {
        var normal = NormalisedText.Of(name).Text.Trim();
        var wide = normal.Any(c => c > 0x2E7F);
        if (normal.Length < (wide ? 2 : 3)) return;
        // Chinese is written without blanks, so a boundary would miss names there.
        patterns.Add(wide ? Regex.Escape(normal) : $"(?i:{Whole(normal)})");
        if (wide) return;
        foreach (var part in normal.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            // "Dear Ada": a part of a name goes too, but only spelled as a name, so that "will" stays when Will leaves.
            if (part.Length >= 3 && char.IsUpper(part[0]) && part.Length < normal.Length) patterns.Add(Whole(part));
        }
    }

    private static void AddMobile(List<string> patterns, string mobile)
    {
        var digits = new string([.. mobile.Where(char.IsAsciiDigit)]);
        if (digits.Length < 7) return;
        AddDigits(patterns, digits);
        if (digits.StartsWith("86", StringComparison.Ordinal) && digits.Length == 13) AddDigits(patterns, digits[2..]);
        else if (mobile.TrimStart().StartsWith('+') && digits.Length > 10) AddDigits(patterns, digits[^10..]);
    }

    private static void AddDigits(List<string> patterns, string digits) =>
        patterns.Add($@"(?<!\d)(?:\+|00)?{string.Join(@"[\s().\-–]{0,2}", digits.Select(d => d.ToString()))}(?!\d)");

    private static string Whole(string text) => $@"(?<![\p{{L}}\p{{N}}]){Regex.Escape(text).Replace(@"\ ", @"\s+", StringComparison.Ordinal)}(?![\p{{L}}\p{{N}}])";
}
