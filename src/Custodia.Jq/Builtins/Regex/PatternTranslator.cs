using System.Globalization;

namespace Custodia.Jq.Builtins.Regex;

/// <summary>
/// Translates the pattern language of jq (Oniguruma's with its Perl syntax, counted in code points) to .NET's. What .NET cannot do,
/// such as the absent operator, is an error that says so.
/// </summary>
internal sealed partial class PatternTranslator
{
    private const int Deepest = 250;
    private const int MostRepetitions = 100_000;
    private readonly string _pattern;
    private readonly Translation _out;
    private int _at;
    private int _depth;

    private PatternTranslator(string pattern, bool hasPairs)
    {
        _pattern = pattern;
        _out = new Translation(hasPairs);
    }

    private enum Atom
    {
        /// <summary>Nothing that could be repeated.</summary>
        None,

        /// <summary>A place, not a character.</summary>
        Anchor,
        Single,
        Group,
    }

    public static (string Pattern, Translation Translation) Translate(string pattern, PatternFlags flags, bool hasPairs)
    {
        var translator = new PatternTranslator(pattern, hasPairs);
        translator.Alternatives(new Modes { IsExtended = flags.HasFlag(PatternFlags.Extended), DotMatchesAll = flags.HasFlag(PatternFlags.DotMatchesAll) });
        if (translator._at < pattern.Length) throw PatternProblem.Of("unmatched close parenthesis");
        return (translator._out.Done(), translator._out);
    }

    private bool IsAtEnd => _at >= _pattern.Length;

    /// <summary>Everything up to the parenthesis that closes the group, or the end.</summary>
    private void Alternatives(Modes modes)
    {
        if (++_depth > Deepest) throw PatternProblem.Of("too deep nest level");
        while (!IsAtEnd && _pattern[_at] != ')')
        {
            var start = _out.Length;
            var atom = One(ref modes);
            if (atom is Atom.Single or Atom.Group or Atom.Anchor) Repeat(start, atom, modes);
        }

        _depth--;
    }

    private Atom One(ref Modes modes)
    {
        var unit = _pattern[_at];
        if (modes.IsExtended && SkipsAsExtended(unit)) return Atom.None;
        switch (unit)
        {
            case '|':
                _at++;
                return Put("|", Atom.None);
            case '*' or '+' or '?':
                throw PatternProblem.Of("target of repeat operator is not specified");
            case '{' when Interval() is not null:
                throw PatternProblem.Of("target of repeat operator is not specified");
            case '.':
                _at++;
                return Put(Any(modes.DotMatchesAll), Atom.Single);
            case '^':
                _at++;
                if (modes.IsMultiline) _out.NeedsBacktracking = true;
                return Put(modes.IsMultiline ? @"(?:\A|(?<=\n)(?!\z))" : @"\A", Atom.Anchor);
            case '$':
                _at++;
                return Put(modes.IsMultiline ? "(?m:$)" : @"\Z", Atom.Anchor);
            case '[':
                _at++;
                return Put(new ClassReader(_pattern, _at).Read(out _at).ToPattern(_out.HasPairs), Atom.Single);
            case '(':
                _at++;
                return Parenthesis(ref modes);
            case '\\':
                return Escape();
            default:
                return Literal();
        }
    }

    private bool SkipsAsExtended(char unit)
    {
        if (unit is ' ' or (>= '\t' and <= '\r'))
        {
            _at++;
            return true;
        }

        if (unit != '#') return false;
        var end = _pattern.IndexOf('\n', _at);
        _at = end < 0 ? _pattern.Length : end + 1;
        return true;
    }

    private Atom Put(string piece, Atom atom)
    {
        _out.Add(piece);
        return atom;
    }

    private Atom Literal()
    {
        var length = char.IsHighSurrogate(_pattern[_at]) && _at + 1 < _pattern.Length ? 2 : 1;
        var literal = _pattern.Substring(_at, length);
        _at += length;
        return Put(Quote(literal), Atom.Single);
    }

    private static string Quote(string literal) => literal.Length > 1 ? $"(?:{literal})"
        : char.IsLetterOrDigit(literal[0]) ? literal : string.Create(CultureInfo.InvariantCulture, $@"\u{(int)literal[0]:X4}");

    private string Any(bool withLineFeed)
    {
        var set = new CharacterSet { IsNegated = true };
        if (!withLineFeed) set.Add('\n', '\n');
        return set.ToPattern(_out.HasPairs);
    }

    /// <summary>The repetitions behind an atom, if any.</summary>
    private void Repeat(int start, Atom atom, Modes modes)
    {
        for (var isFirst = true; ; isFirst = false)
        {
            while (modes.IsExtended && !IsAtEnd && SkipsAsExtended(_pattern[_at]))
            {
            }

            if (IsAtEnd) return;
            var (least, most, length) = _pattern[_at] switch
            {
                '*' => (0, -1, 1),
                '+' => (1, -1, 1),
                '?' => (0, 1, 1),
                '{' when Interval() is { } interval => interval,
                _ => (0, 0, 0),
            };
            if (length == 0) return;
            if (atom == Atom.Anchor) throw PatternProblem.Of("target of repeat operator is invalid");
            _at += length;
            if (most < 0 || most > 8 || (atom == Atom.Group && most > 1) || !isFirst) _out.Repetitions += atom == Atom.Group ? 2 : 1;
            _out.Unrolled *= Math.Max(1, Math.Max(least, most));
            RepeatOnce(start, isFirst, (least, most));
        }
    }

    private void RepeatOnce(int start, bool isFirst, (int Least, int Most) times)
    {
        if (!isFirst) _out.Wrap(start, "(?:", ")");
        var suffix = times.Most < 0
            ? string.Create(CultureInfo.InvariantCulture, $"{{{times.Least},}}")
            : string.Create(CultureInfo.InvariantCulture, $"{{{times.Least},{times.Most}}}");
        var behind = IsAtEnd ? '\0' : _pattern[_at];
        if (behind is '?' or '+') _at++;
        _out.Add(behind == '?' ? suffix + "?" : suffix);
        if (behind != '+') return;
        _out.NeedsBacktracking = true;
        _out.Wrap(start, "(?>", ")");
    }

    /// <summary><c>{n}</c>, <c>{n,}</c> or <c>{n,m}</c> here; anything else in braces stands for itself.</summary>
    private (int Least, int Most, int Length)? Interval()
    {
        var at = _at + 1;
        if (Number(ref at) is not { } least) return null;
        var most = least;
        if (at < _pattern.Length && _pattern[at] == ',')
        {
            at++;
            most = Number(ref at) ?? -1;
        }

        if (at >= _pattern.Length || _pattern[at] != '}') return null;
        if (Math.Max(least, most) > MostRepetitions) throw PatternProblem.Of("too big number for repeat range");
        if (most >= 0 && most < least) throw PatternProblem.Of("upper is smaller than lower in repeat range");
        return ((int)least, (int)most, at + 1 - _at);
    }

    private long? Number(ref int at)
    {
        var start = at;
        long number = 0;
        for (; at < _pattern.Length && char.IsAsciiDigit(_pattern[at]); at++) number = Math.Min((number * 10) + _pattern[at] - '0', int.MaxValue);
        return at == start ? null : number;
    }

    /// <summary>What options in the pattern change, up to the end of their group.</summary>
    private struct Modes
    {
        public bool IsExtended;
        public bool DotMatchesAll;
        public bool IsMultiline;
    }
}
