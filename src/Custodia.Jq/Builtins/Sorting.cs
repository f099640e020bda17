using Custodia.Jq.Running;

namespace Custodia.Jq.Builtins;

/// <summary>Sorting and grouping in jq's order, stable: what is equal stays in its order.</summary>
internal static class Sorting
{
    public static IEnumerable<Native> All =>
    [
        new("sort", 0, static (run, in input, _) => Whole(run, Sort(run, ItemsOf(input, "sorted").ToArray()))),
        new("_sort_by", 1, static (run, in input, arguments) => Whole(run, Map(Keyed(run, input, arguments[0]), static k => k.Item))),
        new("_group_by", 1, static (run, in input, arguments) => Whole(run, [.. Groups(run, input, arguments[0]).Select(g => run.ArrayOf(g))])),
        new("_unique_by", 1, static (run, in input, arguments) => Whole(run, [.. Groups(run, input, arguments[0]).Select(g => g[0])])),
        new("unique", 0, static (run, in input, _) => Unique(run, Sort(run, ItemsOf(input, "sorted").ToArray()))),
        new("min", 0, static (run, in input, _) => Least(run, input, input, -1)),
        new("max", 0, static (run, in input, _) => Least(run, input, input, 1)),
        new("_min_by", 1, static (run, in input, arguments) => Least(run, input, arguments[0], -1)),
        new("_max_by", 1, static (run, in input, arguments) => Least(run, input, arguments[0], 1)),
        new("bsearch", 1, static (run, in input, arguments) => Search(run, input, arguments[0])),
    ];

    /// <summary>Merge sort: never more than n log n comparisons, whatever the comparison says of nan.</summary>
    public static JqValue[] Sort(Run run, JqValue[] items)
    {
        Merge(run, items, static (in a, in b) => a.CompareTo(b));
        return items;
    }

    private delegate int Order<T>(in T left, in T right);

    private static void Merge<T>(Run run, T[] items, Order<T> order)
    {
        var (from, into) = (items, new T[items.Length]);
        for (var width = 1; width < items.Length; width *= 2)
        {
            for (var start = 0; start < items.Length; start += 2 * width)
            {
                var (left, middle, end) = (start, Math.Min(start + width, items.Length), Math.Min(start + (2 * width), items.Length));
                var (right, at) = (middle, start);
                run.Charge((end - start) * 32L);
                run.ChargeComparisons();
                while (left < middle || right < end)
                    into[at++] = right >= end || (left < middle && order(from[left], from[right]) <= 0) ? from[left++] : from[right++];
            }

            (from, into) = (into, from);
        }

        if (!ReferenceEquals(from, items)) from.CopyTo(items, 0);
    }

    private static ReadOnlySpan<JqValue> ItemsOf(in JqValue value, string purpose) =>
        value.TryGetArray(out var items) ? items.Items : throw JqException.Of(value, $"cannot be {purpose}, as it is not an array");

    private static (JqValue Key, JqValue Item)[] Keyed(Run run, in JqValue items, in JqValue keys)
    {
        if (!items.TryGetArray(out var all) || !keys.TryGetArray(out var by) || all.Count != by.Count) throw JqException.Of(items, keys, "cannot be sorted, as they are not both arrays");
        var keyed = new (JqValue Key, JqValue Item)[all.Count];
        for (var i = 0; i < keyed.Length; i++) keyed[i] = (by.Items[i], all.Items[i]);
        Merge(run, keyed, static (in a, in b) => a.Key.CompareTo(b.Key));
        return keyed;
    }

    private static List<List<JqValue>> Groups(Run run, in JqValue items, in JqValue keys)
    {
        var groups = new List<List<JqValue>>();
        var last = default(JqValue);
        foreach (var (key, item) in Keyed(run, items, keys))
        {
            if (groups.Count > 0 && last.Equals(key)) groups[^1].Add(item);
            else groups.Add([item]);
            last = key;
        }

        return groups;
    }

    private static JqValue Unique(Run run, JqValue[] sorted)
    {
        var unique = new List<JqValue>();
        foreach (var item in sorted)
        {
            if (unique.Count == 0 || !unique[^1].Equals(item)) unique.Add(item);
        }

        return run.ArrayOf(unique);
    }

    /// <summary>Of equals the first is the least and the last the greatest.</summary>
    private static JqValue Least(Run run, in JqValue items, in JqValue keys, int sign)
    {
        if (!items.TryGetArray(out var all) || !keys.TryGetArray(out var by) || all.Count != by.Count) throw JqException.Of(items, keys, "cannot be iterated over");
        run.Charge(all.Count * 16L);
        var best = -1;
        for (var i = 0; i < all.Count; i++)
        {
            var order = best < 0 ? 1 : by.Items[i].CompareTo(by.Items[best]) * sign;
            if (order > 0 || (order == 0 && sign > 0)) best = i;
        }

        return best < 0 ? default : all.Items[best];
    }

    private static JqValue Search(Run run, in JqValue items, in JqValue sought)
    {
        if (!items.TryGetArray(out var all)) throw JqException.Of(items, "cannot be searched from");
        int low = 0, high = all.Count - 1;
        while (low <= high)
        {
            run.Tick();
            var middle = low + ((high - low) / 2);
            var order = all.Items[middle].CompareTo(sought);
            if (order == 0) return JqValue.Of((double)middle);
            if (order < 0) low = middle + 1;
            else high = middle - 1;
        }

        return JqValue.Of(-1.0 - low);
    }

    private static JqValue Whole(Run run, JqValue[] items) => run.ArrayOf(items, items.Length);

    private static JqValue[] Map<T>(T[] items, Func<T, JqValue> what) => Array.ConvertAll(items, i => what(i));
}
