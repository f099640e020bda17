using System.Runtime.CompilerServices;

namespace Custodia.Jq.Values;

/// <summary>Names and values in the order of arrival; few are searched one by one, many by their hash.</summary>
internal sealed class FieldTable
{
    private const int Few = 16;
    private Entry[] _entries;
    private int[]? _buckets;

    public FieldTable(int capacity) => _entries = capacity == 0 ? [] : new Entry[capacity];

    /// <param name="keys">Names; the last of a name counts.</param>
    /// <param name="hashes">Equal for equal names.</param>
    /// <param name="values">As many.</param>
    public FieldTable(ReadOnlySpan<string> keys, ReadOnlySpan<uint> hashes, ReadOnlySpan<JqValue> values)
    {
        _entries = keys.Length == 0 ? [] : new Entry[keys.Length];
        for (var i = 0; i < keys.Length; i++)
        {
            if (i >= Few || hashes[..i].Contains(hashes[i]))
            {
                Set(keys[i], values[i]);
                continue;
            }

            ref var entry = ref _entries[Count++];
            entry.Key = keys[i];
            entry.Value = values[i];
        }
    }

    public int Count { get; private set; }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public string KeyAt(int index) => _entries[index].Key;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref readonly JqValue ValueAt(int index) => ref _entries[index].Value;

    public bool TryGet(string name, out JqValue value)
    {
        var at = Find(name);
        value = at < 0 ? default : _entries[at].Value;
        return at >= 0;
    }

    public bool Contains(string name) => Find(name) >= 0;

    /// <summary>The value at a place, if that very name stands there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryAt(int index, string name, out JqValue value)
    {
        var entries = _entries;
        if ((uint)index < (uint)entries.Length && ReferenceEquals(entries[index].Key, name))
        {
            value = entries[index].Value;
            return true;
        }

        value = default;
        return false;
    }

    public void Set(string name, in JqValue value) => Set(name, value, out _);

    /// <summary>Replaces in place, or adds at the end. Returns whether there was one, and what it was.</summary>
    public bool Set(string name, in JqValue value, out JqValue before)
    {
        var at = Find(name);
        if (at >= 0)
        {
            before = _entries[at].Value;
            _entries[at].Value = value;
            return true;
        }

        before = default;
        Add(name, value);
        return false;
    }

    public FieldTable Copy(int room)
    {
        var copy = new FieldTable(Count + room);
        for (var i = 0; i < Count; i++) copy.Add(_entries[i].Key, _entries[i].Value);
        return copy;
    }

    /// <summary>The same without one name.</summary>
    public FieldTable Without(string name)
    {
        var copy = new FieldTable(Count);
        for (var i = 0; i < Count; i++)
        {
            if (_entries[i].Key != name) copy.Add(_entries[i].Key, _entries[i].Value);
        }

        return copy;
    }

    /// <summary>Takes the newest name away.</summary>
    public void RemoveLast()
    {
        Count--;
        if (_buckets is { } buckets)
        {
            ref var head = ref buckets[Bucket(_entries[Count].Key, buckets)];
            head = _entries[Count].Next;
        }

        _entries[Count] = default;
    }

    private void Add(string name, in JqValue value)
    {
        if (Count == _entries.Length) Array.Resize(ref _entries, Math.Max(4, Count * 2));
        _entries[Count].Key = name;
        _entries[Count].Value = value;
        Count++;
        if (Count > Few) Link();
    }

    private void Link()
    {
        if (_buckets is not { } buckets || buckets.Length < Count)
        {
            _buckets = buckets = new int[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Count * 2)];
            for (var i = 0; i < Count - 1; i++) Link(i, buckets);
        }

        Link(Count - 1, buckets);
    }

    private void Link(int index, int[] buckets)
    {
        ref var head = ref buckets[Bucket(_entries[index].Key, buckets)];
        _entries[index].Next = head;
        head = index + 1;
    }

    private static int Bucket(string name, int[] buckets) => name.GetHashCode(StringComparison.Ordinal) & (buckets.Length - 1);

    /// <summary>The place of a name; -1 where there is none.</summary>
    public int Find(string name)
    {
        var entries = _entries;
        if (_buckets is { } buckets)
        {
            for (var next = buckets[Bucket(name, buckets)]; next > 0; next = entries[next - 1].Next)
            {
                if (entries[next - 1].Key == name) return next - 1;
            }

            return -1;
        }

        for (var i = 0; i < Count; i++)
        {
            if (entries[i].Key == name) return i;
        }

        return -1;
    }

    private struct Entry
    {
        public string Key;
        public JqValue Value;

        /// <summary>One more than the place of the next of its bucket; 0 ends the chain.</summary>
        public int Next;
    }
}
