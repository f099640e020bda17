using System.Text.Json.Nodes;
using Custodia.Integration.Connectors;
using Custodia.Integration.Expressions;
using Custodia.Integration.Flows;

namespace Custodia.Integration.Engine;

/// <summary>
/// Runs one job from where it stands. Steps that only compute run in memory and commit together with the next thing that matters:
/// a call (first <c>started</c>, then its result) or the end. Whatever has committed is never run again; what has not is.
/// </summary>
internal sealed class JobRunner(JobStore store, ProgramCache programs, OperationCatalogue operations, RunningLog log, TimeProvider time)
{
    public async Task RunAsync(Lease lease, CancellationToken cancellation)
    {
        var work = await store.LoadAsync(lease, cancellation);
        if (work is null) return;
        if (await programs.FindAsync(work.Job, cancellation) is not { } program)
        {
            await store.GiveUpAsync(lease, "flow-missing", cancellation);
            return;
        }

        try
        {
            await RunAsync(new JobRun(work, program, store), cancellation);
        }
        catch (LeaseLostException)
        {
            // Another worker has the job or it was cancelled: nothing of this run may be written.
        }
        catch (Kernel.Vault.KeyDestroyedException)
        {
            await store.GiveUpAsync(lease, "subject-erased", cancellation);
        }
    }

    /// <summary>Runs until the end, or until the job must wait.</summary>
    public async Task RunAsync(JobRun run, CancellationToken cancellation)
    {
        await log.JobAsync(run, "job-started", FlowLogLevel.Debug, cancellation);
        while (run.Next is { } instruction)
        {
            if (await StepAsync(run, instruction, cancellation)) return;
        }

        await FinishAsync(run, JobState.Done, cancellation);
    }

    /// <returns>Whether the run ends here.</returns>
    private async Task<bool> StepAsync(JobRun run, Instruction instruction, CancellationToken cancellation)
    {
        switch (instruction)
        {
            case Instruction.Test test:
                return await GuardAsync(run, test.Step, () => Task.FromResult(Test(run, test, cancellation)), cancellation);
            case Instruction.Jump jump:
                run.Position = jump.To;
                return false;
            case Instruction.Run { Step: var step }:
                return await GuardAsync(run, step, () => DoAsync(run, step, cancellation), cancellation);
            default:
                throw new InvalidOperationException($"No such instruction: {instruction.GetType().Name}.");
        }
    }

    /// <summary>What a step cannot compute fails its job, with a code and nothing of the message.</summary>
    private async Task<bool> GuardAsync(JobRun run, Step step, Func<Task<bool>> act, CancellationToken cancellation)
    {
        string? code;
        try
        {
            return await act();
        }
        catch (Exception exception) when ((code = StepFailure.CodeOf(exception)) is not null)
        {
            // Written down below: the ledger is not asked within a handler.
        }

        return await FailAsync(run, step, code, cancellation);
    }

    private bool Test(JobRun run, Instruction.Test test, CancellationToken cancellation)
    {
        run.Position = Evaluate(run, cancellation).IsTrue(test.When) ? run.Position + 1 : test.Otherwise;
        return false;
    }

    private Evaluation Evaluate(JobRun run, CancellationToken cancellation) => new(run.Document, time, cancellation);

    private async Task<bool> DoAsync(JobRun run, Step step, CancellationToken cancellation)
    {
        switch (step)
        {
            case Step.Set set:
                Set(run, set, Evaluate(run, cancellation));
                return false;
            case Step.Log entry:
                await log.StepAsync(run, entry, cancellation);
                run.Record(entry, null, time.GetUtcNow());
                run.Position++;
                return false;
            case Step.Respond respond:
                run.Response = new JsonObject { ["status"] = respond.Status, ["body"] = respond.Body.Fill(Evaluate(run, cancellation)) };
                run.Record(respond, run.Response, time.GetUtcNow());
                await FinishAsync(run, JobState.Done, cancellation);
                return true;
            case Step.Call call:
                return await CallAsync(run, call, cancellation);
            default:
                throw new InvalidOperationException($"No such step: {step.Kind}.");
        }
    }

    private void Set(JobRun run, Step.Set set, Evaluation evaluation)
    {
        var given = new JsonObject();
        foreach (var (name, value) in set.Values)
        {
            var filled = value.Fill(evaluation);
            given[name] = filled?.DeepClone();
            run.SetVariable(name, filled);
            evaluation.Changed();
        }

        run.Record(set, given, time.GetUtcNow());
        run.Position++;
    }

