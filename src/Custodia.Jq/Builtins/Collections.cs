using System.Runtime.CompilerServices;
using System.Text;
using Custodia.Jq.Running;
using Custodia.Jq.Values;

namespace Custodia.Jq.Builtins;

/// <summary>Arrays and objects as wholes.</summary>
internal static class Collections
{
    private static readonly JqValue Key = JqValue.Of("key");
    private static readonly JqValue Val = JqValue.Of("value");

    public static IEnumerable<Native> All =>
    [
        new("length", 0, static (run, in input, _) => Length(run, input)),
        new("keys", 0, static (run, in input, _) => Keys(run, input, isSorted: true)),
        new("keys_unsorted", 0, static (run, in input, _) => Keys(run, input, isSorted: false)),
        new("has", 1, static (_, in input, arguments) => Has(input, arguments[0])),
        new("contains", 1, static (run, in input, arguments) => JqValue.Of(Contains(run, input, arguments[0]))),
        new("add", 0, static (run, in input, _) => Add(run, input)),
        new("_flatten", 1, static (run, in input, arguments) => Flatten(run, input, arguments[0])),
        new("reverse", 0, static (run, in input, _) => Reverse(run, input)),
        new("to_entries", 0, static (run, in input, _) => ToEntries(run, input)),
        new("transpose", 0, static (run, in input, _) => Transpose(run, input)),
        new("indices", 1, static (run, in input, arguments) => Indices(run, input, arguments[0])),
        new("type", 0, static (_, in input, _) => JqValue.Of(JqException.NameOf(input.Kind))),
    ];

    private static JqValue Length(Run run, in JqValue value) => value.Kind switch
    {
        JqKind.Null => JqValue.Of(0.0),
        JqKind.Number => JqValue.Of(Math.Abs(value.GetDouble())),
        JqKind.String => TextLength(run, value.GetString()),
        JqKind.Array => JqValue.Of((double)value.GetArray().Count),
        JqKind.Object => JqValue.Of((double)value.GetObject().Count),
        _ => throw JqException.Of(value, "has no length"),
    };

    private static JqValue TextLength(Run run, string text)
    {
        run.Charge(text.Length / 8);
        return JqValue.Of((double)CodePoints.Count(text));
    }

    private static JqValue Keys(Run run, in JqValue value, bool isSorted)
    {
        if (value.TryGetObject(out var fields))
        {
            run.Charge(fields.Count * (isSorted ? 128L : 16L));
            var names = isSorted ? fields.SortedKeys() : [.. fields.Select(f => f.Key)];
            return run.ArrayOf(Array.ConvertAll(names, JqValue.Of), names.Length);
        }

        if (!value.TryGetArray(out var items)) throw JqException.Of(value, "has no keys");
        var keys = new JqValue[items.Count];
        for (var i = 0; i < keys.Length; i++) keys[i] = JqValue.Of((double)i);
        return run.ArrayOf(keys, keys.Length);
    }

    private static JqValue Has(in JqValue value, in JqValue key)
    {
        if (value.TryGetObject(out var fields) && key.TryGetString(out var name)) return JqValue.Of(fields.Fields.Contains(name));
        if (value.TryGetArray(out var items) && key.TryGetNumber(out var index)) return JqValue.Of(index >= 0 && index < items.Count);
        throw JqException.Of($"Cannot check whether {JqException.NameOf(value.Kind)} has a {JqException.NameOf(key.Kind)} key");
    }

