using Custodia.Kernel.Retention;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Jobs;

/// <summary>What a job was and how it ended goes by age; its report goes with it.</summary>
internal sealed class JobAge(IdentityContext database, JobTidying tidying) : IRetentionRule
{
    public string Category => Job.Category;

    public string Trigger => "age";

    public async Task<RetentionPreview> PreviewAsync(RetentionMoment moment, CancellationToken cancellation)
    {
        var limit = moment.Limit;
        return new RetentionPreview(
            await database.Jobs.LongCountAsync(j => j.CreatedAt < limit, cancellation),
            await database.Jobs.MinAsync(j => (DateTimeOffset?)j.CreatedAt, cancellation));
    }

    public async Task<int> EnforceAsync(RetentionMoment moment, CancellationToken cancellation)
    {
        var limit = moment.Limit;
        var all = 0;
        while (await database.Jobs.AsNoTracking().Where(j => j.CreatedAt < limit).OrderBy(j => j.CreatedAt).FirstOrDefaultAsync(cancellation) is { } job)
        {
            if (job.HasFile) await tidying.DeleteFileAsync(job, "identity.job age", cancellation);
            all += await database.InTransactionAsync(
                async token =>
                {
                    await database.JobFindings.Where(f => f.JobId == job.Id).ExecuteDeleteAsync(token);
                    return await database.Jobs.Where(j => j.Id == job.Id).ExecuteDeleteAsync(token);
                },
                cancellation);
        }

        return all;
    }
}

/// <summary>Files that are still there go by age, whatever their job waits for: a draft that nobody started, an import that never ended.</summary>
internal sealed class JobFileAge(IdentityContext database, JobQueue queue, JobTidying tidying) : IRetentionRule
{
    public string Category => JobFilePart.Category;

    public string Trigger => "age";

    public async Task<RetentionPreview> PreviewAsync(RetentionMoment moment, CancellationToken cancellation)
    {
        var limit = moment.Limit;
        var held = database.Jobs.Where(j => j.HasFile);
        return new RetentionPreview(await held.LongCountAsync(j => j.CreatedAt < limit, cancellation), await held.MinAsync(j => (DateTimeOffset?)j.CreatedAt, cancellation));
    }

    public async Task<int> EnforceAsync(RetentionMoment moment, CancellationToken cancellation)
    {
        var limit = moment.Limit;
        var due = await database.Jobs.AsNoTracking().Where(j => j.HasFile && j.CreatedAt < limit).ToListAsync(cancellation);
        foreach (var job in due)
        {
            await queue.CancelAsync(job.Id, cancellation);
            await tidying.DeleteFileAsync(job, "identity.job-file age", cancellation);
        }

        return due.Count;
    }
}
