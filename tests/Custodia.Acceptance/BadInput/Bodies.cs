using System.Text.Json.Nodes;

namespace Custodia.Acceptance.BadInput;

/// <summary>Bodies made from the schema of an operation: right in form, and wrong in one place.</summary>
internal static class Bodies
{
    /// <summary>The required properties, each of the right type.</summary>
    public static JsonObject Right(JsonObject schema) =>
        new(Required(schema).Select(name => KeyValuePair.Create(name, RightValue(schema["properties"]![name]!.AsObject()))));

    /// <summary>For each property a body in which only it has the wrong type, and one with a name that nobody knows.</summary>
    public static IEnumerable<(string Field, JsonObject Body)> Wrong(JsonObject schema)
    {
        foreach (var (name, property) in schema["properties"]!.AsObject())
        {
            var body = Right(schema);
            body[name] = WrongValue(property!.AsObject());
            yield return (name, body);
        }

        foreach (var name in Required(schema))
        {
            var body = Right(schema);
            body.Remove(name);
            yield return (name, body);
        }

        var unknown = Right(schema);
        unknown["nobodyKnowsThis"] = 1;
        yield return ("nobodyKnowsThis", unknown);
    }

    private static IEnumerable<string> Required(JsonObject schema) => schema["required"]?.AsArray().Select(n => n!.GetValue<string>()) ?? [];

    private static JsonNode? RightValue(JsonObject schema)
    {
        if (schema["enum"] is JsonArray words) return words.First(w => w is not null)!.DeepClone();
        var types = Types(schema);
        if (types.Contains("string")) return schema["format"]?.GetValue<string>() == "uuid" ? Guid.CreateVersion7().ToString() : "text";
        if (types.Contains("integer")) return 1;
        if (types.Contains("boolean")) return false;
        return types.Contains("array") ? new JsonArray() : new JsonObject();
    }

    private static JsonNode WrongValue(JsonObject schema) => Types(schema).Contains("string") || schema["enum"] is not null ? 12.5 : "wrong";

    private static string[] Types(JsonObject schema) => schema["type"] switch
    {
        JsonArray several => [.. several.Select(t => t!.GetValue<string>())],
        JsonValue one => [one.GetValue<string>()],
        _ => [],
    };
}
