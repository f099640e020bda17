using Custodia.Integration.Audit;
using Custodia.Integration.Flows;
using Custodia.Kernel.Access;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Integration.Engine;

/// <summary>
/// A person has looked at the receiver of a call in doubt and found that it took effect: the job goes on behind the call, whose
/// output is nothing. (That it did not is <see cref="JobControl.RetryAsync"/>.)
/// </summary>
internal sealed class DoubtDecision(IntegrationContext context, JobStore store, ProgramCache programs, AuditLog audit, TimeProvider time)
{
    public async Task<ControlOutcome> TookEffectAsync(Caller caller, Guid id, CancellationToken cancellation)
    {
        var job = await context.Jobs.AsNoTracking().Where(j => j.Account == caller.Account && j.Id == id).Select(j => new { j.FlowName, j.State, j.Fence }).FirstOrDefaultAsync(cancellation);
        if (job is null) return ControlOutcome.Missing;
        var settled = job.State == JobState.InDoubt && await SettleAsync(new Lease(id, job.Fence), cancellation);
        await audit.RecordAsync(caller, "jobs", "settle", $"{job.FlowName} {id:N}", null, settled, cancellation);
        return settled ? ControlOutcome.Done : ControlOutcome.NotNow;
    }

    private async Task<bool> SettleAsync(Lease lease, CancellationToken cancellation)
    {
        if (await store.LoadAsync(lease, cancellation) is not { } work || await programs.FindAsync(work.Job, cancellation) is not { } program) return false;
        var run = new JobRun(work, program, store);
        if (run.Next is not Instruction.Run { Step: Step.Call call }) return false;
        run.Settle(call, time.GetUtcNow());
        try
        {
            await store.CommitAsync(run, JobState.Queued, cancellation);
            return true;
        }
        catch (LeaseLostException)
        {
            // Somebody decided otherwise meanwhile.
            return false;
        }
    }
}
