using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Custodia.Jq.Running;
using Engine = System.Text.RegularExpressions.Regex;

namespace Custodia.Jq.Builtins.Regex;

/// <summary>A pattern ready to match; kept for the next time it is asked for.</summary>
internal sealed class CompiledPattern
{
    private const int LongestPattern = 16_384;
    private const int MostKept = 256;

    // Beyond it, the automaton of the engine that does not backtrack could fill the memory.
    private const double MostUnrolled = 10_000;
    private static readonly TimeSpan LongestMatch = TimeSpan.FromSeconds(1);
    private static readonly ConcurrentDictionary<Key, CompiledPattern> Kept = new();
    private readonly string _pattern;
    private readonly RegexOptions _options;
    private readonly TimeSpan _timeout;
    private readonly Lazy<Engine> _notEmptyHere;
    private readonly Lazy<Engine> _here;

    private CompiledPattern(Key key)
    {
        (_pattern, var translation) = PatternTranslator.Translate(key.Pattern, key.Flags, key.HasPairs);
        Groups = [.. translation.Groups];
        HasKeep = translation.HasKeep;
        HasPairs = key.HasPairs;
        _timeout = key.Timeout;
        _options = RegexOptions.CultureInvariant | (key.Flags.HasFlag(PatternFlags.IgnoreCase) ? RegexOptions.IgnoreCase : RegexOptions.None);

        // A single simple repetition cannot run away, and the backtracking engine is ready sooner.
        var mayRunAway = translation.Repetitions > 1 && !translation.NeedsBacktracking && translation.Unrolled <= MostUnrolled;
        First = Make(_pattern, mayRunAway ? _options | RegexOptions.NonBacktracking : _options);
        _notEmptyHere = new(() => Make($@"\G(?:{_pattern})(?!\G)", _options));
        _here = new(() => Make($@"\G(?:{_pattern})", _options));
    }

    /// <summary>The names of the groups, null for those without.</summary>
    public string?[] Groups { get; }

    public bool HasKeep { get; }

    /// <summary>Whether it takes surrogate pairs for one character; the others are for texts without them.</summary>
    public bool HasPairs { get; }

    /// <summary>Finds the first match.</summary>
    public Engine First { get; }

    /// <summary>Matches only where the search begins.</summary>
    public Engine Here => _here.Value;

    /// <summary>Matches only where the search begins, and not the empty text.</summary>
    public Engine NotEmptyHere => _notEmptyHere.Value;

    /// <exception cref="JqException">It is no pattern, or one that is not supported.</exception>
    public static CompiledPattern Of(Run run, string pattern, PatternFlags flags, bool hasPairs)
    {
        if (pattern.Length > LongestPattern) throw PatternProblem.Of("the pattern is too long");
        var key = new Key(pattern, flags & (PatternFlags.IgnoreCase | PatternFlags.Extended | PatternFlags.DotMatchesAll), hasPairs, Timeout(run));
        if (Kept.TryGetValue(key, out var kept)) return kept;
        run.Charge(pattern.Length * 64L);
        var made = new CompiledPattern(key);
        if (Kept.Count >= MostKept) Kept.Clear();
        Kept[key] = made;
        return made;
    }

    /// <summary>One that matches only where the search begins, and only texts that end at a place or behind it.</summary>
    public Engine HereUpTo(int end) => Make($@"\G(?:{_pattern})(?<=\A[\s\S]{{{end.ToString(System.Globalization.CultureInfo.InvariantCulture)},}})", _options);

    /// <summary>What the run has left, rounded up to a power of two, so that patterns can be shared.</summary>
    private static TimeSpan Timeout(Run run)
    {
        var left = run.TimeLeft();
        if (left == System.Threading.Timeout.InfiniteTimeSpan || left >= LongestMatch) return LongestMatch;
        var milliseconds = System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(1, left.TotalMilliseconds));
        return TimeSpan.FromMilliseconds(Math.Min(milliseconds, LongestMatch.TotalMilliseconds));
    }

    private Engine Make(string pattern, RegexOptions options)
    {
        try
        {
            return new Engine(pattern, options, _timeout);
        }
        catch (ArgumentException problem)
        {
            throw PatternProblem.Of(problem.Message);
        }
        catch (NotSupportedException) when (options.HasFlag(RegexOptions.NonBacktracking))
        {
            return new Engine(pattern, options & ~RegexOptions.NonBacktracking, _timeout);
        }
    }

    private readonly record struct Key(string Pattern, PatternFlags Flags, bool HasPairs, TimeSpan Timeout);
}
