using System.Reflection;
using Custodia.Kernel.Policy;

namespace Custodia.Kernel.Streams;

/// <summary>A stream as its record type declares it; protections come from the policy.</summary>
/// <param name="Time">The property by which records are ordered and found.</param>
/// <param name="Fields">
/// The log's own fields. A log whose policy names no time takes it from the envelope:
/// <c>[Field("time", Category = StreamShape.Envelope), LogRole(LogRole.Time)]</c>; that property is not among the fields.
/// </param>
public sealed record StreamShape(string Category, Durability Durability, int Version, Type RecordType, PropertyInfo Time, IReadOnlyList<StreamField> Fields)
{
    /// <summary>Category of what every record carries besides its own fields.</summary>
    public const string Envelope = "kernel.log-envelope";

    public static StreamShape Of(Type type)
    {
        var stream = type.GetCustomAttribute<StreamAttribute>()
            ?? throw new InvalidOperationException($"{type.Name} has no [Stream] attribute.");
        var properties = type.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Where(p => p.Name != "EqualityContract")
            .ToArray();
        var times = properties.Where(p => RoleOf(p) == LogRole.Time).ToArray();
        if (times.Length != 1)
            throw new InvalidOperationException($"{type.Name} needs exactly one property with [LogRole(LogRole.Time)].");
        var fields = properties
            .Where(p => p.GetCustomAttribute<FieldAttribute>()?.Category != Envelope)
            .Select(p => new StreamField(p.GetCustomAttribute<FieldAttribute>()?.Name ?? FieldNames.Of(p.Name), p, RoleOf(p)))
            .ToArray();
        return new StreamShape(stream.Category, stream.Durability, stream.Version, type, times[0], fields);
    }

    private static LogRole? RoleOf(PropertyInfo property) => property.GetCustomAttribute<LogRoleAttribute>()?.Role;
}

public sealed record StreamField(string Name, PropertyInfo Property, LogRole? Role);
