using System.Text.RegularExpressions;

namespace Custodia.Console.Tests.Support;

/// <summary>What tests want to know about a page's markup.</summary>
internal static partial class Html
{
    /// <summary>What the Content-Security-Policy would stop; empty for a clean page.</summary>
    public static IReadOnlyList<string> AgainstPolicy(string html) =>
        [.. Forbidden().Matches(html).Select(m => m.Value)];

    public static IReadOnlyList<string> Ids(string html) => [.. Id().Matches(html).Select(m => m.Groups[1].Value)];

    /// <summary>Ids that labels, descriptions, popovers and local links point to.</summary>
    public static IReadOnlyList<string> References(string html) =>
        [.. Reference().Matches(html).SelectMany(m => m.Groups[1].Value.Split(' ')).Distinct(StringComparer.Ordinal)];

    public static string Tag(string html, string start)
    {
        var from = html.IndexOf(start, StringComparison.Ordinal);
        from.ShouldBeGreaterThan(-1, $"{start} is not on the page");
        return html[from..(html.IndexOf('>', from) + 1)];
    }

    public static string FormToken(string html) => Token().Match(html).Groups[1].Value;

    [GeneratedRegex("""<[^>]*\s(style|on[a-z]+|hx-on[a-z:-]*)\s*=[^>]*>|<style\b|<script(?![^>]*\ssrc=)[^>]*>|javascript:|\bjs:""", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 2000)]
    private static partial Regex Forbidden();

    [GeneratedRegex("""\sid="([^"]+)""" + "\"", RegexOptions.CultureInvariant, 2000)]
    private static partial Regex Id();

    [GeneratedRegex("""\s(?:for|aria-describedby|aria-labelledby|popovertarget)="([^"]+)""" + "\"", RegexOptions.CultureInvariant, 2000)]
    private static partial Regex Reference();

    [GeneratedRegex("""name="form-token" value="([^"]+)""" + "\"", RegexOptions.CultureInvariant, 2000)]
    private static partial Regex Token();
}
