namespace Custodia.Kernel.Streams;

internal enum FieldPlace
{
    /// <summary>Kept once, as the time of the record.</summary>
    Time,
    Plain,
    Sealed,
}

/// <summary>A field as a segment stores it.</summary>
/// <param name="Indexed">Whether it can be looked up by exact value.</param>
internal sealed record StoredField(string Name, FieldPlace Place, bool Indexed, LogRole? Role);

/// <summary>
/// The fields of a stream in the order of the policy. A segment keeps the shape it was begun with; when the policy or the record
/// type changes, the next record begins another segment of the same day.
/// </summary>
internal sealed class StoredShape
{
    public StoredShape(int version, IReadOnlyList<StoredField> fields)
    {
        Version = version;
        Fields = fields;
        Indexed = Positions(f => f.Indexed);
        PlainCount = fields.Count(f => f.Place == FieldPlace.Plain);
        SealedCount = fields.Count(f => f.Place == FieldPlace.Sealed);
    }

    public int Version { get; }

    public IReadOnlyList<StoredField> Fields { get; }

    /// <summary>Positions in <see cref="Fields"/> of the fields that are indexed.</summary>
    public IReadOnlyList<int> Indexed { get; }

    public int PlainCount { get; }

    public int SealedCount { get; }

    public bool Same(StoredShape other) => Version == other.Version && Fields.SequenceEqual(other.Fields);

    public StoredField? Find(string name) => Fields.FirstOrDefault(f => f.Name == name);

    public StoredField? Find(LogRole role) => Fields.FirstOrDefault(f => f.Role == role);

    /// <summary>Number of the field among the indexed ones; -1 when it is not indexed.</summary>
    public int IndexOf(StoredField field)
    {
        for (var i = 0; i < Indexed.Count; i++)
        {
            if (ReferenceEquals(Fields[Indexed[i]], field)) return i;
        }

        return -1;
    }

    private int[] Positions(Func<StoredField, bool> which) =>
        [.. Enumerable.Range(0, Fields.Count).Where(i => which(Fields[i]))];
}