    private async Task<bool> CallAsync(JobRun run, Step.Call call, CancellationToken cancellation)
    {
        var operation = operations.Find(call.Operation);
        if (operation is null) return await FailAsync(run, call, "unknown-operation", cancellation);
        var inputs = Template.Fill(call.Inputs, Evaluate(run, cancellation));
        var repeat = operation.RepeatOf(inputs);
        if (run.Interrupted is { } interrupted && interrupted.Pointer == call.Pointer && repeat == Repeat.Unsafe) return await ParkAsync(run, call, cancellation);
        if (Misfit(operation.Shape, inputs) is { } misfit) return await FailAsync(run, call, misfit, cancellation);
        var step = run.Begin(call, time.GetUtcNow());
        var shown = operation.Shown(inputs);
        run.Note(step, shown, null);
        await run.Ledger.CommitAsync(run, JobState.Running, cancellation);
        var request = new OperationCall(run.Job.Account, run.Job.Person, inputs, JobRun.KeyOf(run.Job.Id, call.Pointer), call.Timeout);
        var outcome = await AskAsync(operation, request, cancellation);
        await log.CallAsync(run, operation.Shape, outcome is OperationOutcome.Done, cancellation);
        step.FinishedAt = time.GetUtcNow();
        if (outcome is OperationOutcome.Failed failed) return await FailedCallAsync(run, call, step, failed, repeat, cancellation);
        return await DoneCallAsync(run, call, step, shown, (OperationOutcome.Done)outcome, cancellation);
    }

    private async Task<OperationOutcome> AskAsync(IOperation operation, OperationCall call, CancellationToken cancellation)
    {
        using var timeout = new CancellationTokenSource(call.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, timeout.Token);
        try
        {
            return await operation.RunAsync(call, either.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new OperationOutcome.Failed("timeout", "The operation took too long.", Transient: true, Uncertain: true);
        }
        catch (Exception exception) when (exception is not (OperationCanceledException or Kernel.Vault.KeyDestroyedException))
        {
            log.OperationThrew(exception, operation.Shape.Name);
            return new OperationOutcome.Failed("operation-error", "The operation failed unexpectedly.", Transient: false, Uncertain: true);
        }
    }

    private async Task<bool> DoneCallAsync(JobRun run, Step.Call call, JobStep step, JsonObject shown, OperationOutcome.Done done, CancellationToken cancellation)
    {
        try
        {
            run.Output(call, done.Output?.DeepClone());
        }
        catch (MessageTooLargeException)
        {
            step.State = JobStepState.Failed;
            step.ErrorCode = MessageTooLargeException.Code;
            throw;
        }

        step.State = JobStepState.Done;
        run.Note(step, shown, done.Output);
        run.Position++;
        await run.Ledger.CommitAsync(run, JobState.Running, cancellation, done.Effect);
        return false;
    }

    /// <summary>Leaves the job to a person: the call may have taken effect, and doing it again would do it twice.</summary>
    private async Task<bool> ParkAsync(JobRun run, Step.Call call, CancellationToken cancellation)
    {
        run.Fail("in-doubt", call.Pointer);
        await log.JobAsync(run, "job-in-doubt", FlowLogLevel.Error, cancellation);
        await run.Ledger.CommitAsync(run, JobState.InDoubt, cancellation);
        return true;
    }

    /// <summary>What an expression yielded is known only now: the code of the first input that is missing or of another kind.</summary>
    private static string? Misfit(OperationShape shape, JsonObject inputs)
    {
        foreach (var input in shape.Inputs)
        {
            var value = inputs[input.Name];
            if (value is null ? input.Mandatory : !InputFit.Fits(input.Kind, new Template.Fixed(value))) return $"invalid-input-{input.Name}";
        }

        return null;
    }

    /// <summary>Tries again later while tries are left; what cannot be taken up again has one try.</summary>
    private async Task<bool> FailedCallAsync(JobRun run, Step.Call call, JobStep step, OperationOutcome.Failed failed, Repeat repeat, CancellationToken cancellation)
    {
        step.State = JobStepState.Failed;
        step.ErrorCode = failed.Code;
        if (!run.Ledger.Resumes) return await FailAsync(run, call, failed.Code, cancellation);
        if (failed.Uncertain && repeat == Repeat.Unsafe) return await ParkAsync(run, call, cancellation);
        if (!failed.Transient || step.Tries > call.Retry.Times) return await FailAsync(run, call, failed.Code, cancellation);
        run.Job.NextAt = time.GetUtcNow() + (call.Retry.Backoff * Math.Pow(2, step.Tries - 1));
        await run.Ledger.CommitAsync(run, JobState.Waiting, cancellation);
        return true;
    }

    private async Task<bool> FailAsync(JobRun run, Step step, string code, CancellationToken cancellation)
    {
        run.Fail(code, step.Pointer);
        await FinishAsync(run, JobState.Failed, cancellation);
        return true;
    }

    private async Task FinishAsync(JobRun run, JobState state, CancellationToken cancellation)
    {
        run.Job.FinishedAt = time.GetUtcNow();
        await log.JobAsync(run, state == JobState.Done ? "job-done" : "job-failed", state == JobState.Done ? FlowLogLevel.Info : FlowLogLevel.Error, cancellation);
        await run.Ledger.CommitAsync(run, state, cancellation);
    }
}
