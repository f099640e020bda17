using System.Text.RegularExpressions;
using Custodia.Jq.Running;

namespace Custodia.Jq.Builtins.Regex;

/// <summary>Regular expressions; those that give several outputs or take closures are in regex.jq, on top of these.</summary>
internal static class RegexBuiltins
{
    public static IEnumerable<Native> All { get; } =
    [
        new("test", 2, Test),
        new("_match", 2, Matches),
        new("_captures", 2, Captures),
        new("_scan", 2, Scan),
        new("split", 2, Split),
        new("_edits", 2, Edits),
        new("_substitute", 2, Substitution.Substitute),
    ];

    private static JqValue Test(Run run, in JqValue input, ReadOnlySpan<JqValue> arguments) =>
        JqValue.Of(new Search(run, input, arguments[0], arguments[1]).Next() is not null);

    private static JqValue Matches(Run run, in JqValue input, ReadOnlySpan<JqValue> arguments) => ForEach(run, input, arguments, static (found, match) => found.Describe(match));

    private static JqValue Captures(Run run, in JqValue input, ReadOnlySpan<JqValue> arguments) => ForEach(run, input, arguments, static (found, match) => found.Named(match));

    private static JqValue Scan(Run run, in JqValue input, ReadOnlySpan<JqValue> arguments) =>
        ForEach(run, input, arguments, static (found, match) => found.HasGroups ? found.Texts(match) : found.Text(match));

    /// <summary>Of each match where it begins and ends, in UTF-16 units, and its named groups.</summary>
    private static JqValue Edits(Run run, in JqValue input, ReadOnlySpan<JqValue> arguments) => ForEach(run, input, arguments, static (found, match) => found.Edit(match));

    private static JqValue Split(Run run, in JqValue input, ReadOnlySpan<JqValue> arguments)
    {
        // Between all matches, whatever the flags say.
        var flags = arguments[1].IsNull ? JqValue.Of("g") : arguments[1].TryGetString(out var letters) ? JqValue.Of(letters + "g") : throw JqException.Of(arguments[1], JqValue.Of("g"), "cannot be added");
        var search = new Search(run, input, arguments[0], flags);
        var parts = new List<JqValue>();
        var from = 0;
        while (search.Next() is { } match)
        {
            run.MustFitItems(parts.Count + 2);
            parts.Add(run.Text(search.Text[from..Math.Max(from, search.StartOf(match))]));
            from = match.Index + match.Length;
        }

        parts.Add(run.Text(search.Text[from..]));
        return run.ArrayOf([.. parts], parts.Count);
    }

    private static JqValue ForEach(Run run, in JqValue input, ReadOnlySpan<JqValue> arguments, Func<Found, Match, JqValue> select)
    {
        var search = new Search(run, input, arguments[0], arguments[1]);
        var found = new Found(run, search);
        var selected = new List<JqValue>();
        while (search.Next() is { } match)
        {
            run.MustFitItems(selected.Count + 1);
            selected.Add(select(found, match));
        }

        return run.ArrayOf([.. selected], selected.Count);
    }
}
