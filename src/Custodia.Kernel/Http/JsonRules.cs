using System.Collections;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Custodia.Kernel.Http;

/// <summary>
/// JSON of the API: camelCase, enumerations as camelCase words, nothing unknown, doubled or missing accepted, and no text with U+0000,
/// which not every database stores.
/// </summary>
internal static class JsonRules
{
    public static void Apply(JsonSerializerOptions json)
    {
        json.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        json.PropertyNameCaseInsensitive = false;
        json.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        json.AllowDuplicateProperties = false;
        json.NumberHandling = JsonNumberHandling.Strict;
        json.RespectNullableAnnotations = true;
        json.RespectRequiredConstructorParameters = true;
        json.DefaultIgnoreCondition = JsonIgnoreCondition.Never;
        json.MaxDepth = 32;
        json.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false));
        json.TypeInfoResolver = (json.TypeInfoResolver ?? new DefaultJsonTypeInfoResolver()).WithAddedModifier(RefuseNullItems).WithAddedModifier(RefuseUnstorableText);
    }

    // Nullable annotations are respected for members only, so a list of texts would let null in (no request has a list with holes).
    private static void RefuseNullItems(JsonTypeInfo type)
    {
        if (type.Kind != JsonTypeInfoKind.Enumerable || type.ElementType is { IsValueType: true }) return;
        type.OnDeserialized = static list =>
        {
            foreach (var item in (IEnumerable)list)
            {
                if (item is null) throw new JsonException("The list doesn't allow null.");
                if (item is string text && IsUnstorable(text)) throw new JsonException("A text of the list cannot be stored.");
            }
        };
    }

    private static void RefuseUnstorableText(JsonTypeInfo type)
    {
        if (type.Kind != JsonTypeInfoKind.Object) return;
        var texts = type.Properties.Where(p => p.PropertyType == typeof(string) && p.Get is not null).ToArray();
        if (texts.Length == 0) return;
        type.OnDeserialized = value =>
        {
            foreach (var property in texts)
            {
                if (property.Get!(value) is string text && IsUnstorable(text)) throw new JsonException($"The text of '{property.Name}' cannot be stored.");
            }
        };
    }

    private static bool IsUnstorable(string text) => text.Contains('\0', StringComparison.Ordinal);
}