    private static bool Contains(Run run, in JqValue value, in JqValue part)
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack()) throw new JqLimitException(JqLimit.Depth);
        run.Tick();
        if (value.TryGetObject(out var fields) && part.TryGetObject(out var sought))
        {
            foreach (var (name, inner) in sought)
            {
                if (!fields.TryGetValue(name, out var own) || !IsPart(run, own, inner)) return false;
            }

            return true;
        }

        if (value.TryGetArray(out var items) && part.TryGetArray(out var others))
        {
            foreach (var other in others)
            {
                if (!items.Any(item => IsPart(run, item, other))) return false;
            }

            return true;
        }

        if (value.TryGetString(out var text) && part.TryGetString(out var piece))
        {
            run.Charge(text.Length);
            return text.Contains(piece, StringComparison.Ordinal);
        }

        return value.Kind == part.Kind && value.Kind is not (JqKind.Object or JqKind.Array or JqKind.String)
            ? value.Equals(part)
            : throw JqException.Of(value, part, "cannot have their containment checked");
    }

    // Within a container kinds may differ; it just does not contain the other then.
    private static bool IsPart(Run run, in JqValue value, in JqValue part) => value.Kind == part.Kind && Contains(run, value, part);

    private static JqValue Add(Run run, in JqValue input)
    {
        if (input.TryGetObject(out var fields)) return Sum(run, [.. fields.Select(f => f.Value)]);
        return input.TryGetArray(out var items) ? Sum(run, items.Items) : throw Access.NotIterable(input);
    }

    private static JqValue Sum(Run run, ReadOnlySpan<JqValue> items)
    {
        if (items.Length > 2 && items[0].IsString) return Join(run, items);
        var sum = default(JqValue);
        foreach (ref readonly var item in items)
        {
            run.Tick();
            sum = Arithmetic.Add(run, sum, item);
        }

        return sum;
    }

    /// <summary>Strings in one go, as one after the other would copy again and again.</summary>
    private static JqValue Join(Run run, ReadOnlySpan<JqValue> items)
    {
        var text = new StringBuilder();
        foreach (ref readonly var item in items)
        {
            if (item.IsNull) continue;
            if (!item.TryGetString(out var piece)) throw JqException.Of(JqValue.Of(text.ToString()), item, "cannot be added");
            run.MustFitText((long)text.Length + piece.Length - text.Length);
            if ((long)text.Length + piece.Length > int.MaxValue / 2) throw new JqLimitException(JqLimit.TextLength);
            text.Append(piece);
        }

        return run.Text(text.ToString());
    }

    private static JqValue Flatten(Run run, in JqValue input, in JqValue depth)
    {
        if (!depth.TryGetNumber(out var levels)) throw JqException.Of("flatten depth must not be negative");
        var flat = new List<JqValue>();
        Flatten(run, input, levels, flat);
        return run.ArrayOf(flat);
    }

    private static void Flatten(Run run, in JqValue value, double levels, List<JqValue> into)
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack()) throw new JqLimitException(JqLimit.Depth);
        var items = Rows(value);
        foreach (var item in items)
        {
            run.Charge(64);
            if (item.IsArray && levels != 0) Flatten(run, item, levels - 1, into);
            else into.Add(item);
            run.MustFitItems(into.Count);
        }
    }

    private static JqValue Reverse(Run run, in JqValue input)
    {
        if (input.IsNull) return JqValue.Of(JqArray.Empty);
        if (input.TryGetArray(out var items))
        {
            var reversed = items.Items.ToArray();
            Array.Reverse(reversed);
            return run.ArrayOf(reversed, reversed.Length);
        }

        if (input.TryGetObject(out var fields) && fields.Count == 0) return JqValue.Of(JqArray.Empty);
        if (input.TryGetString(out var text) && text.Length == 0) return JqValue.Of(JqArray.Empty);
        if (input.TryGetNumber(out var number) && number == 0) return JqValue.Of(JqArray.Empty);
        throw input.Kind == JqKind.Boolean ? JqException.Of(input, "has no length") : JqException.Of($"Cannot index {JqException.NameOf(input.Kind)} with number");
    }

    private static JqValue ToEntries(Run run, in JqValue input)
    {
        var keys = Keys(run, input, isSorted: false).GetArray();
        run.Charge(keys.Count * 96L);
        var entries = new JqValue[keys.Count];
        for (var i = 0; i < entries.Length; i++)
        {
            var entry = new FieldTable(2);
            entry.Set(Key.GetString(), keys.Items[i]);
            entry.Set(Val.GetString(), input.TryGetArray(out var items) ? items.Items[i] : input.GetObject().Fields.ValueAt(i));
            entries[i] = JqValue.Of(new JqObject(entry, run.Owner));
        }

        return run.ArrayOf(entries, entries.Length);
    }

    private static JqArray Rows(in JqValue input) => input.TryGetArray(out var items) ? items : input.TryGetObject(out var fields) ? new JqArray(fields.Select(f => f.Value)) : throw Access.NotIterable(input);

    private static JqValue Transpose(Run run, in JqValue input)
    {
        var rows = Rows(input);
        var width = 0.0;
        foreach (var row in rows) width = Math.Max(width, Length(run, row).GetDouble());
        run.MustFitItems((long)width);
        run.Charge((long)width * Math.Max(1, rows.Count) * 16);
        var columns = new JqValue[(int)width];
        for (var i = 0; i < columns.Length; i++)
        {
            var column = new JqValue[rows.Count];
            for (var j = 0; j < column.Length; j++) column[j] = Access.Get(run, rows.Items[j], JqValue.Of((double)i));
            columns[i] = run.ArrayOf(column, column.Length);
        }

        return run.ArrayOf(columns, columns.Length);
    }

    private static JqValue Indices(Run run, in JqValue input, in JqValue sought)
    {
        if (input.IsNull) return default;
        if (input.TryGetString(out var text) && sought.TryGetString(out var piece)) return Texts.TextBuiltins.Indices(run, text, piece);
        if (!input.TryGetArray(out var items)) return Access.Get(run, input, sought);
        return Access.Places(run, items, sought.TryGetArray(out var part) ? part : new JqArray([sought], 1));
    }
}
