using System.Reflection;
using Custodia.Kernel.Policy;
using Custodia.Kernel.Storage;
using Microsoft.EntityFrameworkCore.Metadata;

namespace Custodia.Kernel.Backup;

/// <summary>The columns that a backup seals: personal, plain by policy, in tables whose rows say whose they are.</summary>
internal sealed record OwnedColumns(IEntityType Entity, IReadOnlyList<OwnedColumn> Columns)
{
    public static IEnumerable<OwnedColumns> Of(ModuleContext context, LoadedPolicy policy)
    {
        foreach (var entity in context.Model.GetEntityTypes())
        {
            if (!typeof(IOwnedData).IsAssignableFrom(entity.ClrType) || entity.ClrType == typeof(Messaging.OutboxMessage)) continue;
            var columns = entity.GetProperties()
                .Where(p => p.PropertyInfo is not null && (p.ClrType == typeof(string) || IsSwitchableText(p)))
                .Select(p => Column(entity.ClrType, p, policy))
                .OfType<OwnedColumn>()
                .ToArray();
            if (columns.Length > 0) yield return new OwnedColumns(entity, columns);
        }
    }

    /// <summary>A text of a type of its own that stores plain or sealed as the policy says; as a column it is text like any other.</summary>
    private static bool IsSwitchableText(IProperty property) =>
        property.PropertyInfo!.GetCustomAttribute<FieldAttribute>() is { Switchable: true } && property.GetTypeMapping().Converter?.ProviderClrType == typeof(string);

    private static OwnedColumn? Column(Type type, IProperty property, LoadedPolicy policy)
    {
        var attribute = property.PropertyInfo!.GetCustomAttribute<FieldAttribute>();
        var category = attribute?.Category ?? type.GetCustomAttribute<CategoryAttribute>()?.Id;
        var name = attribute?.Name ?? FieldNames.Of(property.Name);
        if (category is null || !policy.TryCategory(category, out var found) || !found!.TryField(name, out var field)) return null;
        // A switchable column may still hold what was written plain before the policy changed.
        var mayBePlain = field!.Protection == Protection.Plain || attribute is { Switchable: true };
        return field.Personal && mayBePlain ? new OwnedColumn(property.Name, category, name, property.IsNullable) : null;
    }
}

/// <param name="Property">Name of the entity's property.</param>
internal sealed record OwnedColumn(string Property, string Category, string Field, bool Nullable);
