using System.Text;
using Custodia.Jq.Json;
using Custodia.Jq.Running;

namespace Custodia.Jq.Builtins.Texts;

/// <summary><c>join</c>, in time linear in what it gives.</summary>
internal static class Joining
{
    public static JqValue Join(Run run, in JqValue input, ReadOnlySpan<JqValue> arguments)
    {
        if (input.TryGetArray(out var array)) return Join(run, array.Items, arguments[0]);
        if (!input.TryGetObject(out var fields)) throw JqException.Of($"Cannot iterate over {JqException.Show(input)}");
        return Join(run, [.. fields.Select(f => f.Value)], arguments[0]);
    }

    private static JqValue Join(Run run, ReadOnlySpan<JqValue> items, in JqValue separator)
    {
        var length = Math.Max(0, items.Length - 1) * (long)(separator.TryGetString(out var between) ? between.Length : 0);
        foreach (ref readonly var item in items) length += item.TryGetString(out var text) ? text.Length : 4;
        run.MustFitText(length);
        var joined = new StringBuilder();
        for (var i = 0; i < items.Length; i++)
        {
            if (i > 0) Append(joined, separator);
            if (items[i].IsBoolean || items[i].IsNumber) joined.Append(JsonWriter.ToText(items[i]));
            else Append(joined, items[i]);
        }

        return run.Text(joined.ToString());
    }

    private static void Append(StringBuilder text, in JqValue part)
    {
        if (part.IsNull) return;
        if (!part.TryGetString(out var more)) throw JqException.Of(JqValue.Of(text.ToString()), part, "cannot be added");
        text.Append(more);
    }
}
