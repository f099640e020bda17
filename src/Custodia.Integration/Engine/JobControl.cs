using Custodia.Integration.Audit;
using Custodia.Kernel.Access;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Integration.Engine;

internal enum ControlOutcome
{
    Done,

    /// <summary>The account has no such job.</summary>
    Missing,

    /// <summary>The job is not in a state for it.</summary>
    NotNow,
}

/// <summary>What a person may do to a job. The fence moves on, so a worker that has the job can write nothing more.</summary>
internal sealed class JobControl(IntegrationContext context, JobSignal signal, AuditLog audit, TimeProvider time)
{
    public Task<ControlOutcome> CancelAsync(Caller caller, Guid id, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        return ChangeAsync(
            caller, id, "cancel",
            jobs => jobs.Where(j => j.State == JobState.Queued || j.State == JobState.Waiting || j.State == JobState.Running || j.State == JobState.InDoubt),
            (jobs, token) => jobs.ExecuteUpdateAsync(
                set => set.SetProperty(j => j.State, JobState.Cancelled).SetProperty(j => j.FinishedAt, now).SetProperty(j => j.LeaseUntil, (DateTimeOffset?)null).SetProperty(j => j.Fence, j => j.Fence + 1),
                token),
            cancellation);
    }

    /// <summary>
    /// Goes on at the step where it stopped, with tries anew. For a job in doubt this is the decision that the call did not take
    /// effect: it is made again, with the same key.
    /// </summary>
    public Task<ControlOutcome> RetryAsync(Caller caller, Guid id, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        return ChangeAsync(
            caller, id, "retry",
            jobs => jobs.Where(j => (j.State == JobState.Failed && j.ErrorCode != "subject-erased") || j.State == JobState.InDoubt),
            async (jobs, token) =>
            {
                var changed = await jobs.ExecuteUpdateAsync(
                    set => set.SetProperty(j => j.State, JobState.Queued).SetProperty(j => j.NextAt, now).SetProperty(j => j.FinishedAt, (DateTimeOffset?)null)
                        .SetProperty(j => j.ErrorCode, (string?)null).SetProperty(j => j.ErrorPointer, (string?)null).SetProperty(j => j.Fence, j => j.Fence + 1),
                    token);
                if (changed == 1)
                {
                    await context.JobSteps.Where(s => s.JobId == id && s.State != JobStepState.Done)
                        .ExecuteUpdateAsync(set => set.SetProperty(s => s.State, JobStepState.Failed).SetProperty(s => s.Tries, 0), token);
                }

                return changed;
            },
            cancellation);
    }

    private async Task<ControlOutcome> ChangeAsync(
        Caller caller, Guid id, string act, Func<IQueryable<Job>, IQueryable<Job>> allowed, Func<IQueryable<Job>, CancellationToken, Task<int>> change, CancellationToken cancellation)
    {
        var mine = context.Jobs.Where(j => j.Account == caller.Account && j.Id == id);
        if (await mine.Select(j => j.FlowName).FirstOrDefaultAsync(cancellation) is not { } flow) return ControlOutcome.Missing;
        var changed = await context.InTransactionAsync(token => change(allowed(mine), token), cancellation);
        await audit.RecordAsync(caller, "jobs", act, $"{flow} {id:N}", null, changed == 1, cancellation);
        if (changed == 0) return ControlOutcome.NotNow;
        signal.Finished(id);
        signal.Raise();
        return ControlOutcome.Done;
    }
}
