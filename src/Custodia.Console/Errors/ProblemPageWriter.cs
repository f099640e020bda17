using Custodia.Kernel.Access;
using Custodia.Kernel.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;

namespace Custodia.Console;

/// <summary>
/// Answers a browser with <see cref="ProblemPage"/> wherever the server would send a problem document: exceptions,
/// bare status codes and problem results alike. Programs, and everything below <c>/api</c>, get the document.
/// </summary>
internal sealed class ProblemPageWriter : IProblemDetailsWriter
{
    public bool CanWrite(ProblemDetailsContext context)
    {
        var request = context.HttpContext.Request;
        return !request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase) && WantsHtml(request);
    }

    public ValueTask WriteAsync(ProblemDetailsContext context)
    {
        var http = context.HttpContext;
        var status = context.ProblemDetails.Status ?? http.Response.StatusCode;
        http.Response.Headers.CacheControl = "no-store";
        // Title and detail are written for programs and in English; people get our own words in their language.
        var known = context.ProblemDetails.Type == Problem.Type(ServiceAccess.Ended) ? "ServiceEnded" : IsOfForm(context.ProblemDetails) ? "Form" : null;
        var page = Page.With<ProblemPage>(status, new
        {
            StatusCode = status,
            Reference = Reference(http),
            Title = known is null ? null : Texts.Of($"Error_{known}_Title"),
            Text = known is null ? null : Texts.Of($"Error_{known}_Text"),
            SignIn = status == StatusCodes.Status401Unauthorized ? SignInPath(http) : null,
        });
        return new(page.ExecuteAsync(http));
    }

    // RequestErrors says so of a form whose token is missing, too old or somebody else's.
    private static bool IsOfForm(ProblemDetails problem) =>
        problem.Extensions.TryGetValue("errors", out var errors) && errors is IDictionary<string, string[]> fields && fields.ContainsKey("form");

    private static string? SignInPath(HttpContext http) =>
        http.GetEndpoint()?.Metadata.GetMetadata<AccessRule>() is { } rule ? http.RequestServices.GetServices<ICallerResolver>().FirstOrDefault()?.SignInPath(http, rule) : null;

    private static bool WantsHtml(HttpRequest request) =>
        MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var accepted)
        && accepted.Any(a => a.MediaType.Equals("text/html", StringComparison.OrdinalIgnoreCase));

    private static string Reference(HttpContext http) =>
        http.Features.Get<RequestFacts>()?.RequestId ?? http.TraceIdentifier;
}
