using System.Linq.Expressions;
using System.Reflection;
using Custodia.Kernel.Policy;

namespace Custodia.Kernel.Streams;

/// <summary>
/// How records of a type are stored: fields from the policy, values from the type's properties. A field is sealed when the policy
/// calls it personal or sealed; it is indexed when it has a role or the policy asks for exact lookup.
/// </summary>
internal sealed class RecordLayout
{
    private readonly Func<LogRecord, object?>[] _values;
    private readonly Func<LogRecord, object?> _time;

    public RecordLayout(StreamShape shape, PolicyCategory category)
    {
        Category = category;
        Durability = shape.Durability;
        Type = shape.RecordType;
        var stored = category.Fields.Select(policy => (Policy: policy, Code: Property(shape, policy))).ToArray();
        Shape = new StoredShape(shape.Version, [.. stored.Select(f => Stored(f.Policy, f.Code))]);
        _values = [.. stored.Select(f => Getter(f.Code.Property))];
        _time = Getter(shape.Time);
    }

    public PolicyCategory Category { get; }

    public Durability Durability { get; }

    public Type Type { get; }

    public StoredShape Shape { get; }

    public DateTimeOffset TimeOf(LogRecord record) => (DateTimeOffset)_time(record)!;

    /// <summary>The stored value of the field at <paramref name="position"/> in the shape.</summary>
    public object? Value(LogRecord record, int position) => FieldValue.Stored(_values[position](record));

    private static StreamField Property(StreamShape shape, PolicyField policy) =>
        shape.Fields.FirstOrDefault(f => f.Name == policy.Name)
        ?? throw new InvalidOperationException($"{shape.RecordType.Name} has no property for the field '{policy.Name}' of '{shape.Category}'.");

    private static StoredField Stored(PolicyField policy, StreamField code)
    {
        var type = code.Property.PropertyType;
        if (code.Role == LogRole.Time)
        {
            return type == typeof(DateTimeOffset)
                ? new StoredField(policy.Name, FieldPlace.Time, Indexed: false, code.Role)
                : throw new InvalidOperationException($"{code.Property.Name} is the time of its record and must be a DateTimeOffset.");
        }

        if (!FieldValue.Supports(type)) throw new InvalidOperationException($"A log field cannot hold {type.Name} ({code.Property.Name}).");
        var place = policy.Personal || policy.Protection == Protection.Sealed ? FieldPlace.Sealed : FieldPlace.Plain;
        return new StoredField(policy.Name, place, code.Role is not null || policy.Lookup == Lookup.Exact, code.Role);
    }

    /// <summary>A compiled getter: reflection would cost more than sealing.</summary>
    private static Func<LogRecord, object?> Getter(PropertyInfo property)
    {
        var record = Expression.Parameter(typeof(LogRecord));
        var value = Expression.Property(Expression.Convert(record, property.DeclaringType!), property);
        return Expression.Lambda<Func<LogRecord, object?>>(Expression.Convert(value, typeof(object)), record).Compile();
    }
}
