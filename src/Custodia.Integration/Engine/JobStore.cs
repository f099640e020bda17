using System.Text.Json;
using System.Text.Json.Nodes;
using Custodia.Kernel.Storage;
using Custodia.Kernel.Vault;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Integration.Engine;

/// <summary>Jobs on disk: made once per cause, claimed with a lease, written only by the newest holder.</summary>
internal sealed class JobStore(IntegrationContext context, DataVault vault, JobSignal signal, TimeProvider time) : IJobLedger
{
    public static readonly TimeSpan LeaseTime = TimeSpan.FromMinutes(6);

    /// <summary>The use of a job's data by the engine, as the policy names it.</summary>
    public const string RunUse = "flow-execution";

    /// <summary>Most of what a step took and gave that is kept, in bytes.</summary>
    private const int MaxStepData = 16 * 1024;

    private const int Candidates = 8;

    public bool Resumes => true;

    /// <summary>Stores a job before its trigger is acknowledged. A second one of the same cause is the first.</summary>
    public async Task<Guid> AddAsync(NewJob request, CancellationToken cancellation)
    {
        var known = await FindAsync(request, cancellation);
        if (known != default) return known;
        var job = request.ToJob(time.GetUtcNow());
        job.Message = await vault.SealAsync(job.MessagePlace, JsonSerializer.SerializeToUtf8Bytes(request.Message.ToDocument()), cancellation);
        context.Jobs.Add(job);
        try
        {
            await context.SaveChangesAsync(cancellation);
        }
        catch (DbUpdateException)
        {
            context.ChangeTracker.Clear();
            known = await FindAsync(request, cancellation);
            if (known == default) throw;
            return known;
        }

        signal.Raise();
        return job.Id;
    }

    /// <summary>Takes the job that waits longest, also one whose holder's lease ran out. Null when nothing is due.</summary>
    public async Task<Lease?> ClaimAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        foreach (var candidate in await DueAsync(now, cancellation))
        {
            var until = now + LeaseTime;
            var claimed = await context.InTransactionAsync(
                token => context.Jobs
                    .Where(j => j.Id == candidate.Job && j.Fence == candidate.Fence && (j.State == JobState.Queued || j.State == JobState.Waiting || j.State == JobState.Running))
                    .ExecuteUpdateAsync(
                        set => set.SetProperty(j => j.State, JobState.Running).SetProperty(j => j.LeaseUntil, until).SetProperty(j => j.Fence, candidate.Fence + 1),
                        token),
                cancellation);
            if (claimed == 1) return candidate with { Fence = candidate.Fence + 1 };
        }

