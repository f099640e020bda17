using System.Collections;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Custodia.Kernel.Http;

/// <summary>JSON of the API: camelCase, enumerations as camelCase words, nothing unknown, doubled or missing accepted.</summary>
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
        json.TypeInfoResolver = (json.TypeInfoResolver ?? new DefaultJsonTypeInfoResolver()).WithAddedModifier(RefuseNullItems);
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
            }
        };
    }
}
