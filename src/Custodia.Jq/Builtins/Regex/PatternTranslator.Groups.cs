using System.Globalization;

namespace Custodia.Jq.Builtins.Regex;

/// <summary>What begins with a parenthesis.</summary>
internal sealed partial class PatternTranslator
{
    /// <summary>After the opening parenthesis.</summary>
    private Atom Parenthesis(ref Modes modes)
    {
        if (IsAtEnd) throw PatternProblem.Of("end pattern with unmatched parenthesis");
        if (_pattern[_at] == '*') throw PatternProblem.Of("invalid callout name");
        if (_pattern[_at] != '?') return Capture(null, modes);
        _at++;
        if (IsAtEnd) throw PatternProblem.Of("end pattern in group");
        switch (_pattern[_at++])
        {
            case ':':
                return Group("(?:", modes, Atom.Group);
            case '=':
                return Look("(?=", modes);
            case '!':
                return Look("(?!", modes);
            case '>':
                _out.NeedsBacktracking = true;
                return Group("(?>", modes, Atom.Group);
            case '<':
                return Behind(modes);
            case '\'':
                return Capture(Name('\''), modes);
            case '(':
                return Condition(modes);
            case '#':
                return Comment();
            case '~':
                throw PatternProblem.Of("the absent operator (?~ is not supported");
            case '{':
                throw PatternProblem.Of("callouts (?{ are not supported");
            default:
                _at--;
                return Options(ref modes);
        }
    }

    private Atom Behind(Modes modes)
    {
        if (IsAtEnd) throw PatternProblem.Of("end pattern with unmatched parenthesis");
        if (_pattern[_at] is not ('=' or '!')) return Capture(Name('>'), modes);
        return Look(_pattern[_at++] == '=' ? "(?<=" : "(?<!", modes);
    }

    private Atom Look(string opening, Modes modes)
    {
        _out.NeedsBacktracking = true;
        return Group(opening, modes, Atom.Anchor);
    }

    private Atom Capture(string? name, Modes modes)
    {
        _out.Groups.Add(name);
        return Group(string.Create(CultureInfo.InvariantCulture, $"(?<{_out.Groups.Count}>"), modes, Atom.Group);
    }

    private Atom Group(string opening, Modes modes, Atom atom)
    {
        _out.Add(opening);
        return Rest(modes, atom);
    }

    private Atom Rest(Modes modes, Atom atom)
    {
        Alternatives(modes);
        if (IsAtEnd) throw PatternProblem.Of("end pattern with unmatched parenthesis");
        _at++;
        return Put(")", atom);
    }

    private Atom Comment()
    {
        var end = _pattern.IndexOf(')', _at);
        if (end < 0) throw PatternProblem.Of("end pattern in group");
        _at = end + 1;
        return Atom.None;
    }

    private Atom Condition(Modes modes)
    {
        var end = _pattern.IndexOf(')', _at);
        if (end < 0) throw PatternProblem.Of("end pattern in group");
        var text = _pattern[_at..end];
        _at = end + 1;
        if (text is ['<', .., '>'] or ['\'', .., '\'']) text = text[1..^1];
        var isNumber = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        _out.AddReference(isNumber ? "" : text, number, isCondition: true);
        return Rest(modes, Atom.Group);
    }

    /// <summary><c>(?i-x)</c> for the rest of the group, or <c>(?i-x:…)</c>.</summary>
    private Atom Options(ref Modes modes)
    {
        var changed = modes;
        string on = "", off = "";
        for (var isOn = true; !IsAtEnd; _at++)
        {
            switch (_pattern[_at])
            {
                case '-':
                    isOn = false;
                    break;
                case 'i':
                    if (isOn) on = "i";
                    else off = "-i";
                    break;
                case 'x':
                    changed.IsExtended = isOn;
                    break;
                case 's':
                    changed.DotMatchesAll = isOn;
                    break;
                case 'm':
                    changed.IsMultiline = isOn;
                    break;
                case ')':
                    _at++;
                    modes = changed;
                    return Put(on.Length + off.Length == 0 ? "" : $"(?{on}{off})", Atom.None);
                case ':':
                    _at++;
                    return Group($"(?{on}{off}:", changed, Atom.Group);
                default:
                    throw PatternProblem.Of("undefined group option");
            }
        }

        throw PatternProblem.Of("end pattern in group");
    }

    /// <summary>A group's name, up to what closes it.</summary>
    private string Name(char closing)
    {
        var end = _pattern.IndexOf(closing, _at);
        if (end < 0) throw PatternProblem.Of($"invalid group name <{_pattern[_at..]}>");
        var name = _pattern[_at..end];
        _at = end + 1;
        if (name.Length == 0) throw PatternProblem.Of("group name is empty");
        if (char.IsAsciiDigit(name[0]) || name.AsSpan().ContainsAny("()")) throw PatternProblem.Of($"invalid group name <{name}>");
        return name;
    }
}
