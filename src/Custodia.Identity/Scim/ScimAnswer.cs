using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Custodia.Identity.Scim;

/// <summary>Answers in SCIM's media type.</summary>
internal sealed class ScimAnswer(JsonNode body, int status = StatusCodes.Status200OK, string? location = null, string? version = null) : IResult
{
    public const string MediaType = "application/scim+json";

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = status;
        response.ContentType = MediaType;
        response.Headers.CacheControl = "no-store";
        if (location is not null) response.Headers.Location = location;
        if (version is not null) response.Headers.ETag = version;
        await response.WriteAsync(body.ToJsonString(), httpContext.RequestAborted);
    }

    public static ScimAnswer Error(ScimFault fault)
    {
        var error = new JsonObject
        {
            ["schemas"] = new JsonArray(ScimSchemas.Error),
            ["status"] = fault.Status.ToString(CultureInfo.InvariantCulture),
            ["detail"] = fault.Message,
        };
        if (fault.Type is not null) error["scimType"] = fault.Type;
        return new ScimAnswer(error, fault.Status);
    }

    public static ScimAnswer List(IReadOnlyList<JsonObject> resources, int total, int startIndex) => new(new JsonObject
    {
        ["schemas"] = new JsonArray(ScimSchemas.List),
        ["totalResults"] = total,
        ["startIndex"] = startIndex,
        ["itemsPerPage"] = resources.Count,
        ["Resources"] = new JsonArray([.. resources]),
    });

    /// <summary>Turns faults into the standard's errors, for all endpoints of the group.</summary>
    public static async ValueTask<object?> FilterAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (ScimFault fault)
        {
            return Error(fault);
        }
        catch (BadHttpRequestException refused)
        {
            return Error(new ScimFault(refused.StatusCode, null, "The request is too large or cannot be read."));
        }
    }

    /// <summary>The body as a JSON object that is, if it says what it is, of this schema.</summary>
    public static async Task<JsonElement> BodyAsync(HttpContext http, string schema, CancellationToken cancellation)
    {
        var body = await BodyAsync(http, cancellation);
        foreach (var property in body.EnumerateObject().Where(p => p.Name.Equals("schemas", StringComparison.OrdinalIgnoreCase)))
        {
            var named = property.Value is { ValueKind: JsonValueKind.Array } list
                && list.EnumerateArray().Any(s => s.ValueKind == JsonValueKind.String && schema.Equals(s.GetString(), StringComparison.OrdinalIgnoreCase));
            if (!named) throw ScimFault.InvalidSyntax($"schemas is to contain {schema}.");
        }

        return body;
    }

    private static async Task<JsonElement> BodyAsync(HttpContext http, CancellationToken cancellation)
    {
        var type = http.Request.ContentType?.Split(';')[0].Trim().ToLowerInvariant();
        if (type is not (MediaType or "application/json")) throw new ScimFault(StatusCodes.Status415UnsupportedMediaType, null, $"The body is to be {MediaType}.");
        using var bytes = new System.IO.MemoryStream();
        await http.Request.Body.CopyToAsync(bytes, cancellation);
        using var document = UnicodeJson.Parse(bytes.GetBuffer().AsMemory(0, (int)bytes.Length), new JsonDocumentOptions { MaxDepth = 16, AllowDuplicateProperties = false });
        if (document is null) throw ScimFault.InvalidSyntax("The body is not valid JSON of Unicode text, each member once.");
        if (document.RootElement.ValueKind != JsonValueKind.Object) throw ScimFault.InvalidSyntax("The body is to be a JSON object.");
        if (Unstorable(document.RootElement, "") is { } path) throw ScimFault.InvalidValue($"{path}: holds a character that cannot be stored");
        return document.RootElement.Clone();
    }

    /// <summary>The path of a text with U+0000, which not every database stores; null when there is none.</summary>
    private static string? Unstorable(JsonElement value, string path) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!.Contains('\0', StringComparison.Ordinal) ? path : null,
        JsonValueKind.Array => value.EnumerateArray().Select(v => Unstorable(v, path)).FirstOrDefault(found => found is not null),
        JsonValueKind.Object => value.EnumerateObject().Select(p => Unstorable(p.Value, path.Length == 0 ? p.Name : $"{path}.{p.Name}")).FirstOrDefault(found => found is not null),
        _ => null,
    };
}

/// <summary>Names of the standard's schemas and messages.</summary>
internal static class ScimSchemas
{
    public const string User = "urn:ietf:params:scim:schemas:core:2.0:User";
    public const string Group = "urn:ietf:params:scim:schemas:core:2.0:Group";
    public const string List = "urn:ietf:params:scim:api:messages:2.0:ListResponse";
    public const string Error = "urn:ietf:params:scim:api:messages:2.0:Error";
    public const string Search = "urn:ietf:params:scim:api:messages:2.0:SearchRequest";
    public const string PatchOp = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
}
