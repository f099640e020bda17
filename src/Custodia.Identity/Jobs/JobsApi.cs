using System.Text.Json;
using Custodia.Identity.Administration;
using Custodia.Identity.Jobs.Exports;
using Custodia.Identity.Jobs.Imports;
using Custodia.Kernel.Access;
using Custodia.Kernel.Http;
using Custodia.Kernel.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Custodia.Identity.Jobs;

/// <summary><c>/api/v1/jobs</c>: imports and exports of users.</summary>
internal static class JobsApi
{
    public static void MapJobsApi(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/v1/jobs").WithTags("Jobs");
        api.MapGet("", ListAsync).RequirePermission(Permissions.UsersRead).Produces<ListAnswer<JobAnswer>>()
            .Describe("listUserJobs", "Imports and exports of users, newest first");
        api.MapPost("/imports", UploadAsync).RequirePermission(Permissions.UsersWrite, "jobs.upload").WhileOpen(AccountServices.Identity)
            .WithMetadata(new RequestSizeLimitAttribute(ImportUploads.MaxBytes + 1024)).Produces<JobAnswer>(StatusCodes.Status201Created)
            .Describe("uploadImport", "Takes a file of users in, as CSV (text/csv) or NDJSON (application/x-ndjson), for an import that is started afterwards", 404, 409, 413, 415)
            .DescribeBody(typeof(string), "text/csv");
        api.MapPost("/exports", ExportAsync).RequirePermission(Permissions.UsersRead, "jobs.export").Produces<JobAnswer>(StatusCodes.Status202Accepted)
            .Describe("exportUsers", "Starts an export of users to a file", 404);
        api.MapGet("/{id:guid}", GetAsync).RequirePermission(Permissions.UsersRead).Produces<JobAnswer>()
            .Describe("getUserJob", "A job and how far it is");
        api.MapGet("/{id:guid}/columns", ColumnsAsync).RequirePermission(Permissions.UsersWrite).Produces<ColumnsAnswer>()
            .Describe("getImportColumns", "The columns of an uploaded file and what they seem to mean", 409);
        api.MapPost("/{id:guid}/preview", PreviewAsync).RequirePermission(Permissions.UsersWrite, "jobs.preview").Produces<PreviewAnswer>()
            .Describe("previewImport", "What would become of the first rows; writes nothing", 409);
        api.MapPost("/{id:guid}/start", StartAsync).RequirePermission(Permissions.UsersWrite, "jobs.import").WhileOpen(AccountServices.Identity).Produces<JobAnswer>(StatusCodes.Status202Accepted)
            .Describe("startImport", "Starts the import of an uploaded file", 409);
        api.MapPost("/{id:guid}/cancel", CancelAsync).RequirePermission(Permissions.UsersWrite, "jobs.cancel").Produces<JobAnswer>()
            .Describe("cancelUserJob", "Stops a job; what it has done stays", 409);
        api.MapGet("/{id:guid}/findings", FindingsAsync).RequirePermission(Permissions.UsersRead).Produces<FindingsAnswer>()
            .Describe("listImportFindings", "Rows that broke a rule: line, field and rule, never the value");
        api.MapGet("/{id:guid}/report", ReportAsync).RequirePermission(Permissions.UsersRead).Produces<string>(contentType: "text/csv")
            .Describe("getImportReport", "The same as a CSV file");
        api.MapGet("/{id:guid}/file", FileAsync).RequirePermission(Permissions.UsersRead).Produces<string>(contentType: "text/csv")
            .Describe("getExportFile", "The file of an export, for whoever started it, within 24 hours", 409, 410);
    }

    private static async Task<IResult> ListAsync(
        HttpContext http, JobQueries jobs, UserQueries users, string? directory, string? cursor, int? limit, CancellationToken cancellation)
    {
        if (Cursor.Read(cursor, limit, out var before) is { } invalid) return invalid;
        var account = http.Caller().Account;
        Guid? of = null;
        if (!string.IsNullOrEmpty(directory))
        {
            if (await users.DirectoryAsync(account, directory, cancellation) is not { } found) return Problem.NotFound("directory");
            of = found.Id;
        }

        var wanted = limit ?? Cursor.DefaultLimit;
        var (page, next) = Cursor.Cut(await jobs.PageAsync(account, of, before, wanted, cancellation), wanted, j => j.Id);
        return Results.Ok(new ListAnswer<JobAnswer>(page, next));
    }

    private static async Task<IResult> UploadAsync(
        HttpContext http, UserQueries users, ImportUploads uploads, JobQueries jobs, string? directory, CancellationToken cancellation)
    {
        if (FormatOf(http.Request.ContentType) is not { } format) return Problem.Of(StatusCodes.Status415UnsupportedMediaType, "media-type", "A file as text/csv or application/x-ndjson is expected.");
        if (string.IsNullOrEmpty(directory)) return Problem.Invalid(("directory", "is required"));
        if (await users.DirectoryAsync(http.Caller().Account, directory, cancellation) is not { } found) return Problem.NotFound("directory");
        if (found.IsStaff) return Problem.Conflict("staff-directory", "Members of staff are created as sub-accounts.");
        return await uploads.TakeAsync(http, found, format, http.Request.Body, cancellation) switch
        {
            UploadOutcome.Taken taken => Results.Created($"/api/v1/jobs/{taken.Job.Id}", await jobs.AnswerAsync(taken.Job, cancellation)),
            UploadOutcome.Refused { Rule: "too-large" } => Problem.Of(StatusCodes.Status413PayloadTooLarge, "too-large", "The file is too large."),
            UploadOutcome.Refused refused => Problem.Invalid(("file", refused.Rule)),
            var other => throw new InvalidOperationException(other.GetType().Name),
        };
    }

