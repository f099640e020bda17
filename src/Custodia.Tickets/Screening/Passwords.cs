using System.Text.RegularExpressions;

namespace Custodia.Tickets.Screening;

/// <summary>
/// A keyword in English or Chinese and a value that looks like a password. "I forgot my password" has no value,
/// <c>password=${DB_PASSWORD}</c> has only a placeholder.
/// </summary>
internal static partial class Passwords
{
    public static void Find(string text, ref List<Finding>? found)
    {
        foreach (Match match in English().Matches(text)) Judge(text, match, ref found);
        foreach (Match match in Chinese().Matches(text)) Judge(text, match, ref found);
        foreach (Match match in InAddress().Matches(text))
        {
            var value = match.Groups["value"];
            if (!PasswordValue.IsPlaceholder(value.ValueSpan)) Screen.Add(ref found, SecretKind.Password, Certainty.Sure, value.Index, value.Length);
        }
    }

    private static void Judge(string text, Match match, ref List<Finding>? found)
    {
        var (start, length) = Trim(text, match.Groups["value"]);
        var link = match.Groups["link"].ValueSpan.Trim();
        var linked = link.IsEmpty ? PasswordLink.None : link.ContainsAny(':', '=') || link.Contains('>') ? PasswordLink.Sign : PasswordLink.Word;
        var certainty = PasswordValue.Judge(text.AsSpan(start, length), linked, text.AsSpan(start + length));
        if (certainty is { } sure) Screen.Add(ref found, SecretKind.Password, sure, start, length);
    }

    // A quoted value ends with its quote; any other loses the punctuation of the sentence around it.
    private static (int Start, int Length) Trim(string text, Group value)
    {
        var (start, length) = (value.Index, value.Length);
        while (length > 0 && "\"'`“‘「『".Contains(text[start], StringComparison.Ordinal))
        {
            start++;
            length--;
        }

        var quote = text.AsSpan(start, length).IndexOfAny("\"'`”’」』");
        if (quote >= 3) length = quote;
        while (length > 0 && ".,;:!?)]}>、。".Contains(text[start + length - 1], StringComparison.Ordinal)
            && !(text[start + length - 1] is '!' or '?' && length <= 12 && text.AsSpan(start, length - 1).ContainsAnyInRange('0', '9')))
        {
            length--;
        }

        return (start, length);
    }

    [GeneratedRegex(
        @"(?<![A-Za-z])(?:pass(?:word|wd|code|phrase)|pwd)s?[""'`]?\s{0,4}(?<link>is\s{0,4}[:=]|is\s|was\s|:=|=>|->|[:=])\s{0,8}(?<value>[^\s，。；、！？）】]{3,128})",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 10_000)]
    private static partial Regex English();

    [GeneratedRegex(
        @"(?:密码|密碼|口令|通行码)\s{0,4}(?<link>(?:都|就)?(?:是|为|為|改成|改为|设成|设为|设置为|换成|重置为)?\s{0,4}(?:[:=]|->|=>)?)\s{0,4}(?<value>[""'`“‘「『]?[\x21-\x7e]{4,128})",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Chinese();

    [GeneratedRegex(
        @"[a-z][a-z0-9+.-]{1,20}://[^\s/:@]{1,64}:(?<value>[^\s/@]{3,128})@",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 10_000)]
    private static partial Regex InAddress();
}

/// <summary>How a keyword and a value hang together.</summary>
internal enum PasswordLink
{
    /// <summary>The value follows directly.</summary>
    None,

    /// <summary>"is", 是.</summary>
    Word,

    /// <summary>A colon, equals sign or arrow.</summary>
    Sign,
}
