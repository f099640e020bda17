namespace Custodia.Jq.Running;

/// <summary>The path by which a value was reached, from its end to its beginning.</summary>
internal sealed class Trail
{
    private readonly Trail? _parent;
    private readonly JqValue _key;
    private readonly int _length;

    private Trail(Trail? parent, JqValue key)
    {
        _parent = parent;
        _key = key;
        _length = parent is null ? 0 : parent._length + 1;
    }

    /// <summary>The path of the input itself.</summary>
    public static Trail Root { get; } = new(null, default);

    /// <summary>Of a value that was computed, so that no path leads to it.</summary>
    public static Trail Lost { get; } = new(null, default);

    public bool IsLost => ReferenceEquals(this, Lost);

    public Trail Then(in JqValue key) => new(this, key);

    public JqValue ToArray(Run run)
    {
        var keys = new JqValue[_length];
        var at = _length;
        for (var part = this; part._parent is not null; part = part._parent) keys[--at] = part._key;
        return run.ArrayOf(keys, keys.Length);
    }
}
