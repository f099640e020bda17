using Custodia.Identity.Jobs.Imports;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Jobs;

/// <param name="Rows">Rows behind which the job is then.</param>
internal sealed record JobStep(int Rows, int Created, int Updated, int Skipped, IReadOnlyList<ImportVerdict.Refuse> Refused);

/// <summary>Moves a job on, together with what the step did.</summary>
internal sealed class JobProgress(IdentityContext database, TimeProvider time)
{
    /// <summary>How long a worker that says nothing keeps its job.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <param name="store">Runs in the same transaction, before the position moves.</param>
    /// <returns>False when the job was cancelled or taken over; then nothing of the step is stored.</returns>
    public async Task<bool> CommitAsync(Job job, JobStep step, Func<CancellationToken, Task>? store, CancellationToken cancellation)
    {
        try
        {
            await database.InTransactionAsync(
                async token =>
                {
                    if (!await MoveAsync(job, step, token)) throw new JobLostException();
                    if (store is not null) await store(token);
                    await ReportAsync(job, step, token);
                },
                cancellation);
        }
        catch (JobLostException)
        {
            return false;
        }

        job.Position += step.Rows;
        job.Failed += step.Refused.Count;
        return true;
    }

    // Only from the position that this worker knows: two workers can never do the same rows.
    private async Task<bool> MoveAsync(Job job, JobStep step, CancellationToken cancellation)
    {
        var until = time.GetUtcNow() + Patience;
        return await database.Jobs
            .Where(j => j.Id == job.Id && j.Status == JobStatus.Running && j.Worker == job.Worker && j.Position == job.Position)
            .ExecuteUpdateAsync(
                set => set
                    .SetProperty(j => j.Position, j => j.Position + step.Rows)
                    .SetProperty(j => j.Created, j => j.Created + step.Created)
                    .SetProperty(j => j.Updated, j => j.Updated + step.Updated)
                    .SetProperty(j => j.Skipped, j => j.Skipped + step.Skipped)
                    .SetProperty(j => j.Failed, j => j.Failed + step.Refused.Count)
                    .SetProperty(j => j.WorkedUntil, until),
                cancellation) == 1;
    }

    private async Task ReportAsync(Job job, JobStep step, CancellationToken cancellation)
    {
        if (step.Refused.Count == 0) return;
        var number = await database.JobFindings.Where(f => f.JobId == job.Id).MaxAsync(f => (int?)f.Number, cancellation) ?? 0;
        foreach (var (line, finding) in step.Refused.SelectMany(r => r.Findings.Select(f => (r.Line, f))).OrderBy(f => f.Line))
            database.JobFindings.Add(new JobFinding { JobId = job.Id, Number = ++number, Line = line, Field = finding.Field[..Math.Min(finding.Field.Length, JobFinding.MaxField)], Rule = finding.Rule });
        await database.SaveChangesAsync(cancellation);
    }

    private sealed class JobLostException : Exception;
}
