using System.Reflection;
using System.Text.Json;
using Custodia.Kernel.Hosting;
using Custodia.Kernel.Policy;

namespace Custodia.Integration.Flows;

/// <summary>Which policy field each property of each event is, as <c>category/field</c>: read off the event types that the modules registered.</summary>
internal sealed class EventLabels
{
    private readonly Dictionary<string, IReadOnlyDictionary<string, string>> _events = new(StringComparer.Ordinal);

    public EventLabels(DataCatalogue catalogue, LoadedPolicy policy)
    {
        foreach (var shape in catalogue.Events) _events[shape.Type] = Labels(shape.ClrType, policy);
    }

    /// <summary>Types of events there are.</summary>
    public IEnumerable<string> Types => _events.Keys.Order(StringComparer.Ordinal);

    /// <summary>Property (camelCase) → label of the personal fields of an event; null for an unknown event.</summary>
    public IReadOnlyDictionary<string, string>? Of(string eventType) => _events.GetValueOrDefault(eventType);

    private static Dictionary<string, string> Labels(Type type, LoadedPolicy policy)
    {
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            var attribute = property.GetCustomAttribute<FieldAttribute>();
            var category = attribute?.Category ?? type.GetCustomAttribute<CategoryAttribute>()?.Id;
            var field = attribute?.Name ?? FieldNames.Of(property.Name);
            if (category is null || !policy.TryCategory(category, out var found) || !found!.TryField(field, out var known) || !known!.Personal) continue;
            labels[JsonNamingPolicy.CamelCase.ConvertName(property.Name)] = $"{category}/{field}";
        }

        return labels;
    }
}
