using System.Text.Json;
using Custodia.Kernel.Access;
using Custodia.Kernel.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Custodia.Server;

/// <summary>Adds to each operation what its endpoint says beyond its signature: permission, parameters, body and refusals.</summary>
internal static class ApiOperations
{
    public const string Bearer = "bearer";
    public const string Header = "token";

    public static async Task CompleteAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellation)
    {
        var said = context.Description.ActionDescriptor.EndpointMetadata;
        foreach (var parameter in operation.Parameters?.OfType<OpenApiParameter>().Where(p => p.In == ParameterLocation.Query) ?? [])
            parameter.Name = JsonNamingPolicy.CamelCase.ConvertName(parameter.Name ?? "");
        foreach (var parameter in said.OfType<DescribedParameter>()) (operation.Parameters ??= []).Add(Parameter(parameter));
        if (said.OfType<DescribedBody>().LastOrDefault() is { } body) await DescribeAsync(operation, context, body, cancellation);
        var document = context.Document ?? throw new InvalidOperationException("An operation without a document.");
        var needed = said.OfType<AccessRule>().LastOrDefault() as AccessRule.NeedsPermission;
        if (needed is not null) Protect(operation, document, needed.Permission);
        // An empty requirement: anybody, and said so.
        else operation.Security = [new OpenApiSecurityRequirement()];
        ApiProblems.AddTo(operation, document, [.. Refusals(operation, needed is not null), .. said.OfType<DescribedProblems>().SelectMany(p => p.Statuses)]);
    }

    private static OpenApiParameter Parameter(DescribedParameter said) => new()
    {
        Name = said.Name,
        In = ParameterLocation.Query,
        Description = said.Description,
        Schema = said.Format == "integer"
            ? new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int32" }
            : new OpenApiSchema { Type = JsonSchemaType.String, Format = said.Format },
    };

    private static async Task DescribeAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, DescribedBody body, CancellationToken cancellation)
    {
        var document = context.Document ?? throw new InvalidOperationException("An operation without a document.");
        var name = body.Shape.Name;
        document.AddComponent(name, await context.GetOrCreateSchemaAsync(body.Shape, null, cancellation));
        operation.RequestBody = new OpenApiRequestBody
        {
            Required = true,
            Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal)
            {
                [body.MediaType] = new OpenApiMediaType { Schema = new OpenApiSchemaReference(name, document) },
            },
        };
    }

    private static void Protect(OpenApiOperation operation, OpenApiDocument document, string permission)
    {
        operation.Security =
        [
            new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Bearer, document)] = [permission] },
            new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Header, document)] = [permission] },
        ];
        var needs = $"Needs the permission `{permission}`.";
        operation.Description = string.IsNullOrEmpty(operation.Description) ? needs : $"{needs} {operation.Description}";
    }

    /// <summary>What follows from the operation itself.</summary>
    private static IEnumerable<int> Refusals(OpenApiOperation operation, bool isProtected)
    {
        if (isProtected)
        {
            yield return StatusCodes.Status401Unauthorized;
            yield return StatusCodes.Status403Forbidden;
        }

        var parameters = operation.Parameters ?? [];
        if (operation.RequestBody is not null || parameters.Any(p => p.In != ParameterLocation.Path)) yield return StatusCodes.Status400BadRequest;
        if (parameters.Any(p => p.In == ParameterLocation.Path)) yield return StatusCodes.Status404NotFound;
        if (operation.RequestBody is not null)
        {
            yield return StatusCodes.Status413PayloadTooLarge;
            yield return StatusCodes.Status415UnsupportedMediaType;
        }

        yield return StatusCodes.Status429TooManyRequests;
    }
}
