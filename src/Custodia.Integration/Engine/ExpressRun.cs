using System.Text.Json.Nodes;

namespace Custodia.Integration.Engine;

/// <summary>Runs a flow in memory while its caller waits: at most once, nothing stored, nothing tried again.</summary>
internal sealed class ExpressRun(JobRunner runner, IntegrationContext context, TimeProvider time)
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public async Task<ExpressAnswer> RunAsync(NewJob request, FlowProgram program, CancellationToken cancellation)
    {
        var job = request.ToJob(time.GetUtcNow());
        var run = new JobRun(new JobWork(job, request.Message.ToDocument(), null), program, new ExpressLedger(context));
        using var timeout = new CancellationTokenSource(Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, timeout.Token);
        try
        {
            await runner.RunAsync(run, either.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new ExpressAnswer(job.Id, null, "timeout", run.LastStep?.Pointer);
        }

        return new ExpressAnswer(job.Id, run.Response, job.ErrorCode, job.ErrorPointer);
    }
}

/// <param name="Run">Number of the run in the running log.</param>
/// <param name="Response">What <c>respond</c> answered; null without, or after a failure.</param>
/// <param name="Error">Code of the failure; null where there was none.</param>
internal sealed record ExpressAnswer(Guid Run, JsonObject? Response, string? Error, string? Pointer);
