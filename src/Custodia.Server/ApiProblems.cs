using System.Globalization;
using Microsoft.OpenApi;

namespace Custodia.Server;

/// <summary>How the API refuses: one schema and one response a status, shared by all operations.</summary>
internal static class ApiProblems
{
    private const string Schema = "Problem";

    private static readonly Dictionary<int, (string Id, string Description)> Known = new()
    {
        [400] = ("Invalid", "A field or parameter is not valid; `errors` names every one and the rules it broke. Nothing is stored."),
        [401] = ("Unauthenticated", "There is no access token, or not a valid one."),
        [403] = ("Forbidden", "The permission, or the role on the category's whitelist, is missing; the problem names it."),
        [404] = ("NotFound", "There is no such thing, or it is another account's."),
        [409] = ("Conflict", "The state does not allow it; `type` says why."),
        [410] = ("Gone", "The key of the value was destroyed: the value is gone."),
        [413] = ("TooLarge", "The body is larger than the operation takes."),
        [415] = ("MediaType", "The media type of the body is not supported."),
        [422] = ("Refused", "The content is refused; every finding is listed."),
        [429] = ("TooManyRequests", "Too many requests; wait for `Retry-After` seconds."),
    };

    public static void AddTo(OpenApiComponents components)
    {
        components.Schemas ??= new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal);
        components.Schemas[Schema] = new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Description = "Problem details (RFC 9457). Some types carry more members, e.g. `permission`, `whitelist`, `findings`.",
            Required = new HashSet<string>(StringComparer.Ordinal) { "type", "title", "status", "requestId" },
            Properties = new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal)
            {
                ["type"] = new OpenApiSchema { Type = JsonSchemaType.String, Format = "uri", Description = "`urn:custodia:problem:CODE`; stable." },
                ["title"] = new OpenApiSchema { Type = JsonSchemaType.String },
                ["status"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int32" },
                ["requestId"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "Finds the call in the logs; also in the header `X-Request-Id`." },
                ["errors"] = new OpenApiSchema
                {
                    Type = JsonSchemaType.Object,
                    Description = "Field or parameter, and the rules it broke.",
                    AdditionalProperties = new OpenApiSchema { Type = JsonSchemaType.Array, Items = new OpenApiSchema { Type = JsonSchemaType.String } },
                },
            },
            AdditionalPropertiesAllowed = true,
        };
        components.Responses ??= new Dictionary<string, IOpenApiResponse>(StringComparer.Ordinal);
        foreach (var (_, (id, description)) in Known) components.Responses[id] = Response(id, description);
    }

    /// <exception cref="KeyNotFoundException">The API has no problem of this status.</exception>
    public static void AddTo(OpenApiOperation operation, OpenApiDocument document, IEnumerable<int> statuses)
    {
        operation.Responses ??= [];
        foreach (var status in statuses.Distinct().Order())
            operation.Responses[status.ToString(CultureInfo.InvariantCulture)] = new OpenApiResponseReference(Known[status].Id, document);
    }

    private static OpenApiResponse Response(string id, string description)
    {
        var response = new OpenApiResponse
        {
            Description = description,
            Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal)
            {
                ["application/problem+json"] = new OpenApiMediaType { Schema = new OpenApiSchemaReference(Schema) },
            },
        };
        if (id == "TooManyRequests")
        {
            response.Headers = new Dictionary<string, IOpenApiHeader>(StringComparer.Ordinal)
            {
                ["Retry-After"] = new OpenApiHeader { Description = "Seconds.", Schema = new OpenApiSchema { Type = JsonSchemaType.Integer } },
            };
        }

        return response;
    }
}
