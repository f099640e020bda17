using System.Globalization;

namespace Custodia.Jq.Builtins.Regex;

/// <summary>Sets of code points as sorted ranges that do not touch.</summary>
internal static class CodeRanges
{
    public const int Last = 0x10FFFF;
    public const int FirstBeyondUnits = 0x10000;

    private static readonly Lazy<List<(int From, int To)>[]> ByCategory = new(Sort);

    /// <summary>The code points of the categories in a mask, bit by bit as <see cref="UnicodeCategory"/> counts.</summary>
    public static List<(int From, int To)> Of(uint categories)
    {
        var ranges = new List<(int From, int To)>();
        for (var i = 0; i < ByCategory.Value.Length; i++)
        {
            if ((categories >> i & 1) != 0) ranges.AddRange(ByCategory.Value[i]);
        }

        return Normal(ranges);
    }

    public static List<(int From, int To)> Normal(List<(int From, int To)> ranges)
    {
        ranges.Sort();
        var normal = new List<(int From, int To)>(ranges.Count);
        foreach (var range in ranges)
        {
            if (normal.Count > 0 && range.From <= normal[^1].To + 1) normal[^1] = (normal[^1].From, Math.Max(normal[^1].To, range.To));
            else normal.Add(range);
        }

        return normal;
    }

    /// <summary>Everything else; <paramref name="ranges"/> are normal.</summary>
    public static List<(int From, int To)> Complement(List<(int From, int To)> ranges)
    {
        var others = new List<(int From, int To)>(ranges.Count + 1);
        var next = 0;
        foreach (var (from, to) in ranges)
        {
            if (from > next) others.Add((next, from - 1));
            next = to + 1;
        }

        if (next <= Last) others.Add((next, Last));
        return others;
    }

    private static List<(int From, int To)>[] Sort()
    {
        var sorted = new List<(int From, int To)>[30];
        for (var i = 0; i < sorted.Length; i++) sorted[i] = [];
        var from = 0;
        for (var code = 1; code <= Last + 1; code++)
        {
            if (code <= Last && CharUnicodeInfo.GetUnicodeCategory(code) == CharUnicodeInfo.GetUnicodeCategory(from)) continue;
            sorted[(int)CharUnicodeInfo.GetUnicodeCategory(from)].Add((from, code - 1));
            from = code;
        }

        return sorted;
    }
}
