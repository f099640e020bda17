using System.Globalization;
using System.Text;

namespace Custodia.Identity.Users;

/// <summary>
/// The beginnings by which a display name is found: of words with gaps between them 2 to 8 characters; of Chinese, Japanese and Korean
/// names, which have no gaps and say much in one character, 1 to 8 from every character on.
/// </summary>
internal static class NamePrefixes
{
    /// <summary>Beginnings kept of one name; those of its first words come first.</summary>
    public const int Most = 48;

    /// <summary>Characters of a word that are compared.</summary>
    public const int Longest = 8;

    /// <summary>Words of a search.</summary>
    public const int MostWords = 5;

    private const int Shortest = 2;

    /// <summary>The beginnings of a name, each once.</summary>
    public static IReadOnlyList<string> Of(string name) => [.. Words(name).SelectMany(Beginnings).Distinct(StringComparer.Ordinal).Take(Most)];

    /// <summary>What a search for the beginning of a name looks for, all of it; empty when a word is too short or there is none.</summary>
    public static IReadOnlyList<string> Sought(string typed)
    {
        List<string> sought = [];
        foreach (var word in Words(typed).Take(MostWords))
        {
            if (word.Count < Shortest && !IsDense(word[0])) return [];
            sought.Add(Text(word, 0, Math.Min(word.Count, Longest)));
        }

        return sought;
    }

    private static IEnumerable<string> Beginnings(IReadOnlyList<Rune> word)
    {
        var dense = IsDense(word[0]);
        for (var start = 0; start < (dense ? word.Count : 1); start++)
        {
            for (var length = dense ? 1 : Shortest; length <= Longest && start + length <= word.Count; length++) yield return Text(word, start, length);
        }
    }

    /// <summary>Runs of letters, marks and digits; a change between dense and other scripts begins a word as a gap does.</summary>
    private static IEnumerable<List<Rune>> Words(string name)
    {
        List<Rune> word = [];
        foreach (var rune in name.Normalize(NormalizationForm.FormKC).ToLowerInvariant().EnumerateRunes())
        {
            var belongs = Belongs(rune);
            if (word.Count > 0 && (!belongs || IsDense(word[0]) != IsDense(rune)))
            {
                yield return word;
                word = [];
            }

            if (belongs) word.Add(rune);
        }

        if (word.Count > 0) yield return word;
    }

    private static bool Belongs(Rune rune) =>
        Rune.IsLetterOrDigit(rune)
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    // Kana, Hangul and Han with their extensions, by block.
    private static bool IsDense(Rune rune) => rune.Value is (>= 0x3040 and <= 0x30FF) or (>= 0x3400 and <= 0x4DBF) or (>= 0x4E00 and <= 0x9FFF)
        or (>= 0xAC00 and <= 0xD7A3) or (>= 0xF900 and <= 0xFAFF) or (>= 0x20000 and <= 0x323AF);

    private static string Text(IReadOnlyList<Rune> word, int start, int length) => string.Concat(word.Skip(start).Take(length));
}
