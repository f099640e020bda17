using System.Text;

namespace Custodia.Jq.Values;

/// <summary>Texts counted and ordered by code point, as jq does; .NET's own count by UTF-16 unit.</summary>
internal static class CodePoints
{
    public static bool HasSurrogates(ReadOnlySpan<char> text) => text.IndexOfAnyInRange('\uD800', '\uDFFF') >= 0;

    /// <summary>How many there are; half a pair counts as one.</summary>
    public static int Count(string text)
    {
        if (!HasSurrogates(text)) return text.Length;
        var count = 0;
        foreach (var _ in text.EnumerateRunes()) count++;
        return count;
    }

    /// <summary>Where the n-th code point begins, in UTF-16 units; the length when there are fewer.</summary>
    public static int Offset(string text, int codePoints)
    {
        if (!HasSurrogates(text)) return Math.Min(codePoints, text.Length);
        var at = 0;
        for (; codePoints > 0 && at < text.Length; codePoints--) at += char.IsSurrogatePair(text, at) ? 2 : 1;
        return at;
    }

    /// <summary>Order by code point: pairs, which UTF-16 puts before U+E000, come after it.</summary>
    public static int Compare(string left, string right)
    {
        var common = left.AsSpan().CommonPrefixLength(right);
        if (common == left.Length || common == right.Length) return left.Length.CompareTo(right.Length);
        char a = left[common], b = right[common];
        var (highA, highB) = (char.IsSurrogate(a), char.IsSurrogate(b));
        return highA == highB ? a.CompareTo(b) : highA ? 1 : -1;
    }

    /// <summary>The text with halves of pairs replaced by U+FFFD; the same instance where there are none.</summary>
    public static string Sound(string text)
    {
        if (!HasSurrogates(text)) return text;
        for (var at = 0; at < text.Length; at++)
        {
            if (!char.IsSurrogate(text[at])) continue;
            if (at + 1 < text.Length && char.IsSurrogatePair(text[at], text[at + 1])) at++;
            else return Replace(text);
        }

        return text;
    }

    private static string Replace(string text)
    {
        var sound = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes()) sound.Append(rune.ToString());
        return sound.ToString();
    }
}