        return null;
    }

    /// <summary>
    /// At the start of the only process of a database: whoever held a lease is dead, so nothing waits for its end.
    /// </summary>
    public Task<int> ReleaseAllAsync(CancellationToken cancellation) =>
        context.InTransactionAsync(
            token => context.Jobs.Where(j => j.State == JobState.Running)
                .ExecuteUpdateAsync(set => set.SetProperty(j => j.State, JobState.Queued).SetProperty(j => j.LeaseUntil, (DateTimeOffset?)null), token),
            cancellation);

    /// <summary>The first of each kind by its index: one condition with "or" would sort the whole queue at each claim.</summary>
    private async Task<List<Lease>> DueAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        var due = new List<(DateTimeOffset At, Lease Lease)>();
        foreach (var state in new[] { JobState.Queued, JobState.Waiting })
        {
            var rows = await context.Jobs.AsNoTracking().Where(j => j.State == state && j.NextAt <= now).OrderBy(j => j.NextAt)
                .Select(j => new { j.Id, j.Fence, j.NextAt }).Take(Candidates).ToListAsync(cancellation);
            due.AddRange(rows.Select(r => (r.NextAt, new Lease(r.Id, r.Fence))));
        }

        var lost = await context.Jobs.AsNoTracking().Where(j => j.State == JobState.Running && j.LeaseUntil < now).OrderBy(j => j.NextAt)
            .Select(j => new { j.Id, j.Fence, j.NextAt }).Take(Candidates).ToListAsync(cancellation);
        due.AddRange(lost.Select(r => (r.NextAt, new Lease(r.Id, r.Fence))));
        return [.. due.OrderBy(d => d.At).Select(d => d.Lease)];
    }

    /// <summary>Opens a claimed job; null (and failed as <c>subject-erased</c>) when its person was erased.</summary>
    public async Task<JobWork?> LoadAsync(Lease lease, CancellationToken cancellation)
    {
        var job = await context.Jobs.AsNoTracking().FirstOrDefaultAsync(j => j.Id == lease.Job && j.Fence == lease.Fence, cancellation);
        if (job is null) return null;
        if (await vault.OpenAsync(job.MessagePlace, job.Message, RunUse, cancellation) is not { } message)
        {
            await GiveUpAsync(lease, "subject-erased", cancellation);
            return null;
        }

        var last = await context.JobSteps.AsNoTracking().Where(s => s.JobId == job.Id).OrderByDescending(s => s.Sequence).FirstOrDefaultAsync(cancellation);
        return new JobWork(job, (JsonObject)JsonNode.Parse(message)!, last);
    }

    /// <summary>
    /// Stores everything since the last commit in one transaction: steps, message, position, state, and the effect of an operation.
    /// </summary>
    /// <exception cref="LeaseLostException">The fence has moved on: nothing was written.</exception>
    public async Task CommitAsync(JobRun run, JobState state, CancellationToken cancellation, Func<ModuleContext, CancellationToken, Task>? effect = null)
    {
        var job = run.Job;
        try
        {
            job.Message = await vault.SealAsync(job.MessagePlace, JsonSerializer.SerializeToUtf8Bytes(run.Document), cancellation);
            foreach (var (step, data) in run.Noted) step.Data = await vault.SealAsync(step.DataPlace(job.Key), Short(data), cancellation);
            if (run.Response is { } response) job.Response = await vault.SealAsync(job.ResponsePlace, JsonSerializer.SerializeToUtf8Bytes(response), cancellation);
            await context.InTransactionAsync(token => WriteAsync(run, state, effect, token), cancellation);
        }
        catch (KeyDestroyedException)
        {
            context.ChangeTracker.Clear();
            await GiveUpAsync(new Lease(job.Id, job.Fence), "subject-erased", cancellation);
            throw new LeaseLostException();
        }
        finally
        {
            context.ChangeTracker.Clear();
        }

        job.State = state;
        run.Committed();
        if (state is not (JobState.Running or JobState.Waiting)) signal.Finished(job.Id);
    }

    private static byte[] Short(JsonObject data)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(data);
        return bytes.Length <= MaxStepData ? bytes : JsonSerializer.SerializeToUtf8Bytes(new { tooLong = bytes.Length });
    }

    private async Task WriteAsync(JobRun run, JobState state, Func<ModuleContext, CancellationToken, Task>? effect, CancellationToken cancellation)
    {
        var job = run.Job;
        DateTimeOffset? lease = state == JobState.Running ? time.GetUtcNow() + LeaseTime : null;
        var written = await context.Jobs.Where(j => j.Id == job.Id && j.Fence == job.Fence).ExecuteUpdateAsync(
            set => set
                .SetProperty(j => j.State, state)
                .SetProperty(j => j.Position, job.Position)
                .SetProperty(j => j.Steps, job.Steps)
                .SetProperty(j => j.Message, job.Message)
                .SetProperty(j => j.Response, job.Response)
                .SetProperty(j => j.NextAt, job.NextAt)
                .SetProperty(j => j.FinishedAt, job.FinishedAt)
                .SetProperty(j => j.ErrorCode, job.ErrorCode)
                .SetProperty(j => j.ErrorPointer, job.ErrorPointer)
                .SetProperty(j => j.LeaseUntil, lease),
            cancellation);
        if (written != 1) throw new LeaseLostException();
        if (run.Changed is { } changed) context.JobSteps.Update(changed);
        context.JobSteps.AddRange(run.Added);
        if (effect is not null) await effect(context, cancellation);
        await context.SaveChangesAsync(cancellation);
    }

    /// <summary>Ends a job that cannot go on, without its data.</summary>
    public async Task GiveUpAsync(Lease lease, string code, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        await context.InTransactionAsync(
            token => context.Jobs.Where(j => j.Id == lease.Job && j.Fence == lease.Fence).ExecuteUpdateAsync(
                set => set.SetProperty(j => j.State, JobState.Failed).SetProperty(j => j.ErrorCode, code).SetProperty(j => j.FinishedAt, now).SetProperty(j => j.LeaseUntil, (DateTimeOffset?)null),
                token),
            cancellation);
        signal.Finished(lease.Job);
    }

    private Task<Guid> FindAsync(NewJob request, CancellationToken cancellation) =>
        context.Jobs.Where(j => j.ComponentId == request.ComponentId && j.DedupeKey == request.DedupeKey).Select(j => j.Id).FirstOrDefaultAsync(cancellation);
}
