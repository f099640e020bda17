using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Custodia.Jq.Json;
using Custodia.Jq.Running;
using Custodia.Jq.Values;

namespace Custodia.Jq;

/// <summary>
/// The items of an array. It never changes for who holds it. Within, the newest of a line of versions that one run made owns the
/// storage and hands it on when the run changes it again, so that building an array item by item does not copy it each time; an
/// older version that is still read takes a copy then (Baker's arrays).
/// </summary>
public sealed class JqArray : IReadOnlyList<JqValue>
{
    private readonly int _count;
    private readonly object? _owner;
    private JqValue[]? _items;
    private readonly object? _source;
    private JqArray? _newer;
    private int _changedAt = -1;
    private JqValue _before;

    internal JqArray(JqValue[] items, int count, object? owner = null)
    {
        _items = items;
        _count = count;
        _owner = owner;
    }

    /// <summary>An array of these items.</summary>
    public JqArray(params IEnumerable<JqValue> items)
    {
        _items = [.. items];
        _count = _items.Length;
    }

    internal JqArray(JsonElement source)
    {
        _source = source;
        _count = source.GetArrayLength();
    }

    internal JqArray(JsonArray source)
    {
        _source = source;
        _count = source.Count;
    }

    /// <summary>The array without items.</summary>
    public static JqArray Empty { get; } = new([], 0);

    /// <inheritdoc/>
    public int Count => _count;

    internal ReadOnlySpan<JqValue> Items
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (_items ?? Read()).AsSpan(0, _count);
    }

    /// <summary>An item, counted from 0.</summary>
    public JqValue this[int index] => Items[index];

    /// <inheritdoc/>
    public IEnumerator<JqValue> GetEnumerator()
    {
        for (var i = 0; i < _count; i++) yield return this[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The node that this array is read from, if nothing else has changed since.</summary>
    internal object? Source => _source;

    /// <summary>This array with one item more.</summary>
    internal JqArray Append(JqValue item, Run run)
    {
        if (!IsOwnedBy(run.Owner, out var items))
        {
            run.Charge(_count * 16L);
            items = Grow(Items, _count + 1);
        }
        else if (_count == items.Length)
        {
            items = Grow(items, _count + 1);
        }

        items[_count] = item;
        return HandOn(new JqArray(items, _count + 1, run.Owner), items, -1, default);
    }

    /// <summary>This array with another's items after its own.</summary>
    internal JqArray Concat(JqArray other, Run run)
    {
        if (other._count == 0) return this;
        if (_count == 0) return other;
        if (other._count == 1) return Append(other.Items[0], run);
        var more = other.Items.ToArray();
        run.Charge(_count * 4L);
        var items = IsOwnedBy(run.Owner, out var own) && own.Length >= _count + more.Length ? own : Grow(Items, _count + more.Length);
        more.CopyTo(items, _count);
        return HandOn(new JqArray(items, _count + more.Length, run.Owner), items, -1, default);
    }

    /// <summary>This array with an item replaced; <paramref name="index"/> is below <see cref="Count"/>.</summary>
    internal JqArray With(int index, JqValue item, Run run)
    {
        if (!IsOwnedBy(run.Owner, out var items))
        {
            run.Charge(_count * 16L);
            items = Items.ToArray();
        }

        var before = items[index];
        items[index] = item;
        return HandOn(new JqArray(items, _count, run.Owner), items, index, before);
    }

    internal static int Compare(JqArray left, JqArray right)
    {
        Comparing.Add(Math.Min(left._count, right._count));
        ReadOnlySpan<JqValue> a = left.Items, b = right.Items;
        for (var i = 0; i < a.Length && i < b.Length; i++)
        {
            var order = a[i].CompareTo(b[i]);
            if (order != 0) return order;
        }

        return a.Length.CompareTo(b.Length);
    }

    internal static bool AreEqual(JqArray left, JqArray right)
    {
        if (left._count != right._count) return false;
        Comparing.Add(left._count);
        ReadOnlySpan<JqValue> a = left.Items, b = right.Items;
        for (var i = 0; i < a.Length; i++)
        {
            if (!a[i].Equals(b[i])) return false;
        }

        return true;
    }

    private static JqValue[] Grow(ReadOnlySpan<JqValue> items, int needed)
    {
        var grown = new JqValue[Math.Max(needed, Math.Max(4, (int)Math.Min(items.Length * 2L, Array.MaxLength)))];
        items.CopyTo(grown);
        return grown;
    }

    private bool IsOwnedBy(object owner, [NotNullWhen(true)] out JqValue[]? items)
    {
        items = _items;
        return items is not null && ReferenceEquals(_owner, owner);
    }

    /// <summary>When the newer version works in this one's storage, this one remembers the difference instead.</summary>
    private JqArray HandOn(JqArray newer, JqValue[] items, int changedAt, JqValue before)
    {
        if (!ReferenceEquals(items, _items)) return newer;
        _newer = newer;
        _changedAt = changedAt;
        _before = before;
        _items = null;
        return newer;
    }

    private JqValue[] Read()
    {
        if (_newer is null) return _items = JsonDom.ItemsOf(_source!);
        var line = new List<JqArray>();
        var newest = this;
        for (; newest._items is null; newest = newest._newer!) line.Add(newest);
        var items = newest._items.AsSpan(0, _count).ToArray();
        for (var i = line.Count - 1; i >= 0; i--)
        {
            if (line[i]._changedAt is >= 0 and var at && at < _count) items[at] = line[i]._before;
        }

        _items = items;
        (_newer, _changedAt, _before) = (null, -1, default);
        return items;
    }
}
