using System.Text.Json;
using Custodia.Console;
using Custodia.Identity.Administration;
using Custodia.Identity.Groups;
using Custodia.Identity.Jobs.Exports;
using Custodia.Identity.Jobs.Imports;
using Custodia.Kernel.Access;
using Custodia.Kernel.Http;
using Custodia.Kernel.Policy;
using Custodia.Kernel.Storage;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Jobs;

/// <summary><c>/console/user-jobs</c>.</summary>
internal static class JobPages
{
    private const string Home = "/console/user-jobs";
    private const int PageSize = 50;
    private const int ShownFindings = 100;

    public static void MapJobPages(this IEndpointRouteBuilder routes)
    {
        var pages = routes.MapGroup(Home).ExcludeFromDescription();
        pages.MapGet("", ListAsync).RequirePermission(Permissions.UsersRead);
        pages.MapGet("/import", NewImportAsync).RequirePermission(Permissions.UsersWrite);
        pages.MapPost("/import", UploadAsync).RequirePermission(Permissions.UsersWrite, "jobs.upload").WhileOpen(AccountServices.Identity)
            .WithMetadata(new RequestSizeLimitAttribute(ImportUploads.MaxBytes + (64 * 1024)));
        pages.MapGet("/export", NewExportAsync).RequirePermission(Permissions.UsersRead);
        pages.MapPost("/export", ExportAsync).RequirePermission(Permissions.UsersRead, "jobs.export");
        pages.MapGet("/{id:guid}", ShowAsync).RequirePermission(Permissions.UsersRead);
        pages.MapPost("/{id:guid}", PlanAsync).RequirePermission(Permissions.UsersWrite, "jobs.import").WhileOpen(AccountServices.Identity);
        pages.MapPost("/{id:guid}/cancel", CancelAsync).RequirePermission(Permissions.UsersWrite, "jobs.cancel");
        pages.MapGet("/{id:guid}/report", ReportAsync).RequirePermission(Permissions.UsersRead);
        pages.MapGet("/{id:guid}/file", FileAsync).RequirePermission(Permissions.UsersRead);
    }

    private static async Task<IResult> ListAsync(HttpContext http, JobQueries jobs, UserQueries users, string? directory, string? cursor, CancellationToken cancellation)
    {
        if (Cursor.Read(cursor, null, out var before) is { } invalid) return invalid;
        var account = http.Caller().Account;
        var directories = await users.DirectoriesAsync(account, cancellation);
        Guid? of = null;
        if (!string.IsNullOrEmpty(directory))
        {
            if (directories.Find(d => d.Name == directory) is not { } found) return Problem.NotFound("directory");
            of = found.Id;
        }

        var (page, next) = Cursor.Cut(await jobs.PageAsync(account, of, before, PageSize, cancellation), PageSize, j => j.Id);
        var older = next is null ? null : $"{Home}?directory={directory}&cursor={next}";
        return View.Show<JobsPage>(new JobsModel(directories, page, older, http.Caller().Can(Permissions.UsersWrite)));
    }

    private static async Task<IResult> NewImportAsync(HttpContext http, UserQueries users, CancellationToken cancellation) =>
        View.Show<ImportPage>(new ImportModel(await users.DirectoriesAsync(http.Caller().Account, cancellation), new FormState()));

    private static async Task<IResult> UploadAsync(HttpContext http, IAntiforgery antiforgery, UserQueries users, ImportUploads uploads, CancellationToken cancellation)
    {
        var posted = new ImportUploadForm(http, antiforgery);
        var file = await posted.ReadToFileAsync(cancellation);
        var form = new FormState([new("directory", posted["directory"])]);
        if (await users.DirectoryAsync(http.Caller().Account, posted["directory"], cancellation) is not { IsStaff: false } directory) form.Fail("directory", Texts.Rule("unknown-value"));
        else if (file is null) form.Fail("file", JobTexts.Of("Failure_missing"));
        else
        {
            var isCsv = posted.FileName.EndsWith(".csv", StringComparison.OrdinalIgnoreCase);
            var outcome = await uploads.TakeAsync(http, directory, isCsv ? FileFormat.Csv : FileFormat.Ndjson, file, cancellation);
            if (outcome is UploadOutcome.Taken taken) return new SeeOther($"{Home}/{taken.Job.Id}");
            if (outcome is UploadOutcome.Refused refused) form.Fail("file", JobTexts.Of("Failure_" + refused.Rule));
        }

        return View.Invalid<ImportPage>(new ImportModel(await users.DirectoriesAsync(http.Caller().Account, cancellation), form));
    }

    private static async Task<IResult> NewExportAsync(HttpContext http, IdentityContext database, UserQueries users, LoadedPolicy policy, CancellationToken cancellation) =>
        View.Show<ExportPage>(await ExportModelAsync(http, database, users, policy, new FormState(), cancellation));

