using Custodia.Jq.Running;

namespace Custodia.Jq.Builtins.Regex;

/// <summary>What <c>sub</c> gives, once the replacements are known.</summary>
internal static class Substitution
{
    /// <summary>
    /// The n-th result has the n-th of what each match was replaced with; one for which a match had no replacement lacks that part.
    /// Without any, the text stays.
    /// </summary>
    public static JqValue Substitute(Run run, in JqValue input, ReadOnlySpan<JqValue> arguments)
    {
        var text = input.GetString();
        var results = new List<BoundedText>();
        var from = 0;
        for (var i = 0; i < arguments[0].GetArray().Count; i++)
        {
            var edit = arguments[0].GetArray().Items[i].GetArray();
            var (start, end) = ((int)edit[0].GetDouble(), (int)edit[1].GetDouble());
            var gap = text.AsMemory(from, Math.Max(0, start - from));
            var insertions = arguments[1].GetArray().Items[i].GetArray();
            for (var n = 0; n < insertions.Count; n++)
            {
                if (n == results.Count) results.Add(new BoundedText(run));
                results[n].Append(gap.Span).Append(Insertion(gap, insertions[n]));
            }

            from = end;
        }

        if (results.Count == 0) return run.ArrayOf([input], 1);
        var rest = text.AsMemory(from);
        return run.ArrayOf([.. results.Select(r => JqValue.Of(r.Append(rest.Span).Done()))], results.Count);
    }

    private static string Insertion(ReadOnlyMemory<char> gap, in JqValue value)
    {
        if (value.IsNull) return "";
        return value.TryGetString(out var text) ? text : throw JqException.Of(JqValue.Of(gap.ToString()), value, "cannot be added");
    }
}
