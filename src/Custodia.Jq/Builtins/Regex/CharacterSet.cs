using System.Globalization;
using System.Text;

namespace Custodia.Jq.Builtins.Regex;

/// <summary>
/// A class of characters on its way to .NET, whose classes know UTF-16 units only: what lies beyond U+FFFF is written as pairs of
/// units, in an alternative of its own, and only where the text has such pairs.
/// </summary>
internal sealed class CharacterSet
{
    private const int FirstPair = CodeRanges.FirstBeyondUnits;
    private const string WholeRow = @"\uDC00-\uDFFF";
    private readonly StringBuilder _units = new();
    private readonly List<(int From, int To)> _explicit = [];
    private readonly List<Func<List<(int From, int To)>>> _properties = [];

    public bool IsNegated { get; set; }

    public void Add(int from, int to)
    {
        if (to >= CodeRanges.FirstBeyondUnits) _explicit.Add((Math.Max(from, CodeRanges.FirstBeyondUnits), to));
        if (from < CodeRanges.FirstBeyondUnits) AppendUnits(from, Math.Min(to, 0xFFFF));
    }

    public void Add(CharacterProperty property, bool isNegated)
    {
        if (!isNegated || property.Ranges.Count == 0)
        {
            AppendCategories(isNegated ? ~property.Categories : property.Categories);
            foreach (var (from, to) in property.Ranges.Where(r => r.From < CodeRanges.FirstBeyondUnits)) AppendUnits(from, Math.Min(to, 0xFFFF));
        }
        else
        {
            foreach (var (from, to) in CodeRanges.Complement(property.All()).Where(r => r.From < CodeRanges.FirstBeyondUnits)) AppendUnits(from, Math.Min(to, 0xFFFF));
        }

        _properties.Add(() => isNegated ? CodeRanges.Complement(property.All()) : property.All());
    }

    /// <summary>As a .NET pattern that takes exactly one character.</summary>
    public string ToPattern(bool hasPairs)
    {
        var units = _units.ToString();
        if (!hasPairs)
        {
            if (units.Length > 0) return $"[{(IsNegated ? "^" : "")}{units}]";
            return IsNegated ? @"[\s\S]" : "(?!)";
        }

        var single = IsNegated ? $@"[^{units}\uD800-\uDFFF]" : units.Length > 0 ? $@"[{units}-[\uD800-\uDFFF]]" : "";
        var pairs = Pairs();
        if (pairs.Length == 0) return single.Length > 0 ? single : "(?!)";
        return single.Length > 0 ? $"(?:{single}|{pairs})" : $"(?:{pairs})";
    }

    private void AppendUnits(int from, int to)
    {
        _units.Append(Unit(from));
        if (to > from) _units.Append('-').Append(Unit(to));
    }

    private void AppendCategories(uint categories)
    {
        for (var i = 0; i < CharacterProperty.CategoryNames.Length; i++)
        {
            if ((categories >> i & 1) != 0) _units.Append(@"\p{").Append(CharacterProperty.CategoryNames[i]).Append('}');
        }
    }

    private string Pairs()
    {
        List<(int From, int To)> all = [.. _explicit];
        foreach (var property in _properties) all.AddRange(property());
        all = CodeRanges.Normal(all);
        if (IsNegated) all = CodeRanges.Complement(all);
        var rows = new SortedDictionary<int, StringBuilder>();
        foreach (var (from, to) in all.Where(r => r.To >= CodeRanges.FirstBeyondUnits)) AddRows(rows, Math.Max(from, CodeRanges.FirstBeyondUnits), to);

        // The engine tries one alternative after the other: full rows, the most frequent, first; rows that are alike together.
        var alternatives = rows.GroupBy(row => row.Value.ToString(), row => row.Key, StringComparer.Ordinal).OrderByDescending(row => row.Key == WholeRow).ThenByDescending(row => row.Count());
        return string.Join('|', alternatives.Select(row => $"[{string.Concat(row.Select(high => Unit(high)))}][{row.Key}]"));
    }

    /// <summary>By high surrogate the low ones that may follow.</summary>
    private static void AddRows(SortedDictionary<int, StringBuilder> rows, int from, int to)
    {
        for (var high = High(from); high <= High(to); high++)
        {
            if (!rows.TryGetValue(high, out var lows)) rows[high] = lows = new StringBuilder();
            lows.Append(Unit(high == High(from) ? Low(from) : 0xDC00)).Append('-').Append(Unit(high == High(to) ? Low(to) : 0xDFFF));
        }
    }

    private static string Unit(int unit) => string.Create(CultureInfo.InvariantCulture, $@"\u{unit:X4}");

    private static int High(int code) => 0xD800 + ((code - FirstPair) >> 10);

    private static int Low(int code) => 0xDC00 + ((code - FirstPair) & 0x3FF);
}
