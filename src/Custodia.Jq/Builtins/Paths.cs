using System.Runtime.CompilerServices;
using Custodia.Jq.Running;

namespace Custodia.Jq.Builtins;

/// <summary>Reading, changing and deleting parts of a value by whole paths.</summary>
internal static class Paths
{
    private static readonly JqException NotAnArray = JqException.Of("Path must be specified as an array");

    public static IEnumerable<Native> All =>
    [
        new("setpath", 2, static (run, in input, arguments) => Set(run, input, arguments[0], arguments[1])),
        new("delpaths", 1, static (run, in input, arguments) => Delete(run, input, arguments[0])),
    ];

    public static JqValue Get(Run run, in JqValue from, in JqValue path)
    {
        if (!path.TryGetArray(out var keys)) throw new JqException(NotAnArray.Value);
        var part = from;
        foreach (ref readonly var key in keys.Items)
        {
            run.Tick();
            part = Access.Get(run, part, key);
        }

        return part;
    }

    public static JqValue Set(Run run, in JqValue of, in JqValue path, in JqValue part) =>
        path.TryGetArray(out var keys) ? Set(run, of, keys, 0, part) : throw new JqException(NotAnArray.Value);

    /// <summary>Deletes what the paths lead to, all at once, so that one deletion does not move what another means.</summary>
    public static JqValue Delete(Run run, in JqValue of, in JqValue paths)
    {
        if (!paths.TryGetArray(out var all)) throw JqException.Of("Paths must be specified as an array");
        foreach (ref readonly var path in all.Items)
        {
            if (!path.IsArray) throw JqException.Of($"Path must be specified as array, not {JqException.NameOf(path.Kind)}");
        }

        if (all.Count == 0) return of;
        var sorted = Sorting.Sort(run, all.Items.ToArray());
        return sorted[0].GetArray().Count == 0 ? default : Delete(run, of, sorted, 0);
    }

    private static JqValue Set(Run run, in JqValue of, JqArray keys, int at, in JqValue part)
    {
        if (at == keys.Count) return part;
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack()) throw new JqLimitException(JqLimit.Depth);
        run.Tick();
        var key = keys.Items[at];
        return Access.Set(run, of, key, Set(run, Access.Get(run, of, key), keys, at + 1, part));
    }

    private static JqValue Delete(Run run, in JqValue of, ReadOnlySpan<JqValue> paths, int depth)
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack()) throw new JqLimitException(JqLimit.Depth);
        var changed = of;
        var whole = new List<JqValue>();
        for (var from = 0; from < paths.Length;)
        {
            run.Tick();
            var key = paths[from].GetArray().Items[depth];
            var to = from + 1;
            while (to < paths.Length && paths[to].GetArray().Items[depth].Equals(key)) to++;
            if (paths[from].GetArray().Count == depth + 1)
            {
                whole.Add(key);
            }
            else
            {
                var part = Access.Get(run, changed, key);
                if (!part.IsNull) changed = Access.Set(run, changed, key, Delete(run, part, paths[from..to], depth + 1));
            }

            from = to;
        }

        return DeleteKeys(run, changed, whole);
    }

    private static JqValue DeleteKeys(Run run, in JqValue of, List<JqValue> keys)
    {
        if (of.IsNull || keys.Count == 0) return of;
        if (of.TryGetObject(out var fields)) return JqValue.Of(DeleteFields(run, fields, keys));
        if (!of.TryGetArray(out var items)) throw JqException.Of($"Cannot delete fields from {JqException.NameOf(of.Kind)}");
        run.Charge(items.Count * 17L);
        var goes = new bool[items.Count];
        foreach (var key in keys)
        {
            if (key.TryGetNumber(out var index))
            {
                var at = Math.Truncate(index) is < 0 and var fromEnd ? fromEnd + items.Count : Math.Truncate(index);
                if (at >= 0 && at < goes.Length) goes[(int)at] = true;
            }
            else if (key.TryGetObject(out var slice))
            {
                var (begin, end) = Access.Range(items.Count, slice);
                goes.AsSpan(begin, end - begin).Fill(true);
            }
            else
            {
                throw JqException.Of($"Cannot delete {JqException.NameOf(key.Kind)} element of array");
            }
        }

        var rest = new List<JqValue>(items.Count);
        for (var i = 0; i < goes.Length; i++)
        {
            if (!goes[i]) rest.Add(items.Items[i]);
        }

        return run.ArrayOf(rest);
    }

    private static JqObject DeleteFields(Run run, JqObject fields, List<JqValue> keys)
    {
        if (keys.Count == 1 && keys[0].TryGetString(out var only)) return fields.Without(only, run);
        var goes = new HashSet<string>(StringComparer.Ordinal);
        foreach (var key in keys) goes.Add(key.TryGetString(out var name) ? name : throw JqException.Of($"Cannot delete {JqException.NameOf(key.Kind)} field of object"));
        run.Charge(fields.Count * 32L);
        var rest = new Values.FieldTable(fields.Count);
        foreach (var (name, value) in fields)
        {
            if (!goes.Contains(name)) rest.Set(name, value);
        }

        return new JqObject(rest, run.Owner);
    }
}
