using Microsoft.AspNetCore.Http;

namespace Custodia.Identity.Scim;

/// <summary>
/// Everything below <c>/scim</c> that is refused before an endpoint runs (401, 403, 429, 500) in the standard's own form, too
/// (RFC 7644, section 3.12): who provisions people reads no other.
/// </summary>
internal sealed class ScimProblemWriter : IProblemDetailsWriter
{
    public bool CanWrite(ProblemDetailsContext context) =>
        context.HttpContext.Request.Path.StartsWithSegments("/scim", StringComparison.OrdinalIgnoreCase);

    public ValueTask WriteAsync(ProblemDetailsContext context)
    {
        var problem = context.ProblemDetails;
        var fault = new ScimFault(problem.Status ?? context.HttpContext.Response.StatusCode, null, problem.Detail ?? problem.Title ?? "The request failed.");
        return new(ScimAnswer.Error(fault).ExecuteAsync(context.HttpContext));
    }
}
