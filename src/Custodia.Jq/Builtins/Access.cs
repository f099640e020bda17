using Custodia.Jq.Running;
using Custodia.Jq.Values;

namespace Custodia.Jq.Builtins;

/// <summary>Reading and changing a part of a value by one key.</summary>
internal static class Access
{
    private const int FarthestIndex = 536870911;
    private static readonly JqValue Start = JqValue.Of("start");
    private static readonly JqValue End = JqValue.Of("end");

    /// <summary>The part at a key; null where there is none.</summary>
    public static JqValue Get(Run run, in JqValue from, in JqValue key) => TryGet(run, from, key, out var found) ? found : throw Refused(from, key);

    /// <summary>False when such a value has no such keys.</summary>
    public static bool TryGet(Run run, in JqValue from, in JqValue key, out JqValue found)
    {
        found = default;
        if (from.TryGetObject(out var fields))
        {
            if (!key.TryGetString(out var name)) return false;
            fields.Fields.TryGet(name, out found);
            return true;
        }

        if (from.TryGetArray(out var items))
        {
            if (key.TryGetNumber(out var index)) found = ItemAt(items, index);
            else if (key.TryGetObject(out var slice)) found = Slice(run, items, slice);
            else if (key.TryGetArray(out var sought)) found = Places(run, items, sought);
            else return false;
            return true;
        }

        if (from.IsNull) return key.IsString || key.IsNumber || key.IsObject;
        if (!from.TryGetString(out var text) || !key.TryGetObject(out var range)) return false;
        var (begin, end) = Range(CodePoints.Count(text), range);
        found = Piece(run, text, begin, end);
        return true;
    }

    /// <summary><c>.[from:to]</c></summary>
    public static JqValue Slice(Run run, in JqValue of, in JqValue from, in JqValue to)
    {
        if (of.IsNull) return default;
        if (of.TryGetString(out var text))
        {
            var (begin, end) = Range(CodePoints.Count(text), from, to);
            return Piece(run, text, begin, end);
        }

        if (!of.TryGetArray(out var items)) throw Refused(of, SliceKey(from, to));
        var range = Range(items.Count, from, to);
        return Piece(run, items, range.Begin, range.End);
    }

    /// <summary>The key that stands for a slice in a path.</summary>
    public static JqValue SliceKey(in JqValue from, in JqValue to)
    {
        var key = new FieldTable(2);
        key.Set(Start.GetString(), from);
        key.Set(End.GetString(), to);
        return JqValue.Of(new JqObject(key));
    }

    /// <summary>The value with its part at a key replaced.</summary>
    public static JqValue Set(Run run, in JqValue of, in JqValue key, in JqValue part)
    {
        if (key.TryGetString(out var name) && (of.IsNull || of.IsObject))
        {
            var fields = of.IsNull ? JqObject.Empty : of.GetObject();
            run.MustFitItems(fields.Count + 1L);
            run.Charge(32);
            return JqValue.Of(fields.With(name, part, run));
        }

        if (of.IsNull || of.IsArray)
        {
            var items = of.IsNull ? JqArray.Empty : of.GetArray();
            if (key.TryGetNumber(out var index)) return JqValue.Of(SetItem(run, items, index, part));
            if (key.TryGetObject(out var slice)) return SetSlice(run, items, slice, part);
        }

        if (of.IsString && key.IsObject) throw JqException.Of("Cannot update string slices");
        throw JqException.Of($"Cannot update field at {JqException.NameOf(key.Kind)} index of {JqException.NameOf(of.Kind)}");
    }

    public static JqException Refused(in JqValue from, in JqValue key) => key.TryGetString(out var name) && System.Text.Encoding.UTF8.GetByteCount(name) < 30
        ? JqException.Of($"Cannot index {JqException.NameOf(from.Kind)} with string \"{name}\"")
        : JqException.Of($"Cannot index {JqException.NameOf(from.Kind)} with {JqException.NameOf(key.Kind)}");

    public static JqException NotIterable(in JqValue value) => JqException.Of($"Cannot iterate over {JqException.Show(value)}");

