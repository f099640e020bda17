using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace Custodia.Tickets.Screening;

/// <summary>Whether a word after "password" is one.</summary>
internal static partial class PasswordValue
{
    // What people and programs say about passwords after a colon or "is".
    private static readonly FrozenSet<string> Words = FrozenSet.ToFrozenSet(
        [
            "wrong", "incorrect", "invalid", "expired", "expiring", "required", "missing", "empty", "blank", "null", "none", "nil", "undefined",
            "true", "false", "yes", "no", "not", "never", "always", "still", "also", "only", "now", "being", "been", "the", "a", "an", "too",
            "very", "correct", "right", "valid", "fine", "okay", "weak", "strong", "short", "long", "same", "different", "unknown", "hidden",
            "changed", "rejected", "accepted", "refused", "denied", "failed", "reset", "forgotten", "lost", "locked", "sent", "saved", "stored",
            "used", "shown", "asked", "needed", "must", "should", "cannot", "can't", "string", "text", "varchar", "char", "bool", "int", "bytes",
            "hash", "hashed", "encrypted", "masked", "redacted", "removed", "secret", "confidential", "optional", "mandatory", "please", "your",
            "my", "our", "their", "his", "her", "its", "this", "that", "it", "in", "on", "at", "to", "from", "for", "of", "and", "or", "if",
            "when", "what", "which", "where", "why", "how", "i", "we", "you", "they", "he", "she", "error", "mismatch", "match", "matches",
            "matching", "authentication", "login", "policy", "prompt", "field", "page", "link", "working", "ok", "n/a", "na", "tbd", "xxx",
            "sha256", "sha512", "sha-256", "md5", "bcrypt", "scrypt", "argon2id", "base64", "utf-8", "utf8", "aes-256", "aes256", "oauth", "oauth2",
            "oauth2.0", "http", "https", "401", "403", "404", "mysql", "sso", "totp", "ldap", "example", "sample", "placeholder", "password",
            "yourpassword", "your_password", "your-password", "changeme?", "like", "there", "here", "already", "given", "known", "set", "unset", "visible",
        ],
        StringComparer.OrdinalIgnoreCase);

    /// <summary>Null: not a password.</summary>
    /// <param name="rest">What follows the value in the text.</param>
    public static Certainty? Judge(ReadOnlySpan<char> value, PasswordLink link, ReadOnlySpan<char> rest)
    {
        if (value.Length < 4 || IsPlaceholder(value) || IsMeasure(value, rest)) return null;
        if (Words.GetAlternateLookup<ReadOnlySpan<char>>().Contains(value)) return null;
        if (WordLike().IsMatch(value)) return JudgeWord(value, link, rest);
        var classes = Classes(value);
        var digitsOnly = value.IndexOfAnyExceptInRange('0', '9') < 0;
        if (link != PasswordLink.None) return classes >= 2 || digitsOnly ? Certainty.Sure : Certainty.Likely;

        // "密码Abc@1234" without a connector: only what cannot be anything else.
        if (classes >= 3 || (classes == 2 && value.Length >= 8)) return Certainty.Sure;
        return digitsOnly && value.Length >= 6 ? Certainty.Likely : null;
    }

    public static bool IsPlaceholder(ReadOnlySpan<char> value) => Placeholder().IsMatch(value);

    // Letters only may be a password or just language: "password: swordfish" is asked about, "password is ignored" is not.
    private static Certainty? JudgeWord(ReadOnlySpan<char> value, PasswordLink link, ReadOnlySpan<char> rest)
    {
        if (link == PasswordLink.None || value.ContainsAny('-', '\'')) return null;
        if (value.EndsWith("ed", StringComparison.Ordinal) || value.EndsWith("ing", StringComparison.Ordinal) || value.EndsWith("ly", StringComparison.Ordinal)) return null;
        return link == PasswordLink.Sign || EndsSentence(rest) ? Certainty.Likely : null;
    }

    private static bool EndsSentence(ReadOnlySpan<char> rest)
    {
        rest = rest.TrimStart(" \"'`”’");
        return rest.IsEmpty || rest[0] is '.' or ',' or ';' or '!' or '\n' or '\r' or '。' or '，' or '；' or '！';
    }

    // "password: 8-16 characters", 密码：8位
    private static bool IsMeasure(ReadOnlySpan<char> value, ReadOnlySpan<char> rest) => Measure().IsMatch(value) && Unit().IsMatch(rest);

    private static int Classes(ReadOnlySpan<char> value)
    {
        bool upper = false, lower = false, digit = false, other = false;
        foreach (var c in value)
        {
            if (char.IsUpper(c)) upper = true;
            else if (char.IsLower(c)) lower = true;
            else if (char.IsDigit(c)) digit = true;
            else other = true;
        }

        return (upper ? 1 : 0) + (lower ? 1 : 0) + (digit ? 1 : 0) + (other ? 1 : 0);
    }

    [GeneratedRegex(
        """
        ^(?: \$\{.* | \$[A-Z_][A-Z0-9_]*$ | \$\(.* | \{\{?.* | <.* | %[sd@]$ | %[A-Za-z_]+%$ | \[.* | [*•·.xX_?#-]+$
           | [A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+\(?.*$                       # config.db.password, os.getenv(…)
           | [A-Za-z_]+\(.* | https?://.* | @\w+$ | :\w+$ )
        """,
        RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"^[\p{L}]+(?:[-'’/][\p{L}]+)*$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex WordLike();

    [GeneratedRegex(@"^[<>=~≥≤]{0,2}\d{1,4}(?:[-~–+]\d{0,4})?\+?$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Measure();

    [GeneratedRegex(@"^\s*(?:or more |to \d+ )?(?:char|digit|letter|symbol|byte|bit|day|hour|minute|month|time|attempt|位|个|字符|天|次|分钟|小时)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Unit();
}
