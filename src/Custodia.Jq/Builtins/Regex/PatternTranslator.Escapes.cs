using System.Globalization;

namespace Custodia.Jq.Builtins.Regex;

/// <summary>What begins with a backslash, outside of classes.</summary>
internal sealed partial class PatternTranslator
{
    private Atom Escape()
    {
        if (_at + 1 >= _pattern.Length) throw PatternProblem.Of("end pattern at escape");
        var unit = _pattern[_at + 1];
        if (unit is >= '1' and <= '9' && BackReference()) return Atom.Group;
        if (Anchor(unit) is { } anchor)
        {
            if (unit == 'G') _out.NeedsBacktracking = true;
            _at += 2;
            return Put(anchor, Atom.Anchor);
        }

        switch (unit)
        {
            case 'K':
                _at += 2;
                _out.HasKeep = true;
                return Put($"(?<{Translation.Keep}>)", Atom.Anchor);
            case 'k' when _at + 2 < _pattern.Length && _pattern[_at + 2] is '<' or '\'':
                return NamedReference();
            case 'g' when _at + 2 < _pattern.Length && _pattern[_at + 2] is '<' or '\'':
                throw PatternProblem.Of(@"calls of groups (\g) are not supported");
            case 'R':
                _at += 2;
                _out.NeedsBacktracking = true;
                return Put(@"(?>\r\n|[\n-\r\u0085\u2028\u2029])", Atom.Group);
            case 'X':
                _at += 2;
                _out.NeedsBacktracking = true;
                return Put($@"(?>\r\n|{Any(withLineFeed: true)}[\p{{M}}\u200D]*)", Atom.Group);
            case 'N' or 'O':
                _at += 2;
                return Put(Any(withLineFeed: unit == 'O'), Atom.Single);
            case 'y' or 'Y':
                throw PatternProblem.Of($@"\{unit} is not supported");
            case 'Q':
                return Quoted();
            default:
                return Character();
        }
    }

    // \b works with .NET's own idea of a word, which differs from \w in rare marks and numerals.
    private static string? Anchor(char unit) => unit switch
    {
        'b' => @"\b",
        'B' => @"\B",
        'A' => @"\A",
        'Z' => @"\Z",
        'z' => @"\z",
        'G' => @"\G",
        _ => null,
    };

    /// <summary>A set, or one character written by its number or name.</summary>
    private Atom Character()
    {
        var set = new CharacterSet();
        var escape = new EscapeReader(_pattern, _at);
        if (escape.ReadSet(set)) _out.Add(set.ToPattern(_out.HasPairs));
        else _out.Add(Quote(char.ConvertFromUtf32(escape.ReadCharacter())));
        _at = escape.At;
        return Atom.Single;
    }

    private Atom Quoted()
    {
        var start = _at + 2;
        var end = _pattern.IndexOf(@"\E", start, StringComparison.Ordinal);
        _at = end < 0 ? _pattern.Length : end + 2;
        var text = _pattern[start..(end < 0 ? _pattern.Length : end)];
        foreach (var unit in text) _out.Add(string.Create(CultureInfo.InvariantCulture, $@"\u{(int)unit:X4}"));
        return text.Length == 0 ? Atom.None : Atom.Single;
    }

    /// <summary>One digit always refers to a group; more do if there are so many groups already, and else are an octal number.</summary>
    private bool BackReference()
    {
        var at = _at + 1;
        var number = Number(ref at) ?? 0;
        if (number > 9 && number > _out.Groups.Count) return false;
        _at = at;
        _out.AddReference("", (int)number);
        return true;
    }

    private Atom NamedReference()
    {
        var closing = _pattern[_at + 2] == '<' ? '>' : '\'';
        _at += 3;
        var end = _pattern.IndexOf(closing, _at);
        if (end <= _at) throw PatternProblem.Of("group name is empty");
        var name = _pattern[_at..end];
        _at = end + 1;
        if (!int.TryParse(name, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)) _out.AddReference(name, 0);
        else _out.AddReference("", number < 0 ? _out.Groups.Count + 1 + number : number);
        return Atom.Group;
    }
}
