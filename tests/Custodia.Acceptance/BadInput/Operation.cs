using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Custodia.Kernel.Access;
using Custodia.Testing;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Acceptance.BadInput;

/// <summary>An operation as the running server has it: from its endpoint, with the shape of the body from its description.</summary>
/// <param name="Parameters">Names of the query parameters.</param>
/// <param name="Body">JSON schema of the body, references resolved; null without a body.</param>
internal sealed partial record Operation(string Method, string Path, RouteEndpoint Endpoint, IReadOnlyList<string> Parameters, string? MediaType, JsonObject? Body, bool BodyRequired)
{
    public AccessRule.NeedsPermission? Needs => Endpoint.Metadata.GetMetadata<AccessRule>() as AccessRule.NeedsPermission;

    public bool HasIds => Path.Contains('{', StringComparison.Ordinal);

    public bool TakesJson => MediaType == "application/json";

    public override string ToString() => $"{Method} {Path}";

    /// <summary>Every endpoint below <c>/api/v1</c>; one that the description does not know is a failure.</summary>
    public static async Task<IReadOnlyList<Operation>> AllAsync(CustodiaServer server)
    {
        var document = JsonNode.Parse(await server.Client().GetStringAsync("/openapi/v1.json"))!.AsObject();
        var endpoints = server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.RoutePattern.RawText?.TrimStart('/').StartsWith("api/", StringComparison.Ordinal) == true);
        var operations = endpoints.SelectMany(e => e.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods.Select(m => Of(document, e, m))).ToArray();
        operations.Length.ShouldBeGreaterThan(60);
        return operations;
    }

    /// <summary>The path with something in the place of each id; given are its name and its rule, e.g. <c>guid</c>.</summary>
    public string With(Func<string, string?, string> id) => "/" + ParameterPattern().Replace(
        Endpoint.RoutePattern.RawText!.Trim('/'),
        match => id(match.Groups["name"].Value, match.Groups["rule"].Success ? match.Groups["rule"].Value : null));

    private static Operation Of(JsonObject document, RouteEndpoint endpoint, string method)
    {
        var path = "/" + ParameterPattern().Replace(endpoint.RoutePattern.RawText!.Trim('/'), m => $"{{{m.Groups["name"].Value}}}");
        var described = document["paths"]?[path]?[method.ToLowerInvariant()] ?? throw new InvalidOperationException($"{method} {path} is not described in /openapi/v1.json.");
        string[] parameters = [.. (described["parameters"]?.AsArray() ?? []).Where(p => p!["in"]!.GetValue<string>() == "query").Select(p => p!["name"]!.GetValue<string>())];
        if (described["requestBody"]?["content"]?.AsObject().FirstOrDefault() is not { Key: not null } content) return new Operation(method, path, endpoint, parameters, null, null, false);
        var required = described["requestBody"]?["required"]?.GetValue<bool>() == true;
        return new Operation(method, path, endpoint, parameters, content.Key, Resolve(document, content.Value!["schema"]!), required);
    }

    private static JsonObject Resolve(JsonObject document, JsonNode schema)
    {
        if (schema["$ref"]?.GetValue<string>() is { } reference) return Resolve(document, reference.Split('/').Skip(1).Aggregate((JsonNode)document, (node, name) => node[name]!));
        if (schema["oneOf"] is JsonArray choices) return Resolve(document, choices.First(c => c!["type"]?.ToString() != "null")!);
        var own = schema.DeepClone().AsObject();
        foreach (var (name, value) in own["properties"]?.AsObject().ToArray() ?? [])
        {
            if (value?["$ref"] is not null || value?["oneOf"] is not null) own["properties"]![name] = Resolve(document, value);
        }

        return own;
    }

    [GeneratedRegex(@"\{(?<name>[A-Za-z]+)(:(?<rule>[a-z]+))?\}", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex ParameterPattern();
}
