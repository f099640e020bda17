using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace Custodia.Identity.Templates;

/// <summary>
/// Which HTML a mail may have: a fragment of these elements with these attributes, written so strictly (every value in double quotes,
/// every element closed in order, no comments) that all mail programs read the same in it. Nothing is repaired: what breaks a rule is
/// refused and named. Images come by https only; their host learns who opens the mail, so a directory that does not want this has none.
/// </summary>
internal static partial class HtmlRules
{
    public static readonly FrozenSet<string> Void = new[] { "br", "hr", "img" }.ToFrozenSet(StringComparer.Ordinal);

    public static readonly FrozenSet<string> Elements = new[]
    {
        "a", "b", "blockquote", "br", "code", "div", "em", "h1", "h2", "h3", "h4", "hr", "i", "img", "li", "ol", "p", "pre", "s", "small", "span",
        "strong", "sub", "sup", "table", "tbody", "td", "th", "thead", "tr", "u", "ul",
    }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> Styles = new[]
    {
        "background", "background-color", "border", "border-bottom", "border-collapse", "border-color", "border-left", "border-radius", "border-right",
        "border-spacing", "border-style", "border-top", "border-width", "color", "display", "font", "font-family", "font-size", "font-style", "font-weight",
        "height", "letter-spacing", "line-height", "list-style", "margin", "margin-bottom", "margin-left", "margin-right", "margin-top", "max-width",
        "min-width", "padding", "padding-bottom", "padding-left", "padding-right", "padding-top", "text-align", "text-decoration", "text-transform",
        "vertical-align", "white-space", "width", "word-break",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Whether an element may have an attribute at all.</summary>
    public static bool Has(string element, string attribute) => attribute switch
    {
        "style" or "dir" or "lang" or "title" or "align" => true,
        "href" => element == "a",
        "src" or "alt" => element == "img",
        "width" or "height" => element is "img" or "table" or "td" or "th",
        "border" => element is "img" or "table",
        "cellpadding" or "cellspacing" or "role" => element == "table",
        "colspan" or "rowspan" => element is "td" or "th",
        "valign" or "bgcolor" => element is "table" or "tr" or "td" or "th",
        _ => false,
    };

    /// <summary>Whether an attribute may have a value, as it is written in the source.</summary>
    public static bool Allows(string attribute, string value) => attribute switch
    {
        "style" => value.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).All(IsStyle),
        "href" => IsPlaceholder(value) || IsAddress(value, Uri.UriSchemeHttps, Uri.UriSchemeMailto),
        "src" => IsAddress(value, Uri.UriSchemeHttps),
        "alt" or "title" => true,
        "dir" => value is "ltr" or "rtl" or "auto",
        "lang" => LanguageTag.TryRead(value, out _),
        "role" => value is "presentation" or "none",
        "align" or "valign" => value is "left" or "right" or "center" or "justify" or "top" or "middle" or "bottom" or "baseline",
        "bgcolor" => Colour().IsMatch(value),
        _ => Size().IsMatch(value),
    };

    // Neither brackets (url(), expression()) nor escapes, so that no value can fetch or run anything.
    private static bool IsStyle(string declaration)
    {
        var colon = declaration.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && Styles.Contains(declaration[..colon].TrimEnd()) && StyleValue().IsMatch(declaration[(colon + 1)..]);
    }

    private static bool IsPlaceholder(string value)
    {
        var text = new TemplateText(value);
        return text.Names.Count() == 1 && value.StartsWith("{{", StringComparison.Ordinal) && value.EndsWith("}}", StringComparison.Ordinal)
            && value.IndexOf("}}", StringComparison.Ordinal) == value.Length - 2 && text.Names.All(n => Placeholders.IsAddress(n.Name));
    }

    // The only reference is &amp;, so that no other spelling hides a scheme; no placeholder, so that no value of a person leaves in an address.
    private static bool IsAddress(string value, params ReadOnlySpan<string> schemes)
    {
        if (value.Length > 1_000 || value.Contains("{{", StringComparison.Ordinal) || !AddressText().IsMatch(value)) return false;
        return Uri.TryCreate(value.Replace("&amp;", "&", StringComparison.Ordinal), UriKind.Absolute, out var address)
            && schemes.Contains(address.Scheme) && (address.Scheme == Uri.UriSchemeMailto || address.UserInfo.Length == 0);
    }

    [GeneratedRegex(@"^[a-zA-Z0-9#%.,'\s!-]{1,200}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 200)]
    private static partial Regex StyleValue();

    [GeneratedRegex("^([a-zA-Z0-9:/?#@!$'()*+,;=._~%{}-]|&amp;)+$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 200)]
    private static partial Regex AddressText();

    [GeneratedRegex("^(#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})|[a-zA-Z]{3,20})$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 200)]
    private static partial Regex Colour();

    [GeneratedRegex("^[0-9]{1,4}%?$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 200)]
    private static partial Regex Size();
}