    private static async Task<ExportModel> ExportModelAsync(
        HttpContext http, IdentityContext database, UserQueries users, LoadedPolicy policy, FormState form, CancellationToken cancellation)
    {
        var account = http.Caller().Account;
        var groups = await database.Set<Group>().AsNoTracking().Where(g => g.Account == account).OrderBy(g => g.NameKey).Take(500).Select(g => new { g.Id, g.Name }).ToListAsync(cancellation);
        return new ExportModel(
            await users.DirectoriesAsync(account, cancellation), [.. groups.Select(g => (g.Id, g.Name))], policy.Category(Users.User.Category).Uses, form);
    }

    private static async Task<IResult> ExportAsync(
        HttpContext http, [FromForm] IFormCollection posted, IdentityContext database, UserQueries users, LoadedPolicy policy, ExportStart start, CancellationToken cancellation)
    {
        var form = new FormState(posted);
        if (await users.DirectoryAsync(http.Caller().Account, form["directory"], cancellation) is not { } directory) return Problem.NotFound("directory");
        var request = new ExportRequest(
            directory.Name,
            Enum.TryParse<FileFormat>(form["format"], out var format) ? format : FileFormat.Csv,
            form.All("fields"),
            form.Ticked("revealed"),
            form["purpose"],
            form["reason"],
            form["status"],
            Guid.TryParse(form["group"], out var group) ? group : null);
        switch (await start.StartAsync(http, directory, request, cancellation))
        {
            case ExportOutcome.Started started:
                return new SeeOther($"{Home}/{started.Job.Id}");
            case ExportOutcome.NotOnWhitelist refused:
                form.Fail(JobTexts.Of("NotOnWhitelist", string.Join(", ", refused.Whitelist)));
                break;
            case ExportOutcome.Invalid { Findings: var findings }:
                foreach (var (field, _) in findings.All) form.Fail(field, field is "purpose" or "reason" ? JobTexts.Of("ExportInvalid") : Texts.Rule("unknown-value"));
                break;
        }

        return View.Invalid<ExportPage>(await ExportModelAsync(http, database, users, policy, form, cancellation));
    }

    private static async Task<IResult> ShowAsync(HttpContext http, Guid id, JobQueries jobs, CancellationToken cancellation) =>
        await jobs.FindAsync(http.Caller().Account, id, cancellation) is { } job
            ? View.Show<JobPage>(await ModelAsync(http, job, jobs, null, new FormState(), cancellation))
            : Problem.NotFound("job");

    private static async Task<IResult> PlanAsync(
        HttpContext http, Guid id, [FromForm] IFormCollection posted, JobQueries jobs, JobQueue queue, CancellationToken cancellation)
    {
        if (await jobs.FindAsync(http.Caller().Account, id, cancellation) is not { } job) return Problem.NotFound("job");
        if (job is not { Kind: JobKind.Import, Status: JobStatus.Draft }) return new SeeOther($"{Home}/{id}");
        var form = new FormState(posted);
        var plan = ImportForm.Read(form);
        var columns = await jobs.ColumnsAsync(job, cancellation);
        if (ImportPlanRules.Check(plan, columns.Columns.ToHashSet(StringComparer.Ordinal)).Any()) form.Fail(JobTexts.Of("PlanWrong"));
        if (!form.IsValid) return View.Invalid<JobPage>(await ModelAsync(http, job, jobs, null, form, cancellation));
        if (form["step"] == "preview") return View.Show<JobPage>(await ModelAsync(http, job, jobs, await jobs.PreviewAsync(job, plan, cancellation), form, cancellation));
        await queue.StartAsync(id, JsonSerializer.Serialize(plan, JobJson.Options), cancellation);
        return new SeeOther($"{Home}/{id}");
    }

    private static async Task<IResult> CancelAsync(HttpContext http, Guid id, [FromForm] IFormCollection posted, JobQueries jobs, JobQueue queue, CancellationToken cancellation)
    {
        _ = posted;
        if (await jobs.FindAsync(http.Caller().Account, id, cancellation) is null) return Problem.NotFound("job");
        await queue.CancelAsync(id, cancellation);
        return new SeeOther($"{Home}/{id}");
    }

    private static async Task<IResult> ReportAsync(HttpContext http, Guid id, JobQueries jobs, CancellationToken cancellation) =>
        await jobs.FindAsync(http.Caller().Account, id, cancellation) is { } job ? JobDownloads.Report(job, jobs) : Problem.NotFound("job");

    private static async Task<IResult> FileAsync(HttpContext http, Guid id, JobQueries jobs, JobDownloads downloads, CancellationToken cancellation) =>
        await jobs.FindAsync(http.Caller().Account, id, cancellation) is { Kind: JobKind.Export } job ? await downloads.FileAsync(http, job, cancellation) : Problem.NotFound("job");

    private static async Task<JobModel> ModelAsync(HttpContext http, Job job, JobQueries jobs, PreviewAnswer? preview, FormState form, CancellationToken cancellation)
    {
        var may = http.Caller().Can(Permissions.UsersWrite);
        var columns = job is { Kind: JobKind.Import, Status: JobStatus.Draft, HasFile: true } && may ? await jobs.ColumnsAsync(job, cancellation) : null;
        return new JobModel(await jobs.AnswerAsync(job, cancellation), columns, preview, await jobs.FindingsAsync(job.Id, 0, ShownFindings, cancellation), may, form);
    }
}
