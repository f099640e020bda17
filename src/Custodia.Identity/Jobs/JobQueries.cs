using System.Text.Json;
using Custodia.Identity.Administration;
using Custodia.Identity.Directories;
using Custodia.Identity.Jobs.Imports;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Jobs;

/// <summary>Reads jobs for staff, always within the account.</summary>
internal sealed class JobQueries(IdentityContext database, JobFiles files, ImportBatch batch)
{
    private const int PreviewRows = 20;

    public Task<Job?> FindAsync(long account, Guid id, CancellationToken cancellation) =>
        database.Jobs.AsNoTracking().FirstOrDefaultAsync(j => j.Id == id && j.Account == account, cancellation);

    public Task<Directory> DirectoryAsync(Job job, CancellationToken cancellation) =>
        database.Directories.AsNoTracking().SingleAsync(d => d.Id == job.DirectoryId, cancellation);

    /// <summary>Newest first; one row more than <paramref name="limit"/>, see <see cref="Cursor.Cut"/>.</summary>
    public async Task<List<JobAnswer>> PageAsync(long account, Guid? directory, Guid? before, int limit, CancellationToken cancellation)
    {
        var jobs = database.Jobs.AsNoTracking().Where(j => j.Account == account);
        if (directory is { } of) jobs = jobs.Where(j => j.DirectoryId == of);
        if (before is { } cursor) jobs = jobs.Where(j => j.Id < cursor);
        var page = await jobs.OrderByDescending(j => j.Id).Take(limit + 1)
            .Join(database.Directories, j => j.DirectoryId, d => d.Id, (job, d) => new { job, d.Name })
            .ToListAsync(cancellation);
        return [.. page.OrderByDescending(p => p.job.Id.ToString("N"), StringComparer.Ordinal).Select(p => AnswerOf(p.job, p.Name))];
    }

    public async Task<JobAnswer> AnswerAsync(Job job, CancellationToken cancellation) => AnswerOf(job, (await DirectoryAsync(job, cancellation)).Name);

    public async Task<ColumnsAnswer> ColumnsAsync(Job job, CancellationToken cancellation)
    {
        await using var file = files.Open(job);
        var columns = await ImportRun.ColumnsAsync(job.Format, file, cancellation);
        return new ColumnsAnswer(columns, ImportColumns.Suggest(columns));
    }

    /// <summary>What would become of the first rows.</summary>
    public async Task<PreviewAnswer> PreviewAsync(Job job, ImportPlan plan, CancellationToken cancellation)
    {
        List<ImportRow> rows = [];
        await using var file = files.Open(job);
        try
        {
            await foreach (var row in ImportRun.Rows(job.Format, file, cancellation))
            {
                rows.Add(row);
                if (rows.Count == PreviewRows) break;
            }
        }
        catch (ImportFileException e)
        {
            rows.Add(ImportRow.Unreadable(rows.Count == 0 ? 1 : rows[^1].Line + 1, e.Code));
        }

        var verdicts = await batch.PreviewAsync(await DirectoryAsync(job, cancellation), plan, rows, cancellation);
        return new PreviewAnswer([.. verdicts.OrderBy(v => v.Line).Select(PreviewRow.Of)]);
    }

    public async Task<List<FindingAnswer>> FindingsAsync(Guid job, int after, int limit, CancellationToken cancellation) =>
        await database.JobFindings.AsNoTracking()
            .Where(f => f.JobId == job && f.Number > after)
            .OrderBy(f => f.Number)
            .Take(limit)
            .Select(f => new FindingAnswer(f.Line, f.Field, f.Rule))
            .ToListAsync(cancellation);

    private static JobAnswer AnswerOf(Job job, string directory) => new(
        job.Id,
        job.Kind,
        directory,
        job.Status,
        job.Format,
        job.CreatedAt,
        job.StartedAt,
        job.FinishedAt,
        job.Status == JobStatus.Done ? job.Position : Math.Max(job.Rows, job.Position),
        job.Position,
        job.Created,
        job.Updated,
        job.Skipped,
        job.Failed,
        job.Failure,
        job.Kind == JobKind.Import && job.Status != JobStatus.Draft && JsonSerializer.Deserialize<ImportPlan>(job.Plan, JobJson.Options)?.DryRun == true,
        job.HasFile,
        job.ExpiresAt);
}
