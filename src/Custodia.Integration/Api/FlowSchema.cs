using System.Text.Json.Nodes;
using Custodia.Integration.Connectors;
using Custodia.Kernel.Access;
using Custodia.Kernel.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Custodia.Integration.Api;

/// <summary>The shape of a flow as JSON Schema 2020-12, with the operations of this server: <c>/api/v1/schemas/flow</c>.</summary>
internal static class FlowSchema
{
    public static void MapFlowSchema(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/v1/schemas/flow", Get).WithTags("Integration").AllowAnyone("The language of flows is public; editors read it")
            .Produces<JsonObject>(contentType: "application/schema+json").Describe("getFlowSchema", "The language of flows as JSON Schema 2020-12");

    private static IResult Get(OperationCatalogue operations) => Results.Json(Of(operations), contentType: "application/schema+json");

    private static JsonObject Of(OperationCatalogue operations) => new()
    {
        ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
        ["title"] = "Flow",
        ["type"] = "object",
        ["required"] = new JsonArray("flow", "name", "steps"),
        ["additionalProperties"] = false,
        ["properties"] = JsonNode.Parse("""
            {
              "flow": { "const": 1 },
              "name": { "$ref": "#/$defs/name" },
              "description": { "type": "string" },
              "mode": { "enum": ["durable", "express"], "default": "durable" },
              "logLevel": { "enum": ["debug", "info", "warning", "error", "off"] },
              "trigger": {
                "oneOf": [
                  { "type": "object", "required": ["event"], "additionalProperties": false, "properties": { "event": { "type": "string" } } },
                  { "type": "object", "required": ["http"], "additionalProperties": false, "properties": { "http": { "$ref": "#/$defs/http" } } }
                ]
              },
              "steps": { "$ref": "#/$defs/steps" }
            }
            """),
        ["$defs"] = Definitions(operations),
    };

    private static JsonNode Definitions(OperationCatalogue operations)
    {
        var definitions = JsonNode.Parse("""
            {
              "name": { "type": "string", "pattern": "^[A-Za-z0-9_-]{1,60}$" },
              "http": {
                "type": "object", "required": ["path"], "additionalProperties": false,
                "properties": {
                  "method": { "enum": ["GET", "POST", "PUT", "PATCH", "DELETE"], "default": "POST" },
                  "path": { "type": "string", "pattern": "^[a-z0-9][a-z0-9/-]{0,199}$" },
                  "answer": { "enum": ["sync", "accepted"], "default": "sync" },
                  "access": { "enum": ["token", "anyone"], "default": "token" }
                }
              },
              "steps": { "type": "array", "maxItems": 500, "items": { "$ref": "#/$defs/step" } },
              "step": {
                "oneOf": [
                  { "type": "object", "required": ["set"], "additionalProperties": false, "properties": { "id": { "$ref": "#/$defs/name" }, "set": { "type": "object" } } },
                  { "type": "object", "required": ["choice"], "additionalProperties": false, "properties": { "id": { "$ref": "#/$defs/name" }, "choice": { "type": "array", "minItems": 1, "items": { "$ref": "#/$defs/branch" } } } },
                  { "type": "object", "required": ["log"], "additionalProperties": false, "properties": { "id": { "$ref": "#/$defs/name" }, "log": {
                    "type": "object", "required": ["category"], "additionalProperties": false,
                    "properties": { "level": { "enum": ["debug", "info", "warning", "error"] }, "category": { "$ref": "#/$defs/name" } } } } },
                  { "type": "object", "required": ["respond"], "additionalProperties": false, "properties": { "id": { "$ref": "#/$defs/name" }, "respond": {
                    "type": "object", "additionalProperties": false, "properties": { "status": { "type": "integer", "minimum": 200, "maximum": 599 }, "body": {} } } } },
                  { "$ref": "#/$defs/call" }
                ]
              },
              "branch": {
                "type": "object", "required": ["steps"], "additionalProperties": false,
                "oneOf": [{ "required": ["when"] }, { "required": ["otherwise"] }],
                "properties": { "when": { "type": ["string", "boolean"] }, "otherwise": { "const": true }, "steps": { "$ref": "#/$defs/steps" } }
              },
              "duration": { "type": "string", "pattern": "^[0-9]{1,7}(ms|s|m)$" },
              "retry": {
                "type": "object", "additionalProperties": false,
                "properties": { "times": { "type": "integer", "minimum": 0, "maximum": 5 }, "backoff": { "$ref": "#/$defs/duration" } }
              }
            }
            """)!;
        definitions["call"] = new JsonObject { ["oneOf"] = new JsonArray([.. operations.Shapes.Select(Call)]) };
        return definitions;
    }

    private static JsonObject Call(OperationShape shape)
    {
        var inputs = new JsonObject();
        // An expression may stand for any value.
        foreach (var input in shape.Inputs) inputs[input.Name] = input.Kind == InputKind.Any ? new JsonObject() : new JsonObject { ["type"] = input.Kind == InputKind.Text ? "string" : new JsonArray(TypeOf(input.Kind), "string") };
        return new JsonObject
        {
            ["type"] = "object",
            ["required"] = new JsonArray("call"),
            ["additionalProperties"] = false,
            ["properties"] = new JsonObject
            {
                ["id"] = Reference("name"),
                ["call"] = new JsonObject { ["const"] = shape.Name },
                ["with"] = new JsonObject
                {
                    ["type"] = "object",
                    ["required"] = new JsonArray([.. shape.Inputs.Where(i => i.Mandatory).Select(i => (JsonNode)i.Name)]),
                    ["additionalProperties"] = false,
                    ["properties"] = inputs,
                },
                ["into"] = Reference("name"),
                ["timeout"] = Reference("duration"),
                ["retry"] = Reference("retry"),
            },
        };
    }

    private static JsonObject Reference(string name) => new() { ["$ref"] = $"#/$defs/{name}" };

    private static string TypeOf(InputKind kind) => kind switch
    {
        InputKind.Number => "number",
        InputKind.Boolean => "boolean",
        InputKind.Object => "object",
        _ => "string",
    };
}
