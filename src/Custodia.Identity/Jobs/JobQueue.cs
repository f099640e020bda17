using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Jobs;

/// <summary>Changes of a job's state, each one conditional statement.</summary>
internal sealed class JobQueue(IdentityContext database, JobSignal signal, TimeProvider time)
{
    /// <summary>Lets a draft begin.</summary>
    /// <returns>Whether it was a draft.</returns>
    public async Task<bool> StartAsync(Guid job, string plan, CancellationToken cancellation)
    {
        var started = await database.InTransactionAsync(
            token => database.Jobs.Where(j => j.Id == job && j.Status == JobStatus.Draft)
                .ExecuteUpdateAsync(set => set.SetProperty(j => j.Status, JobStatus.Waiting).SetProperty(j => j.Plan, plan), token),
            cancellation);
        if (started == 1) signal.Raise();
        return started == 1;
    }

    /// <summary>Stops a job behind the batch that commits now; what was done stays.</summary>
    /// <returns>Whether there was something to stop.</returns>
    public async Task<bool> CancelAsync(Guid job, CancellationToken cancellation)
    {
        var cancelled = await EndAsync(job, JobStatus.Cancelled, null, null, cancellation);
        signal.Raise();
        return cancelled;
    }

    /// <summary>Takes the oldest job that waits, or whose worker is gone; null when there is none.</summary>
    public async Task<Job?> TakeAsync(Guid worker, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var open = database.Jobs.Where(j => j.Status == JobStatus.Waiting || (j.Status == JobStatus.Running && (j.Worker == null || j.WorkedUntil < now)));
        if (await open.OrderBy(j => j.Id).Select(j => (Guid?)j.Id).FirstOrDefaultAsync(cancellation) is not { } id) return null;
        var until = now + JobProgress.Patience;
        var taken = await database.InTransactionAsync(
            token => open.Where(j => j.Id == id).ExecuteUpdateAsync(
                set => set
                    .SetProperty(j => j.Status, JobStatus.Running)
                    .SetProperty(j => j.Worker, worker)
                    .SetProperty(j => j.WorkedUntil, until)
                    .SetProperty(j => j.StartedAt, j => j.StartedAt ?? now),
                token),
            cancellation);
        return taken == 1 ? await database.Jobs.AsNoTracking().SingleAsync(j => j.Id == id, cancellation) : null;
    }

    /// <summary>SQLite belongs to one process: whatever another one worked on, it is gone.</summary>
    public async Task ReleaseAsync(CancellationToken cancellation)
    {
        if (!database.Database.IsSqlite()) return;
        await database.InTransactionAsync(
            token => database.Jobs.Where(j => j.Status == JobStatus.Running).ExecuteUpdateAsync(set => set.SetProperty(j => j.Worker, (Guid?)null), token),
            cancellation);
    }

    /// <summary>Gives a job back, to be gone on with by whoever looks next.</summary>
    public Task ReleaseAsync(Guid job, Guid worker, CancellationToken cancellation) =>
        database.InTransactionAsync(
            token => database.Jobs.Where(j => j.Id == job && j.Worker == worker).ExecuteUpdateAsync(set => set.SetProperty(j => j.Worker, (Guid?)null), token),
            cancellation);

    /// <returns>Whether it was not over before.</returns>
    public async Task<bool> EndAsync(Guid job, JobStatus status, string? failure, DateTimeOffset? expires, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        return await database.InTransactionAsync(
            token => database.Jobs
                .Where(j => j.Id == job && (j.Status == JobStatus.Draft || j.Status == JobStatus.Waiting || j.Status == JobStatus.Running))
                .ExecuteUpdateAsync(
                    set => set
                        .SetProperty(j => j.Status, status)
                        .SetProperty(j => j.Failure, failure)
                        .SetProperty(j => j.FinishedAt, now)
                        .SetProperty(j => j.ExpiresAt, expires)
                        .SetProperty(j => j.Worker, (Guid?)null),
                    token),
            cancellation) == 1;
    }
}
