using Custodia.Kernel.Access;
using Microsoft.OpenApi;

namespace Custodia.Server;

/// <summary><c>/openapi/v1.json</c>: the administrative API as OpenAPI describes it.</summary>
internal static class ApiDescription
{
    private const string Scheme = "bearer";

    public static void AddApiDescription(this IServiceCollection services) =>
        services.AddOpenApi("v1", options =>
        {
            options.ShouldInclude = static operation => operation.RelativePath?.StartsWith("api/v1/", StringComparison.OrdinalIgnoreCase) == true;
            options.AddDocumentTransformer(static (document, _, _) =>
            {
                document.Info = new OpenApiInfo
                {
                    Title = "Custodia administrative API",
                    Version = "v1",
                    Description = "Errors are RFC 9457 problem details. Lists page by cursor (?cursor=&limit=) and say nextCursor.",
                };
                // The address under which this document is read is not part of it.
                document.Servers?.Clear();
                document.Components ??= new OpenApiComponents();
                document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal);
                document.Components.SecuritySchemes[Scheme] = new OpenApiSecurityScheme
                {
                    Type = SecuritySchemeType.Http,
                    Scheme = "bearer",
                    BearerFormat = "JWT",
                    Description = "An access token from the staff directory's issuer; X-Auth-Token carries it as well.",
                };
                return Task.CompletedTask;
            });
            options.AddOperationTransformer(static (operation, context, _) =>
            {
                if (context.Description.ActionDescriptor.EndpointMetadata.OfType<AccessRule>().LastOrDefault() is AccessRule.NeedsPermission needed)
                {
                    operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Scheme, context.Document)] = [needed.Permission] }];
                }

                return Task.CompletedTask;
            });
        });

    public static void MapApiDescription(this IEndpointRouteBuilder routes) =>
        routes.MapOpenApi("/openapi/{documentName}.json").AllowAnyone("Description of the API");
}
