using System.Globalization;
using System.Text;
using Custodia.Kernel.Access;
using Custodia.Kernel.Http;
using Microsoft.AspNetCore.Http;

namespace Custodia.Identity.Jobs;

/// <summary>Files that leave: the report of an import, the result of an export.</summary>
internal sealed class JobDownloads(JobFiles files, JobCallers callers)
{
    private const int ReportPage = 1000;

    public static IResult Report(Job job, JobQueries jobs) => Results.Stream(
        async body =>
        {
            await body.WriteAsync("line,field,rule\r\n"u8.ToArray());
            for (var after = 0; ; after += ReportPage)
            {
                var page = await jobs.FindingsAsync(job.Id, after, ReportPage, CancellationToken.None);
                var text = string.Concat(page.Select(f => string.Create(CultureInfo.InvariantCulture, $"{f.Line},{f.Field},{f.Rule}\r\n")));
                await body.WriteAsync(Encoding.UTF8.GetBytes(text));
                if (page.Count < ReportPage) return;
            }
        },
        "text/csv; charset=utf-8",
        $"job-{job.Id:N}-report.csv");

    /// <summary>The export's file, for whoever started it and is on record as having opened what is in it.</summary>
    public async Task<IResult> FileAsync(HttpContext http, Job job, CancellationToken cancellation)
    {
        if (!job.IsOver) return Problem.Conflict("not-done", "The export is not done.");
        var owner = await callers.OpenAsync(job, cancellation);
        if (!job.HasFile || job.Status != JobStatus.Done || owner is null) return Problem.Of(StatusCodes.Status410Gone, "expired", "The file has been deleted.");
        var caller = http.Caller();
        if (owner.Caller.Person != caller.Person || owner.Caller.Name != caller.Name)
            return Problem.Forbidden("not-yours", "Only whoever started an export may fetch its file.");
        http.Response.Headers.CacheControl = "no-store";
        var csv = job.Format == FileFormat.Csv;
        return Results.Stream(
            files.Open(job),
            csv ? "text/csv; charset=utf-8" : "application/x-ndjson",
            $"users-{job.Id:N}.{(csv ? "csv" : "ndjson")}");
    }
}
