using System.Reflection;
using Custodia.Kernel.Policy;

namespace Custodia.Kernel.Streams;

/// <summary>A stream as its record type declares it; protections come from the policy.</summary>
public sealed record StreamShape(string Category, Durability Durability, int Version, Type RecordType, IReadOnlyList<StreamField> Fields)
{
    public static StreamShape Of(Type type)
    {
        var stream = type.GetCustomAttribute<StreamAttribute>()
            ?? throw new InvalidOperationException($"{type.Name} has no [Stream] attribute.");
        var fields = type.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Where(p => p.Name != "EqualityContract")
            .Select(p => new StreamField(
                p.GetCustomAttribute<FieldAttribute>()?.Name ?? FieldNames.Of(p.Name),
                p,
                p.GetCustomAttribute<LogRoleAttribute>()?.Role))
            .ToArray();
        if (fields.Count(f => f.Role == LogRole.Time) != 1)
            throw new InvalidOperationException($"{type.Name} needs exactly one property with [LogRole(LogRole.Time)].");
        return new StreamShape(stream.Category, stream.Durability, stream.Version, type, fields);
    }
}

public sealed record StreamField(string Name, PropertyInfo Property, LogRole? Role);
