using System.Text;

namespace Custodia.Jq.Builtins.Regex;

/// <summary>Reads a class in brackets.</summary>
/// <param name="pattern">The pattern.</param>
/// <param name="at">Behind the opening bracket.</param>
internal ref struct ClassReader(string pattern, int at)
{
    private int _at = at;

    /// <param name="end">Behind the closing bracket.</param>
    public CharacterSet Read(out int end)
    {
        var set = new CharacterSet();
        if (Is('^'))
        {
            set.IsNegated = true;
            _at++;
        }

        // A bracket that comes first closes nothing, if another one does.
        var first = _at;
        if (Is(']') && pattern.IndexOf(']', _at + 1) < 0) throw PatternProblem.Of("empty char-class");
        while (!Is(']') || _at == first)
        {
            if (_at >= pattern.Length) throw PatternProblem.Of("premature end of char-class");
            ReadItem(set);
        }

        end = _at + 1;
        return set;
    }

    private void ReadItem(CharacterSet set)
    {
        if (ReadPosix(set) || ReadEscapedSet(set)) return;
        var from = ReadCharacter();
        if (!Is('-') || _at + 1 >= pattern.Length || pattern[_at + 1] == ']')
        {
            set.Add(from, from);
            return;
        }

        _at++;
        if (pattern[_at] == '\\' && new EscapeReader(pattern, _at).ReadSet(new CharacterSet())) throw PatternProblem.Of("char-class value at end of range");
        var to = ReadCharacter();
        if (to < from) throw PatternProblem.Of("empty range in char class");
        set.Add(from, to);
    }

    private bool ReadPosix(CharacterSet set)
    {
        if (!Is('[') || _at + 1 >= pattern.Length || pattern[_at + 1] != ':') return false;
        var end = pattern.IndexOf(":]", _at + 2, StringComparison.Ordinal);
        if (end < 0) return false;
        var name = pattern[(_at + 2)..end];
        var isNegated = name.StartsWith('^');
        if (isNegated) name = name[1..];
        if (!name.All(char.IsAsciiLetter)) return false;
        set.Add(CharacterProperty.FindPosix(name) ?? throw PatternProblem.Of("invalid POSIX bracket type"), isNegated);
        _at = end + 2;
        return true;
    }

    private bool ReadEscapedSet(CharacterSet set)
    {
        if (!Is('\\')) return false;
        var escape = new EscapeReader(pattern, _at);
        if (!escape.ReadSet(set)) return false;
        _at = escape.At;
        return true;
    }

    private int ReadCharacter()
    {
        if (Is('\\'))
        {
            var escape = new EscapeReader(pattern, _at);
            var code = escape.ReadCharacter();
            var isBackspace = code == 'b' && pattern[_at + 1] == 'b';
            _at = escape.At;
            return isBackspace ? '\b' : code;
        }

        var rune = Rune.TryGetRuneAt(pattern, _at, out var whole) ? whole : Rune.ReplacementChar;
        _at += rune.Utf16SequenceLength;
        return rune.Value;
    }

    private readonly bool Is(char unit) => _at < pattern.Length && pattern[_at] == unit;
}
