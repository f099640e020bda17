using System.Text.Json;
using System.Text.Json.Nodes;
using Custodia.Jq.Values;

namespace Custodia.Jq.Json;

/// <summary>Values over System.Text.Json's own, read one level at a time when something asks.</summary>
internal static class JsonDom
{
    public static JqValue From(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.True => JqValue.True,
        JsonValueKind.False => JqValue.False,
        JsonValueKind.String => JqValue.Of(CodePoints.Sound(element.GetString()!)),
        JsonValueKind.Number => Numbers.Read(element.GetRawText()),
        JsonValueKind.Array => JqValue.Of(new JqArray(element)),
        JsonValueKind.Object => JqValue.Of(new JqObject(element)),
        _ => default,
    };

    public static JqValue From(JsonNode? node) => node switch
    {
        JsonArray array => JqValue.Of(new JqArray(array)),
        JsonObject fields => JqValue.Of(new JqObject(fields)),
        JsonValue value => value.GetValueKind() switch
        {
            JsonValueKind.True => JqValue.True,
            JsonValueKind.False => JqValue.False,
            JsonValueKind.String => JqValue.Of(CodePoints.Sound(value.TryGetValue<string>(out var text) ? text : value.Deserialize<string>()!)),
            JsonValueKind.Number => value.TryGetValue<JsonElement>(out var element) ? Numbers.Read(element.GetRawText()) : Numbers.Read(value.ToJsonString()),
            _ => default,
        },
        _ => default,
    };

    public static JqValue[] ItemsOf(object source) => source switch
    {
        JsonArray array => [.. array.Select(From)],
        JsonElement element => [.. element.EnumerateArray().Select(From)],
        _ => throw new ArgumentException("Neither an element nor an array.", nameof(source)),
    };

    public static FieldTable FieldsOf(object source)
    {
        if (source is JsonObject node)
        {
            var read = new FieldTable(node.Count);
            foreach (var (name, value) in node) read.Set(CodePoints.Sound(name), From(value));
            return read;
        }

        var element = (JsonElement)source;
        var fields = new FieldTable(element.GetPropertyCount());
        foreach (var field in element.EnumerateObject()) fields.Set(CodePoints.Sound(field.Name), From(field.Value));
        return fields;
    }

    public static JsonNode? ToNode(JqValue value)
    {
        switch (value.Kind)
        {
            case JqKind.Null:
                return null;
            case JqKind.Boolean:
                return JsonValue.Create(value.IsTruthy);
            case JqKind.String:
                return JsonValue.Create(value.GetString());
            case JqKind.Number:
                return NumberNode(value);
            case JqKind.Array:
                if (value.GetArray().Source is JsonArray source) return source.DeepClone();
                return new JsonArray([.. value.GetArray().Select(ToNode)]);
            default:
                if (value.GetObject().Source is JsonObject read) return read.DeepClone();
                return new JsonObject(value.GetObject().Select(f => KeyValuePair.Create(f.Key, ToNode(f.Value))));
        }
    }

    private static JsonNode? NumberNode(JqValue value)
    {
        var number = value.GetDouble();
        if (value.Literal is null && Math.Abs(number) <= 9_007_199_254_740_992 && Math.Floor(number) == number) return JsonValue.Create((long)number);
        return JsonNode.Parse(Numbers.Write(value));
    }
}