    private static async Task<IResult> ExportAsync(HttpContext http, ExportRequest body, UserQueries users, ExportStart start, JobQueries jobs, CancellationToken cancellation)
    {
        if (await users.DirectoryAsync(http.Caller().Account, body.Directory, cancellation) is not { } directory) return Problem.NotFound("directory");
        return await start.StartAsync(http, directory, body, cancellation) switch
        {
            ExportOutcome.Started started => Results.Accepted($"/api/v1/jobs/{started.Job.Id}", await jobs.AnswerAsync(started.Job, cancellation)),
            ExportOutcome.NotOnWhitelist refused => Problem.Forbidden(
                "not-on-whitelist", "None of your roles is on the whitelist of this category.", ("category", Users.User.Category), ("whitelist", refused.Whitelist)),
            ExportOutcome.Invalid invalid => invalid.Findings.ToProblem(),
            var other => throw new InvalidOperationException(other.GetType().Name),
        };
    }

    private static async Task<IResult> GetAsync(HttpContext http, Guid id, JobQueries jobs, CancellationToken cancellation) =>
        await jobs.FindAsync(http.Caller().Account, id, cancellation) is { } job ? Results.Ok(await jobs.AnswerAsync(job, cancellation)) : Problem.NotFound("job");

    private static async Task<IResult> ColumnsAsync(HttpContext http, Guid id, JobQueries jobs, CancellationToken cancellation)
    {
        if (await jobs.FindAsync(http.Caller().Account, id, cancellation) is not { } job) return Problem.NotFound("job");
        return NotDraft(job) ?? Results.Ok(await jobs.ColumnsAsync(job, cancellation));
    }

    private static async Task<IResult> PreviewAsync(HttpContext http, Guid id, ImportPlan body, JobQueries jobs, CancellationToken cancellation)
    {
        if (await jobs.FindAsync(http.Caller().Account, id, cancellation) is not { } job) return Problem.NotFound("job");
        return NotDraft(job) ?? await WrongAsync(job, body, jobs, cancellation) ?? Results.Ok(await jobs.PreviewAsync(job, body, cancellation));
    }

    private static async Task<IResult> StartAsync(HttpContext http, Guid id, ImportPlan body, JobQueries jobs, JobQueue queue, CancellationToken cancellation)
    {
        if (await jobs.FindAsync(http.Caller().Account, id, cancellation) is not { } job) return Problem.NotFound("job");
        if ((NotDraft(job) ?? await WrongAsync(job, body, jobs, cancellation)) is { } refused) return refused;
        if (!await queue.StartAsync(id, JsonSerializer.Serialize(body, JobJson.Options), cancellation)) return Problem.Conflict("not-draft", "The import has been started already.");
        return Results.Accepted($"/api/v1/jobs/{id}", await jobs.AnswerAsync((await jobs.FindAsync(job.Account, id, cancellation))!, cancellation));
    }

    private static async Task<IResult> CancelAsync(HttpContext http, Guid id, JobQueries jobs, JobQueue queue, CancellationToken cancellation)
    {
        if (await jobs.FindAsync(http.Caller().Account, id, cancellation) is null) return Problem.NotFound("job");
        return await queue.CancelAsync(id, cancellation) ? await GetAsync(http, id, jobs, cancellation) : Problem.Conflict("over", "The job is over.");
    }

    private static async Task<IResult> FindingsAsync(HttpContext http, Guid id, JobQueries jobs, int? after, int? limit, CancellationToken cancellation)
    {
        if (limit is < 1 or > 1000) return Problem.Invalid(("limit", "1 to 1000"));
        if (await jobs.FindAsync(http.Caller().Account, id, cancellation) is null) return Problem.NotFound("job");
        var wanted = limit ?? 100;
        var found = await jobs.FindingsAsync(id, after ?? 0, wanted + 1, cancellation);
        return Results.Ok(new FindingsAnswer([.. found.Take(wanted)], found.Count > wanted ? (after ?? 0) + wanted : null));
    }

    private static async Task<IResult> ReportAsync(HttpContext http, Guid id, JobQueries jobs, CancellationToken cancellation) =>
        await jobs.FindAsync(http.Caller().Account, id, cancellation) is { } job ? JobDownloads.Report(job, jobs) : Problem.NotFound("job");

    private static async Task<IResult> FileAsync(HttpContext http, Guid id, JobQueries jobs, JobDownloads downloads, CancellationToken cancellation)
    {
        if (await jobs.FindAsync(http.Caller().Account, id, cancellation) is not { Kind: JobKind.Export } job) return Problem.NotFound("job");
        return await downloads.FileAsync(http, job, cancellation);
    }

    private static FileFormat? FormatOf(string? contentType) => contentType?.Split(';')[0].Trim().ToLowerInvariant() switch
    {
        "text/csv" => FileFormat.Csv,
        "application/x-ndjson" or "application/ndjson" or "application/jsonl" => FileFormat.Ndjson,
        _ => null,
    };

    private static IResult? NotDraft(Job job) => job is { Kind: JobKind.Import, Status: JobStatus.Draft } ? null : Problem.Conflict("not-draft", "The import has been started already.");

    private static async Task<IResult?> WrongAsync(Job job, ImportPlan plan, JobQueries jobs, CancellationToken cancellation)
    {
        var columns = await jobs.ColumnsAsync(job, cancellation);
        var findings = ImportPlanRules.Check(plan, columns.Columns.ToHashSet(StringComparer.Ordinal)).ToArray();
        return findings.Length == 0 ? null : Problem.Invalid(findings);
    }
}

/// <param name="NextAfter">Goes into <c>after</c> for the next page; null on the last.</param>
internal sealed record FindingsAnswer(IReadOnlyList<FindingAnswer> Items, int? NextAfter);
