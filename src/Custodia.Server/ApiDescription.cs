using System.Text.Json.Serialization.Metadata;
using Custodia.Kernel.Access;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Custodia.Server;

/// <summary><c>/openapi/v1.json</c>: the administrative API as OpenAPI describes it.</summary>
internal static class ApiDescription
{
    public static void AddApiDescription(this IServiceCollection services) =>
        services.AddOpenApi("v1", options =>
        {
            options.ShouldInclude = static operation => operation.RelativePath?.StartsWith("api/v1/", StringComparison.OrdinalIgnoreCase) == true;
            options.CreateSchemaReferenceId = static type => ListName(type) ?? OpenApiOptions.CreateDefaultSchemaReferenceId(type);
            options.AddDocumentTransformer(static (document, _, _) =>
            {
                Introduce(document);
                return Task.CompletedTask;
            });
            options.AddOperationTransformer(ApiOperations.CompleteAsync);
        });

    public static void MapApiDescription(this IEndpointRouteBuilder routes) =>
        routes.MapOpenApi("/openapi/{documentName}.json").AllowAnyone("Description of the API");

    private static void Introduce(OpenApiDocument document)
    {
        document.Info = new OpenApiInfo
        {
            Title = "Custodia administrative API",
            Version = "v1",
            Description =
                """
                Errors are RFC 9457 problem details; `type` is stable and `requestId` finds the call in the logs.
                Lists page by cursor (`?cursor=&limit=`) and say `nextCursor`, which is null on the last page.
                What stands behind the name of a security scheme is the permission that the operation needs.
                """,
            License = new OpenApiLicense { Name = "Apache-2.0", Identifier = "Apache-2.0" },
        };
        // The address under which this document is read is not part of it.
        document.Servers = [new OpenApiServer { Url = "/" }];
        document.Tags = new HashSet<OpenApiTag>(document.Tags?.OrderBy(t => t.Name, StringComparer.Ordinal) ?? Enumerable.Empty<OpenApiTag>());
        var components = document.Components ??= new OpenApiComponents();
        ApiProblems.AddTo(components);
        components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal)
        {
            [ApiOperations.Bearer] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                BearerFormat = "JWT",
                Description = "An access token of the staff directory's issuer (client_credentials at /d/staff/token).",
            },
            [ApiOperations.Header] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.ApiKey,
                In = ParameterLocation.Header,
                Name = "X-Auth-Token",
                Description = "The same access token, for clients that cannot set Authorization.",
            },
        };
    }

    /// <summary>A page of users is a <c>UserList</c>, not a <c>ListAnswerOfUserAnswer</c>.</summary>
    private static string? ListName(JsonTypeInfo type)
    {
        if (!type.Type.IsGenericType || !type.Type.Name.StartsWith("ListAnswer`", StringComparison.Ordinal)) return null;
        var item = type.Type.GetGenericArguments()[0].Name;
        foreach (var tail in new[] { "Answer", "Item" })
        {
            if (item.EndsWith(tail, StringComparison.Ordinal)) return item[..^tail.Length] + "List";
        }

        return item + "List";
    }
}
