using System.Reflection;
using Custodia.Kernel.Streams;
using Microsoft.EntityFrameworkCore.Metadata;

namespace Custodia.Kernel.Policy.Binding;

/// <summary>Finds every stored property of the code: columns through the EF model, log fields, event fields and shapes by reflection.</summary>
internal static class StoredProperties
{
    public static IReadOnlyList<BoundField> Of(BoundCode code, List<PolicyFinding> findings)
    {
        var fields = new List<BoundField>();
        foreach (var entity in code.Models.SelectMany(m => m.Model.GetEntityTypes())) AddColumns(entity, fields, findings);
        foreach (var stream in code.Streams) fields.AddRange(LogFields(stream));
        foreach (var shape in code.Events) AddProperties(BoundKind.EventField, shape.ClrType, fields, findings);
        foreach (var shape in code.Shapes) AddProperties(BoundKind.Shape, shape.Type, fields, findings);

        // The outbox is mapped into every context.
        return [.. fields.DistinctBy(f => (f.Kind, f.Symbol))];
    }

    private static void AddColumns(IEntityType entity, List<BoundField> fields, List<PolicyFinding> findings)
    {
        var owner = entity.FindOwnership()?.PrincipalEntityType.ClrType;
        AddColumns(entity, entity.ClrType, CategoryOf(entity.ClrType) ?? (owner is null ? null : CategoryOf(owner)), fields, findings);
    }

    private static void AddColumns(ITypeBase type, Type clrType, string? category, List<BoundField> fields, List<PolicyFinding> findings)
    {
        foreach (var property in type.GetProperties())
        {
            Add(BoundKind.Column, clrType, property.Name, property.PropertyInfo, property.ClrType, property.IsNullable, category, fields, findings);
        }

        foreach (var complex in type.GetComplexProperties())
        {
            var inner = complex.ComplexType;
            AddColumns(inner, inner.ClrType, CategoryOf(inner.ClrType) ?? category, fields, findings);
        }
    }

    private static IEnumerable<BoundField> LogFields(StreamShape stream)
    {
        foreach (var field in stream.Fields)
            yield return LogField(stream, field.Property, stream.Category, field.Name);
        if (stream.Time.GetCustomAttribute<FieldAttribute>() is { Category: StreamShape.Envelope } time)
            yield return LogField(stream, stream.Time, StreamShape.Envelope, time.Name);
    }

    private static BoundField LogField(StreamShape stream, PropertyInfo property, string category, string field) =>
        new(BoundKind.LogField, Symbol(stream.RecordType, property.Name), stream.RecordType, property.PropertyType, IsOptional(property), Switchable: false, category, field);

    private static void AddProperties(BoundKind kind, Type type, List<BoundField> fields, List<PolicyFinding> findings)
    {
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
            Add(kind, type, property.Name, property, property.PropertyType, IsOptional(property), CategoryOf(type), fields, findings);
    }

    private static void Add(
        BoundKind kind, Type owner, string name, PropertyInfo? property, Type clrType, bool optional, string? category, List<BoundField> fields, List<PolicyFinding> findings)
    {
        var attribute = property is null ? null : FieldOf(owner, property);
        var symbol = Symbol(owner, name);
        if ((attribute?.Category ?? category) is { } id)
            fields.Add(new BoundField(kind, symbol, owner, clrType, optional, attribute?.Switchable ?? false, id, attribute?.Name ?? FieldNames.Of(name)));
        else
            findings.Add(new PolicyFinding(symbol, "", $"is stored, but neither it nor {owner.Name} names its category: add [Category(\"…\")] and a policy line."));
    }

    // On a positional record an attribute without target sits on the constructor's parameter.
    private static FieldAttribute? FieldOf(Type owner, PropertyInfo property) =>
        property.GetCustomAttribute<FieldAttribute>()
        ?? owner.GetConstructors()
            .SelectMany(c => c.GetParameters())
            .FirstOrDefault(p => p.Name == property.Name)?
            .GetCustomAttribute<FieldAttribute>();

    private static string? CategoryOf(Type type) => type.GetCustomAttribute<CategoryAttribute>()?.Id;

    private static string Symbol(Type type, string property) => $"{type.FullName?.Replace('+', '.')}.{property}";

    private static bool IsOptional(PropertyInfo property) =>
        property.PropertyType.IsValueType
            ? Nullable.GetUnderlyingType(property.PropertyType) is not null
            : new NullabilityInfoContext().Create(property).ReadState != NullabilityState.NotNull;
}
