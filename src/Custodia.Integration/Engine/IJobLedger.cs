using Custodia.Kernel.Storage;

namespace Custodia.Integration.Engine;

/// <summary>Where a run is written down: on disk for durable flows, nowhere for express ones.</summary>
internal interface IJobLedger
{
    /// <summary>Whether the run can be taken up again later, so that a call may be tried again or wait for a person.</summary>
    bool Resumes { get; }

    /// <summary>Keeps what has happened since the last commit, and the effect of an operation with it.</summary>
    /// <exception cref="LeaseLostException">The job belongs to somebody else now: nothing was kept.</exception>
    Task CommitAsync(JobRun run, JobState state, CancellationToken cancellation, Func<ModuleContext, CancellationToken, Task>? effect = null);
}

/// <summary>Nothing is kept but the effects of operations, which are rows of their own.</summary>
internal sealed class ExpressLedger(IntegrationContext context) : IJobLedger
{
    public bool Resumes => false;

    public async Task CommitAsync(JobRun run, JobState state, CancellationToken cancellation, Func<ModuleContext, CancellationToken, Task>? effect = null)
    {
        if (effect is not null)
        {
            await context.InTransactionAsync(
                async token =>
                {
                    await effect(context, token);
                    await context.SaveChangesAsync(token);
                },
                cancellation);
        }

        run.Job.State = state;
        run.Committed();
    }
}
