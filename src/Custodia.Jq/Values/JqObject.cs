using System.Collections;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Custodia.Jq.Json;
using Custodia.Jq.Running;
using Custodia.Jq.Values;

namespace Custodia.Jq;

/// <summary>
/// The fields of an object, in the order in which they were first set. It never changes for who holds it; within, storage is handed
/// on from version to version as in <see cref="JqArray"/>.
/// </summary>
public sealed class JqObject : IReadOnlyCollection<KeyValuePair<string, JqValue>>
{
    private readonly object? _owner;
    private FieldTable? _fields;
    private readonly object? _source;
    private JqObject? _newer;
    private string? _changed;
    private JqValue _before;
    private bool _wasThere;

    internal JqObject(FieldTable fields, object? owner = null)
    {
        _fields = fields;
        _owner = owner;
    }

    /// <summary>An object of these fields; the last of a name counts.</summary>
    public JqObject(params IEnumerable<KeyValuePair<string, JqValue>> fields)
    {
        _fields = new FieldTable(4);
        foreach (var (name, value) in fields) _fields.Set(name, value);
    }

    internal JqObject(JsonElement source) => _source = source;

    internal JqObject(JsonObject source) => _source = source;

    /// <summary>The object without fields.</summary>
    public static JqObject Empty { get; } = new(new FieldTable(0));

    /// <inheritdoc/>
    public int Count => Fields.Count;

    internal FieldTable Fields
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _fields ?? Read();
    }

    /// <summary>The node that this object is read from, if nothing else has changed since.</summary>
    internal object? Source => _source;

    /// <summary>A field's value; null where there is none.</summary>
    public JqValue this[string name] => Fields.TryGet(name, out var value) ? value : default;

    /// <summary>Whether there is such a field, and its value.</summary>
    public bool TryGetValue(string name, out JqValue value) => Fields.TryGet(name, out value);

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, JqValue>> GetEnumerator()
    {
        var count = Count;
        for (var i = 0; i < count; i++) yield return KeyValuePair.Create(Fields.KeyAt(i), Fields.ValueAt(i));
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>This object with a field set.</summary>
    internal JqObject With(string name, in JqValue value, Run run)
    {
        if (!IsOwnedBy(run.Owner)) run.Charge(Count * 32L);
        var fields = IsOwnedBy(run.Owner) ? _fields! : Fields.Copy(1);
        var wasThere = fields.Set(name, value, out var before);
        var newer = new JqObject(fields, run.Owner);
        if (!ReferenceEquals(fields, _fields)) return newer;
        (_newer, _changed, _before, _wasThere, _fields) = (newer, name, before, wasThere, null);
        return newer;
    }

    /// <summary>This object without a field.</summary>
    internal JqObject Without(string name, Run run)
    {
        if (!Fields.Contains(name)) return this;
        run.Charge(Count * 32L);
        return new JqObject(Fields.Without(name), run.Owner);
    }

    internal static int Compare(JqObject left, JqObject right)
    {
        Comparing.Add((left.Count + right.Count) * 4);
        string[] a = left.SortedKeys(), b = right.SortedKeys();
        for (var i = 0; i < a.Length && i < b.Length; i++)
        {
            var order = CodePoints.Compare(a[i], b[i]);
            if (order != 0) return order;
        }

        if (a.Length != b.Length) return a.Length.CompareTo(b.Length);
        foreach (var name in a)
        {
            var order = left[name].CompareTo(right[name]);
            if (order != 0) return order;
        }

        return 0;
    }

    internal static bool AreEqual(JqObject left, JqObject right)
    {
        var (a, b) = (left.Fields, right.Fields);
        if (a.Count != b.Count) return false;
        Comparing.Add(a.Count * 2);
        for (var i = 0; i < a.Count; i++)
        {
            if (!b.TryGet(a.KeyAt(i), out var other) || !a.ValueAt(i).Equals(other)) return false;
        }

        return true;
    }

    /// <summary>The names by code point.</summary>
    internal string[] SortedKeys()
    {
        var fields = Fields;
        var keys = new string[fields.Count];
        for (var i = 0; i < keys.Length; i++) keys[i] = fields.KeyAt(i);
        Array.Sort(keys, CodePoints.Compare);
        return keys;
    }

    private bool IsOwnedBy(object owner) => _fields is not null && ReferenceEquals(_owner, owner);

    private FieldTable Read()
    {
        if (_newer is null) return _fields = JsonDom.FieldsOf(_source!);
        var line = new List<JqObject>();
        var newest = this;
        for (; newest._fields is null; newest = newest._newer!) line.Add(newest);
        var fields = newest._fields.Copy(0);
        for (var i = line.Count - 1; i >= 0; i--)
        {
            var version = line[i];
            if (version._wasThere) fields.Set(version._changed!, version._before);
            else fields.RemoveLast();
        }

        (_newer, _changed, _before) = (null, null, default);
        return _fields = fields;
    }
}
