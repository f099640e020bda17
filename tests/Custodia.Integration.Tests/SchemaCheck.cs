using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Custodia.Integration.Tests;

/// <summary>
/// As much of JSON Schema 2020-12 as the schema of flows uses, written from the specification and not from the schema. A keyword
/// that it does not know fails the test that needs it.
/// </summary>
internal sealed class SchemaCheck(JsonObject root)
{
    private static readonly HashSet<string> Notes = new(StringComparer.Ordinal) { "$schema", "$defs", "title", "default", "description", "$id" };

    public bool Accepts(JsonNode? value) => Accepts(root, value);

    /// <summary>A flow's text as an editor would hand it to a schema.</summary>
    public static JsonNode? Json(string yaml)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        return stream.Documents.Count == 0 ? null : Json(stream.Documents[0].RootNode);
    }

    private bool Accepts(JsonNode schema, JsonNode? value) =>
        schema is JsonObject rules ? rules.All(rule => Holds(rule.Key, rule.Value!, rules, value)) : schema.GetValue<bool>();

    private bool Holds(string keyword, JsonNode rule, JsonObject rules, JsonNode? value) => keyword switch
    {
        "$ref" => Accepts(Referenced(rule.GetValue<string>()), value),
        "type" => rule is JsonArray types ? types.Any(t => Is(t!.GetValue<string>(), value)) : Is(rule.GetValue<string>(), value),
        "const" => JsonNode.DeepEquals(rule, value),
        "enum" => rule.AsArray().Any(r => JsonNode.DeepEquals(r, value)),
        "oneOf" => rule.AsArray().Count(r => Accepts(r!, value)) == 1,
        "required" => value is not JsonObject found || rule.AsArray().All(r => found.ContainsKey(r!.GetValue<string>())),
        "properties" => value is not JsonObject found || rule.AsObject().All(r => !found.ContainsKey(r.Key) || Accepts(r.Value!, found[r.Key])),
        "additionalProperties" => value is not JsonObject found || found.All(f => rules["properties"]!.AsObject().ContainsKey(f.Key) || Accepts(rule, f.Value)),
        "items" => value is not JsonArray list || list.All(i => Accepts(rule, i)),
        "minItems" => value is not JsonArray list || list.Count >= rule.GetValue<int>(),
        "maxItems" => value is not JsonArray list || list.Count <= rule.GetValue<int>(),
        "pattern" => !Is("string", value) || Regex.IsMatch(value!.GetValue<string>(), rule.GetValue<string>(), RegexOptions.None, TimeSpan.FromSeconds(1)),
        "minimum" => !Is("number", value) || value!.GetValue<double>() >= rule.GetValue<int>(),
        "maximum" => !Is("number", value) || value!.GetValue<double>() <= rule.GetValue<int>(),
        _ => Notes.Contains(keyword) ? true : throw new NotSupportedException(keyword),
    };

    private JsonNode Referenced(string pointer) => pointer.Split('/').Skip(1).Aggregate((JsonNode)root, (node, name) => node[name]!);

    private static bool Is(string type, JsonNode? value) => type switch
    {
        "null" => value is null,
        "object" => value is JsonObject,
        "array" => value is JsonArray,
        "string" => value is JsonValue text && text.TryGetValue<string>(out _),
        "boolean" => value is JsonValue truth && truth.TryGetValue<bool>(out _),
        "integer" => value is JsonValue number && number.TryGetValue<double>(out var exact) && exact == Math.Floor(exact),
        "number" => value is JsonValue number && number.TryGetValue<double>(out _),
        _ => throw new NotSupportedException(type),
    };

    private static JsonNode? Json(YamlNode node) => node switch
    {
        YamlMappingNode map => new JsonObject(map.Children.Select(c => KeyValuePair.Create(((YamlScalarNode)c.Key).Value!, Json(c.Value)))),
        YamlSequenceNode list => new JsonArray([.. list.Children.Select(Json)]),
        YamlScalarNode { Style: ScalarStyle.Plain } scalar => Plain(scalar.Value ?? ""),
        YamlScalarNode scalar => JsonValue.Create(scalar.Value),
        _ => null,
    };

    private static JsonValue? Plain(string text) => text switch
    {
        "" or "null" or "~" => null,
        "true" => JsonValue.Create(true),
        "false" => JsonValue.Create(false),
        _ when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => JsonValue.Create(number),
        _ => JsonValue.Create(text),
    };
}