    /// <summary>The range that a slice means in something of that length: the start rounds down, the end up.</summary>
    public static (int Begin, int End) Range(int length, in JqValue from, in JqValue to)
    {
        double begin = 0, end = length;
        if ((!from.IsNull && !from.TryGetNumber(out begin)) || (!to.IsNull && !to.TryGetNumber(out end))) throw JqException.Of("Array/string slice indices must be integers");
        if (double.IsNaN(begin)) begin = 0;
        if (begin < 0) begin += length;
        begin = Math.Floor(Math.Clamp(begin, 0, length));
        if (double.IsNaN(end)) end = length;
        if (end < 0) end += length;
        end = Math.Ceiling(Math.Clamp(end, begin, length));
        return ((int)begin, (int)end);
    }

    /// <summary>The range of a key that stands for a slice.</summary>
    public static (int Begin, int End) Range(int length, JqObject slice) => slice.TryGetValue("start", out var from) && slice.TryGetValue("end", out var to)
        ? Range(length, from, to)
        : throw JqException.Of("Array/string slice indices must be integers");

    private static JqValue ItemAt(JqArray items, double index)
    {
        if (double.IsNaN(index)) return default;
        var at = Math.Truncate(index);
        if (at < 0) at += items.Count;
        return at >= 0 && at < items.Count ? items.Items[(int)at] : default;
    }

    private static JqValue Slice(Run run, JqArray items, JqObject slice)
    {
        var (begin, end) = Range(items.Count, slice);
        return Piece(run, items, begin, end);
    }

    private static JqValue Piece(Run run, JqArray items, int begin, int end) =>
        begin == 0 && end == items.Count ? JqValue.Of(items) : run.ArrayOf(items.Items[begin..end].ToArray(), end - begin);

    private static JqValue Piece(Run run, string text, int begin, int end)
    {
        run.Charge(text.Length);
        var first = CodePoints.Offset(text, begin);
        return JqValue.Of(text[first..CodePoints.Offset(text, end)]);
    }

    /// <summary>Where one array occurs in another.</summary>
    public static JqValue Places(Run run, JqArray items, JqArray sought)
    {
        var places = new List<JqValue>();
        ReadOnlySpan<JqValue> all = items.Items, part = sought.Items;
        for (var at = 0; part.Length > 0 && at + part.Length <= all.Length; at++)
        {
            run.Tick();
            var matched = 0;
            while (matched < part.Length && all[at + matched].Equals(part[matched])) matched++;
            if (matched == part.Length) places.Add(JqValue.Of((double)at));
        }

        return run.ArrayOf(places);
    }

    private static JqArray SetItem(Run run, JqArray items, double index, in JqValue part)
    {
        if (double.IsNaN(index)) throw JqException.Of("Cannot set array element at NaN index");
        var at = Math.Truncate(index);
        if (at < 0) at += items.Count;
        if (at < 0) throw JqException.Of("Out of bounds negative array index");
        if (at > FarthestIndex) throw JqException.Of("Array index too large");
        run.Charge(16);
        if (at < items.Count) return items.With((int)at, part, run);
        run.MustFitItems((long)at + 1);
        if (at == items.Count) return items.Append(part, run);
        run.Charge((long)at * 16);
        var grown = new JqValue[(int)at + 1];
        items.Items.CopyTo(grown);
        grown[(int)at] = part;
        return new JqArray(grown, grown.Length, run.Owner);
    }

    private static JqValue SetSlice(Run run, JqArray items, JqObject slice, in JqValue part)
    {
        var (begin, end) = Range(items.Count, slice);
        if (!part.TryGetArray(out var inserted)) throw JqException.Of("A slice of an array can only be assigned another array");
        var length = (long)items.Count - (end - begin) + inserted.Count;
        run.MustFitItems(length);
        var changed = new JqValue[length];
        items.Items[..begin].CopyTo(changed);
        inserted.Items.CopyTo(changed.AsSpan(begin));
        items.Items[end..].CopyTo(changed.AsSpan(begin + inserted.Count));
        return run.ArrayOf(changed, changed.Length);
    }
}
