using System.Collections.Frozen;
using System.Text;

namespace Custodia.Identity.Passwords;

/// <summary>
/// Finds the passwords that guessers try first, by the patterns people make them from: a well-known word with letters
/// swapped for digits and a year or a mark behind it; one character or a short piece over and over; a walk along the keyboard,
/// the alphabet or the digits, one more character before or behind it too; a word backwards. The words stand in <c>CommonWords.txt</c>, our own collection.
/// </summary>
internal static class CommonPasswords
{
    private static readonly FrozenSet<string> Words = Load();

    // Rows and columns of a keyboard, the alphabet, the digits: a walk along one of them either way is no secret.
    private static readonly string[] Walks =
    [
        "abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop[]", "asdfghjkl;'", "zxcvbnm,./", "qwertzuiop", "yxcvbnm", "azertyuiop",
        "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p", "1q2w3e4r5t6y7u8i9o0p", "q1w2e3r4t5y6u7i8o9p0", "qazwsxedcrfvtgbyhnujmikolp", "!@#$%^&*()",
    ];

    public static bool Covers(string password)
    {
        var lower = password.ToLowerInvariant();
        if (Repeats(lower) || Walk(lower) || (lower.Length > 7 && (Walk(lower[1..]) || Walk(lower[..^1])))) return true;
        if (Words.Contains(string.Concat(lower.Reverse()))) return true;
        // Swaps are undone before and after the ends are cut: the 0 of "passw0rd" is a letter, that of "summer2024" is none.
        string[] readings = [lower, Core(lower), WithoutSwaps(lower), WithoutSwaps(Core(lower)), Core(WithoutSwaps(lower))];
        return readings.Any(IsWord);
    }

    // A word, twice a word, or two words that both stand in the list: "iloveyou", "monkeymonkey", "superadmin".
    private static bool IsWord(string text)
    {
        if (text.Length == 0) return false;
        if (Words.Contains(text)) return true;
        for (var cut = 2; cut <= text.Length - 2; cut++)
        {
            if (Words.Contains(text[..cut]) && Words.Contains(text[cut..])) return true;
        }

        return false;
    }

    // What is left without up to eight digits and marks at either end: "!!summer2024" is "summer".
    private static string Core(string text)
    {
        var start = 0;
        var end = text.Length;
        while (start < end && !char.IsLetter(text[start])) start++;
        while (end > start && !char.IsLetter(text[end - 1])) end--;
        return start <= 4 && text.Length - end <= 8 ? text[start..end] : "";
    }

    private static string WithoutSwaps(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            plain.Append(c switch
            {
                '0' => 'o',
                '1' or '!' or '|' => 'i',
                '3' => 'e',
                '4' or '@' => 'a',
                '5' or '$' => 's',
                '7' => 't',
                _ => c,
            });
        }

        return plain.ToString();
    }

    // One piece of up to four characters over and over: "aaaaaaaa", "abababab", "12341234".
    private static bool Repeats(string text)
    {
        for (var period = 1; period <= 4 && period * 2 <= text.Length; period++)
        {
            var all = true;
            for (var i = period; i < text.Length && all; i++) all = text[i] == text[i - period];
            if (all) return true;
        }

        return false;
    }

    // Covered by at most two walks of at least three steps: "abcd1234", "qwertyui", "1q2w3e4r", "87654321".
    private static bool Walk(string text)
    {
        var from = 0;
        for (var walks = 0; walks < 2; walks++)
        {
            var length = LongestWalk(text, from);
            if (length < 3) return false;
            from += length;
            if (from >= text.Length) return true;
        }

        return false;
    }

    private static int LongestWalk(string text, int from)
    {
        var best = 0;
        foreach (var walk in Walks)
        {
            best = Math.Max(best, Along(text, from, walk));
            best = Math.Max(best, Along(text, from, string.Concat(walk.Reverse())));
        }

        return best;
    }

    private static int Along(string text, int from, string walk)
    {
        var start = walk.IndexOf(text[from], StringComparison.Ordinal);
        if (start < 0) return 0;
        var length = 0;
        while (from + length < text.Length && start + length < walk.Length && text[from + length] == walk[start + length]) length++;
        return length;
    }

    private static FrozenSet<string> Load()
    {
        using var stream = typeof(CommonPasswords).Assembly.GetManifestResourceStream("Custodia.Identity.Passwords.CommonWords.txt")!;
        using var reader = new System.IO.StreamReader(stream);
        return reader.ReadToEnd()
            .Split(['\n', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .ToFrozenSet(StringComparer.Ordinal);
    }
}
