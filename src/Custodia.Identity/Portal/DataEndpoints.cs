using System.Globalization;
using Custodia.Console;
using Custodia.Identity.Logs;
using Custodia.Kernel.Deletion;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Custodia.Identity.Portal;

/// <summary>A person takes along everything that is held about them, from every service.</summary>
internal static class DataEndpoints
{
    public static void MapData(this RouteGroupBuilder portal)
    {
        portal.MapGet("/data", Show);
        portal.MapGet("/data/export.json", JsonAsync);
        portal.MapGet("/data/export.html", HtmlAsync);
    }

    private static IResult Show(HttpContext http) => View.Show<DataPage>(new PortalForm(http.Live().Directory, new FormState()));

    private static async Task JsonAsync(HttpContext http, SubjectExport export, UserOperations operations, TimeProvider time, CancellationToken cancellation)
    {
        var subject = await BeginAsync(http, operations, time, "json", cancellation);
        http.Response.ContentType = "application/json; charset=utf-8";
        await export.WriteJsonAsync(subject, http.Response.Body, cancellation);
    }

    private static async Task HtmlAsync(HttpContext http, SubjectExport export, UserOperations operations, TimeProvider time, CancellationToken cancellation)
    {
        var subject = await BeginAsync(http, operations, time, "html", cancellation);
        http.Response.ContentType = "text/html; charset=utf-8";
        await export.WriteHtmlAsync(subject, http.Response.Body, cancellation);
    }

    // The record first, so that the export holds it too.
    private static async Task<Subject> BeginAsync(HttpContext http, UserOperations operations, TimeProvider time, string extension, CancellationToken cancellation)
    {
        var live = http.Live();
        await operations.RecordAsync(http, live.Directory, live.User.Id, OperationResult.DataExported, cancellation);
        var day = time.GetUtcNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        http.Response.Headers.ContentDisposition = $"attachment; filename=\"{live.Directory.Name}-{day}.{extension}\"";
        http.Response.Headers.CacheControl = "no-store";
        return new Subject(live.User.Account, live.User.Id);
    }
}
