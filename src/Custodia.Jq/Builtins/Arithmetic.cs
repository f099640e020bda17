using System.Text;
using Custodia.Jq.Running;

namespace Custodia.Jq.Builtins;

/// <summary>What the operators do with two values.</summary>
internal static class Arithmetic
{
    public static JqValue Apply(Run run, Syntax.Operator what, in JqValue left, in JqValue right) => what switch
    {
        Syntax.Operator.Add => Add(run, left, right),
        Syntax.Operator.Subtract => Subtract(run, left, right),
        Syntax.Operator.Multiply => Multiply(run, left, right),
        Syntax.Operator.Divide => Divide(run, left, right),
        Syntax.Operator.Remainder => Remainder(left, right),
        Syntax.Operator.Equal => JqValue.Of(left.Equals(right)),
        Syntax.Operator.NotEqual => JqValue.Of(!left.Equals(right)),
        Syntax.Operator.Less => JqValue.Of(left.CompareTo(right) < 0),
        Syntax.Operator.LessOrEqual => JqValue.Of(left.CompareTo(right) <= 0),
        Syntax.Operator.Greater => JqValue.Of(left.CompareTo(right) > 0),
        _ => JqValue.Of(left.CompareTo(right) >= 0),
    };

    public static JqValue Add(Run run, in JqValue left, in JqValue right)
    {
        if (left.TryGetNumber(out var a) && right.TryGetNumber(out var b)) return JqValue.Of(a + b);
        if (left.IsNull) return right;
        if (right.IsNull) return left;
        if (left.TryGetString(out var text) && right.TryGetString(out var more))
        {
            run.MustFitText((long)text.Length + more.Length);
            return JqValue.Of(string.Concat(text, more));
        }

        if (left.TryGetArray(out var items) && right.TryGetArray(out var others))
        {
            run.MustFitItems((long)items.Count + others.Count);
            run.Charge(others.Count * 16L);
            return JqValue.Of(items.Concat(others, run));
        }

        if (left.TryGetObject(out var fields) && right.TryGetObject(out var overriding)) return JqValue.Of(Merge(run, fields, overriding));
        throw JqException.Of(left, right, "cannot be added");
    }

    public static JqValue Subtract(Run run, in JqValue left, in JqValue right)
    {
        if (left.TryGetNumber(out var a) && right.TryGetNumber(out var b)) return JqValue.Of(a - b);
        if (!left.TryGetArray(out var items) || !right.TryGetArray(out var taken)) throw JqException.Of(left, right, "cannot be subtracted");
        var without = taken.ToHashSet();
        run.Charge((items.Count + taken.Count) * 16L);
        var rest = new List<JqValue>(items.Count);
        foreach (ref readonly var item in items.Items)
        {
            if (!without.Contains(item)) rest.Add(item);
        }

        return run.ArrayOf(rest);
    }

    public static JqValue Multiply(Run run, in JqValue left, in JqValue right)
    {
        if (left.TryGetNumber(out var a))
        {
            if (right.TryGetNumber(out var b)) return JqValue.Of(a * b);
            if (right.TryGetString(out var text)) return Repeat(run, text, a);
        }
        else if (left.TryGetString(out var text) && right.TryGetNumber(out var times))
        {
            return Repeat(run, text, times);
        }
        else if (left.TryGetObject(out var fields) && right.TryGetObject(out var overriding))
        {
            return JqValue.Of(MergeDeep(run, fields, overriding));
        }

        throw JqException.Of(left, right, "cannot be multiplied");
    }

    public static JqValue Divide(Run run, in JqValue left, in JqValue right)
    {
        if (left.TryGetNumber(out var a) && right.TryGetNumber(out var b))
            return b != 0 ? JqValue.Of(a / b) : throw JqException.Of(left, right, "cannot be divided because the divisor is zero");
        if (left.TryGetString(out var text) && right.TryGetString(out var separator)) return Split(run, text, separator);
        throw JqException.Of(left, right, "cannot be divided");
    }

    /// <summary>Of whole numbers, with the sign of the left one.</summary>
    public static JqValue Remainder(in JqValue left, in JqValue right)
    {
        if (!left.TryGetNumber(out var a) || !right.TryGetNumber(out var b)) throw JqException.Of(left, right, "cannot be divided (remainder)");
        if (double.IsNaN(a) || double.IsNaN(b)) return JqValue.Of(double.NaN);
        long dividend = Whole(a), divisor = Whole(b);
        if (divisor == 0) throw JqException.Of(left, right, "cannot be divided (remainder) because the divisor is zero");
        return JqValue.Of(divisor == -1 ? 0 : (double)(dividend % divisor));
    }

    public static JqValue Negate(in JqValue value)
    {
        if (value.Literal is { } literal) return JqValue.Of(literal.Negate());
        return value.TryGetNumber(out var number) ? JqValue.Of(number == 0 ? 0 : -number) : throw JqException.Of(value, "cannot be negated");
    }

    /// <summary>The pieces between separators; every code point when the separator is empty.</summary>
    public static JqValue Split(Run run, string text, string separator)
    {
        run.Charge(text.Length * 4L);
        if (text.Length == 0) return JqValue.Of(JqArray.Empty);
        var pieces = new List<JqValue>();
        if (separator.Length == 0)
        {
            foreach (var rune in text.EnumerateRunes()) pieces.Add(JqValue.Of(rune.ToString()));
            return run.ArrayOf(pieces);
        }

        var from = 0;
        for (int at; (at = text.IndexOf(separator, from, StringComparison.Ordinal)) >= 0; from = at + separator.Length) pieces.Add(JqValue.Of(text[from..at]));
        pieces.Add(JqValue.Of(text[from..]));
        return run.ArrayOf(pieces);
    }

    private static JqObject Merge(Run run, JqObject fields, JqObject overriding)
    {
        if (overriding.Count == 0) return fields;
        if (fields.Count == 0) return overriding;
        run.MustFitItems((long)fields.Count + overriding.Count);
        run.Charge(overriding.Count * 32L);
        var merged = fields;
        var more = overriding.Fields;
        for (var i = 0; i < more.Count; i++) merged = merged.With(more.KeyAt(i), more.ValueAt(i), run);
        return merged;
    }

    private static JqObject MergeDeep(Run run, JqObject fields, JqObject overriding)
    {
        if (!System.Runtime.CompilerServices.RuntimeHelpers.TryEnsureSufficientExecutionStack()) throw new JqLimitException(JqLimit.Depth);
        run.MustFitItems((long)fields.Count + overriding.Count);
        run.Charge(overriding.Count * 32L);
        var merged = fields;
        foreach (var (name, value) in overriding)
        {
            var deeper = value.TryGetObject(out var inner) && fields.TryGetValue(name, out var own) && own.TryGetObject(out var outer) ? JqValue.Of(MergeDeep(run, outer, inner)) : value;
            merged = merged.With(name, deeper, run);
        }

        return merged;
    }

    private static JqValue Repeat(Run run, string text, double times)
    {
        if (double.IsNaN(times) || times < 0) return default;
        var count = Math.Floor(times);
        if (count == 0 || text.Length == 0) return JqValue.Of("");
        if (count == 1) return JqValue.Of(text);
        run.MustFitText(count * text.Length > int.MaxValue ? long.MaxValue / 4 : (long)count * text.Length);
        return JqValue.Of(new StringBuilder(text.Length * (int)count).Insert(0, text, (int)count).ToString());
    }

    // Far numbers are the farthest that a long holds.
    private static long Whole(double number) => number < long.MinValue ? long.MinValue : -number <= long.MinValue ? long.MaxValue : (long)number;
}
