using Custodia.Kernel.Access;
using Custodia.Kernel.Http;
using Microsoft.AspNetCore.Http;
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
        var ended = context.ProblemDetails.Type == Problem.Type(ServiceAccess.Ended);
        var page = Page.With<ProblemPage>(status, new
        {
            StatusCode = status,
            Reference = Reference(http),
            Title = ended ? Texts.Of("Error_ServiceEnded_Title") : null,
            Text = ended ? Texts.Of("Error_ServiceEnded_Text") : null,
        });
        return new(page.ExecuteAsync(http));
    }

    private static bool WantsHtml(HttpRequest request) =>
        MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var accepted)
        && accepted.Any(a => a.MediaType.Equals("text/html", StringComparison.OrdinalIgnoreCase));

    private static string Reference(HttpContext http) =>
        http.Features.Get<RequestFacts>()?.RequestId ?? http.TraceIdentifier;
}
