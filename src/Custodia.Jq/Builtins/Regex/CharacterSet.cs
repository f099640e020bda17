using System.Globalization;
using System.Text;

namespace Custodia.Jq.Builtins.Regex;

/// <summary>
/// A class of characters on its way to .NET, whose classes know UTF-16 units only: what lies beyond U+FFFF is written as pairs of
/// units, in an alternative of its own, and only where the text has such pairs.
/// </summary>
internal sealed class CharacterSet
{
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
        _units.Append(CultureInfo.InvariantCulture, $@"\u{from:X4}");
        if (to > from) _units.Append(CultureInfo.InvariantCulture, $@"-\u{to:X4}");
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
        var pairs = new StringBuilder();
        foreach (var (from, to) in all.Where(r => r.To >= CodeRanges.FirstBeyondUnits)) AppendPairs(pairs, Math.Max(from, CodeRanges.FirstBeyondUnits), to);
        return pairs.ToString();
    }

    private static void AppendPairs(StringBuilder pairs, int from, int to)
    {
        while (from <= to)
        {
            var (high, low) = (High(from), Low(from));
            var end = to;

            // Whole rows of 1024 go together, what is before and after them by itself.
            if (High(to) != high) end = low == 0xDC00 && Low(to) == 0xDFFF ? to : low == 0xDC00 ? from + ((High(to) - high) * 1024) - 1 : from + 0xDFFF - low;
            if (pairs.Length > 0) pairs.Append('|');
            pairs.Append(CultureInfo.InvariantCulture, $@"[\u{high:X4}-\u{High(end):X4}][\u{low:X4}-\u{Low(end):X4}]");
            from = end + 1;
        }
    }

    private static int High(int code) => 0xD800 + ((code - FirstPair) >> 10);

    private static int Low(int code) => 0xDC00 + ((code - FirstPair) & 0x3FF);

    private const int FirstPair = CodeRanges.FirstBeyondUnits;
}
