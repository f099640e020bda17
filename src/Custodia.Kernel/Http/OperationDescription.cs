using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Custodia.Kernel.Http;

/// <summary>
/// What <c>/openapi/v1.json</c> says of an operation beyond the signature of its handler. Every operation below <c>/api/v1</c> says it;
/// refusals that follow from the access rule, the body and the parameters are added by themselves.
/// </summary>
public static class OperationDescription
{
    /// <param name="id">Name of the operation for generated clients, camelCase; unique and never changed.</param>
    /// <param name="summary">One line.</param>
    /// <param name="problems">Statuses of problems that only this operation answers, e.g. 409.</param>
    public static TBuilder Describe<TBuilder>(this TBuilder endpoint, string id, string summary, params int[] problems)
        where TBuilder : IEndpointConventionBuilder
    {
        endpoint.WithName(id).WithSummary(summary).WithMetadata(new DescribedProblems(problems));
        return endpoint;
    }

    /// <summary>Query parameters that the handler reads itself.</summary>
    public static TBuilder DescribeParameters<TBuilder>(this TBuilder endpoint, params DescribedParameter[] parameters)
        where TBuilder : IEndpointConventionBuilder
    {
        endpoint.WithMetadata([.. parameters]);
        return endpoint;
    }

    /// <summary>The body where the handler reads it itself, or takes it in a form that does not show its shape.</summary>
    public static TBuilder DescribeBody<TBuilder>(this TBuilder endpoint, Type shape, string mediaType = "application/json")
        where TBuilder : IEndpointConventionBuilder
    {
        endpoint.WithMetadata(new DescribedBody(shape, mediaType));
        return endpoint;
    }
}

public sealed record DescribedProblems(IReadOnlyList<int> Statuses);

/// <param name="Format">Of OpenAPI, e.g. <c>date-time</c>; <c>integer</c> for whole numbers; null: any text.</param>
public sealed record DescribedParameter(string Name, string Description, string? Format = null);

public sealed record DescribedBody(Type Shape, string MediaType);
