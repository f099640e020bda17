using System.Globalization;
using System.Text;

namespace Custodia.Jq.Builtins.Regex;

/// <summary>What a translation has come to: .NET's pattern in pieces, the groups, and what decides on the engine.</summary>
internal sealed class Translation(bool hasPairs)
{
    /// <summary>The group whose place is where the match begins, for <c>\K</c>.</summary>
    public const string Keep = "keep";

    private readonly List<string> _pieces = [];
    private readonly List<(int Piece, string Name, int Number)> _references = [];

    /// <summary>The names of the groups, null for those without, in the order of their parentheses.</summary>
    public List<string?> Groups { get; } = [];

    public bool HasPairs { get; } = hasPairs;

    public bool HasKeep { get; set; }

    /// <summary>Whether only .NET's backtracking engine can do it.</summary>
    public bool NeedsBacktracking { get; set; }

    /// <summary>Repetitions without an upper bound, or of more than one character: what makes backtracking slow.</summary>
    public int Repetitions { get; set; }

    /// <summary>How often the most repeated character would stand there, were all counted repetitions written out.</summary>
    public double Unrolled { get; set; } = 1;

    public int Length => _pieces.Count;

    public void Add(string piece) => _pieces.Add(piece);

    public void Wrap(int from, string before, string after)
    {
        _pieces[from] = before + _pieces[from];
        _pieces.Add(after);
    }

    /// <summary>A reference to a group that may come later.</summary>
    public void AddReference(string name, int number, bool isCondition = false)
    {
        NeedsBacktracking = true;
        _references.Add((_pieces.Count, isCondition ? "?" + name : name, number));
        _pieces.Add("");
    }

    public string Done()
    {
        foreach (var (piece, name, number) in _references) _pieces[piece] += Resolve(name, number);
        return string.Concat(_pieces);
    }

    private string Resolve(string name, int number)
    {
        var isCondition = name.StartsWith('?');
        if (isCondition) name = name[1..];
        var groups = name.Length > 0
            ? Enumerable.Range(1, Groups.Count).Where(i => Groups[i - 1] == name).Reverse().ToArray()
            : number >= 1 && number <= Groups.Count ? [number] : [];
        if (groups.Length == 0) throw PatternProblem.Of(name.Length > 0 ? $"undefined name <{name}> reference" : "invalid backref number/name");
        if (isCondition) return string.Create(CultureInfo.InvariantCulture, $"(?({groups[0]})");
        var choices = new StringBuilder();
        foreach (var group in groups) choices.Append(choices.Length > 0 ? "|" : "").Append(CultureInfo.InvariantCulture, $@"\k<{group}>");
        return $"(?:{choices})";
    }
}

internal static class PatternProblem
{
    public static JqException Of(string reason) => JqException.Of($"Regex failure: {reason}");
}
