using System.Text.RegularExpressions;
using Custodia.Jq.Running;
using Custodia.Jq.Values;

namespace Custodia.Jq.Builtins.Regex;

/// <summary>Matches as jq's values, with places in code points.</summary>
internal sealed class Found(Run run, Search search)
{
    private readonly string?[] _groups = search.Pattern.Groups;

    // The last place that was counted, in UTF-16 units and in code points; the next is mostly near.
    private int _units;
    private int _codePoints;

    public bool HasGroups => _groups.Length > 0;

    public JqValue Text(Match match)
    {
        var start = search.StartOf(match);
        return run.Text(search.Text[start..(match.Index + match.Length)]);
    }

    /// <summary>Offset, length, text and groups.</summary>
    public JqValue Describe(Match match)
    {
        var groups = new JqValue[_groups.Length];
        for (var i = 0; i < groups.Length; i++) groups[i] = Describe(match.Groups[i + 1], _groups[i]);
        var start = search.StartOf(match);
        var fields = Place(start, match.Index + match.Length, isGroup: false);
        fields.Set("captures", run.ArrayOf(groups, groups.Length));
        return Object(fields);
    }

    /// <summary>The named groups: of those with the same name, the last.</summary>
    public JqValue Named(Match match)
    {
        var fields = new FieldTable(_groups.Length);
        for (var i = 0; i < _groups.Length; i++)
        {
            if (_groups[i] is { } name) fields.Set(name, Text(match.Groups[i + 1]));
        }

        return Object(fields);
    }

    /// <summary>The texts of all groups.</summary>
    public JqValue Texts(Match match)
    {
        var texts = new JqValue[_groups.Length];
        for (var i = 0; i < texts.Length; i++) texts[i] = Text(match.Groups[i + 1]);
        return run.ArrayOf(texts, texts.Length);
    }

    /// <summary>What a substitution needs: begin and end in UTF-16 units, and the named groups.</summary>
    public JqValue Edit(Match match) => run.ArrayOf([JqValue.Of(search.StartOf(match)), JqValue.Of(match.Index + match.Length), Named(match)], 3);

    private JqValue Describe(Group group, string? name)
    {
        var fields = group.Success ? Place(group.Index, group.Index + group.Length, isGroup: true) : NoPlace();
        fields.Set("name", JqValue.Of(name));
        return Object(fields);
    }

    private FieldTable Place(int start, int end, bool isGroup)
    {
        var fields = new FieldTable(4);
        var offset = CodePointsBefore(start);
        fields.Set("offset", JqValue.Of(offset));

        // jq names the fields of an empty group in another order.
        var comesFirst = isGroup && start == end;
        if (comesFirst) fields.Set("string", JqValue.Of(""));
        fields.Set("length", JqValue.Of(CodePointsBefore(end) - offset));
        if (!comesFirst) fields.Set("string", run.Text(search.Text[start..end]));
        return fields;
    }

    private static FieldTable NoPlace()
    {
        var fields = new FieldTable(4);
        fields.Set("offset", JqValue.Of(-1));
        fields.Set("string", JqValue.Null);
        fields.Set("length", JqValue.Of(0));
        return fields;
    }

    private JqValue Text(Group group) => group.Success ? run.Text(group.Value) : JqValue.Null;

    private JqValue Object(FieldTable fields)
    {
        run.Charge(fields.Count * 32L);
        return JqValue.Of(new JqObject(fields, run.Owner));
    }

    private int CodePointsBefore(int units)
    {
        if (!search.Pattern.HasPairs) return units;
        for (; _units < units; _units++) _codePoints += char.IsLowSurrogate(search.Text[_units]) ? 0 : 1;
        for (; _units > units; _units--) _codePoints -= char.IsLowSurrogate(search.Text[_units - 1]) ? 0 : 1;
        return _codePoints;
    }
}
