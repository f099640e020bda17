using System.Text.RegularExpressions;
using Custodia.Jq.Running;
using Custodia.Jq.Values;

namespace Custodia.Jq.Builtins.Regex;

/// <summary>The matches of a pattern in a text, one after the other.</summary>
internal sealed class Search
{
    private readonly Run _run;
    private readonly string _text;
    private readonly PatternFlags _flags;
    private int _from;
    private bool _isOver;

    /// <exception cref="JqException">The text is none, or the pattern or its flags are not valid.</exception>
    public Search(Run run, in JqValue text, in JqValue pattern, in JqValue flags)
    {
        if (!text.TryGetString(out var searched)) throw JqException.Of(text, "cannot be matched, as it is not a string");
        if (!pattern.TryGetString(out var sought)) throw JqException.Of(pattern, "is not a string");
        (_run, _text, _flags) = (run, searched, PatternFlagsText.Read(flags));
        Pattern = CompiledPattern.Of(run, sought, _flags, CodePoints.HasSurrogates(searched));
    }

    public CompiledPattern Pattern { get; }

    public string Text => _text;

    /// <summary>The next match; null when there is no more, or after the first without the flag g.</summary>
    public Match? Next()
    {
        if (_isOver) return null;
        try
        {
            var match = _flags.HasFlag(PatternFlags.Longest) ? Longest(_from) : First(_from);
            _isOver = match is null || !_flags.HasFlag(PatternFlags.Global);
            if (match is null) return null;
            var end = match.Index + match.Length;
            _run.Charge(64 + ((end - _from) * 2L));
            _from = end > StartOf(match) ? end : After(end);
            _isOver |= _from > _text.Length;
            return match;
        }
        catch (RegexMatchTimeoutException)
        {
            throw new JqLimitException(JqLimit.Time);
        }
    }

    /// <summary>Where a match begins, in UTF-16 units; <c>\K</c> may have moved it.</summary>
    public int StartOf(Match match) => Pattern.HasKeep && match.Groups[Translation.Keep] is { Success: true } keep ? keep.Index : match.Index;

    private Match? First(int from)
    {
        while (from <= _text.Length)
        {
            var match = Pattern.First.Match(_text, from);
            if (!match.Success) return null;
            if (match.Length > 0) return match;

            // An empty match may be between the halves of a pair, or not be wanted where a longer one would do as well.
            if (!IsWithinPair(match.Index))
            {
                if (!_flags.HasFlag(PatternFlags.NotEmpty)) return match;
                var other = Pattern.NotEmptyHere.Match(_text, match.Index);
                if (other.Success) return other;
            }

            _run.Charge(64);
            from = match.Index + 1;
        }

        return null;
    }

    private Match? Longest(int from)
    {
        Match? best = null;
        while (_text.Length - from >= (best?.Length ?? 0) && First(from) is { } first)
        {
            var match = LongestAt(first);
            if (best is null || match.Length > best.Length) best = match;
            from = match.Index + 1;
        }

        return best;
    }

    /// <summary>The longest match that begins where this one does: the end is searched by halving, as every bound that can be met can be met lower.</summary>
    private Match LongestAt(Match match)
    {
        var beyond = _text.Length + 1;
        for (var end = match.Index + match.Length + 1; end < beyond;)
        {
            _run.TimeLeft();
            _run.Charge(_text.Length * 8L);
            var longer = Pattern.HereUpTo(end).Match(_text, match.Index);
            if (longer.Success) match = longer;
            else beyond = end;
            var sure = match.Index + match.Length + 1;
            end = longer.Success ? sure : sure + ((beyond - sure) / 2);
        }

        return match;
    }

    private bool IsWithinPair(int at) => at > 0 && at < _text.Length && char.IsSurrogatePair(_text[at - 1], _text[at]);

    private int After(int at) => at + (at + 1 < _text.Length && char.IsSurrogatePair(_text[at], _text[at + 1]) ? 2 : 1);
}
