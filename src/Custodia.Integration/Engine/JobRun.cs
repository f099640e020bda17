using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Custodia.Integration.Flows;

namespace Custodia.Integration.Engine;

/// <summary>A job while a worker runs it: the stored row, its message opened, and the steps not yet committed.</summary>
internal sealed class JobRun(JobWork work, FlowProgram program)
{
    private readonly List<JobStep> _added = [];

    public Job Job { get; } = work.Job;

    public FlowProgram Program { get; } = program;

    /// <summary><c>{ payload, attributes, variables, error }</c>: what expressions read.</summary>
    public JsonObject Document { get; } = work.Message;

    /// <summary>A call that was started and whose end nobody knows: the worker before died in it. Or one whose next try this is.</summary>
    public JobStep? Interrupted { get; private set; } = work.LastStep is { State: JobStepState.Started } ? work.LastStep : null;

    public JobStep? LastStep { get; private set; } = work.LastStep;

    public JsonObject? Response { get; set; }

    public int Position
    {
        get => Job.Position;
        set => Job.Position = value;
    }

    public Instruction? Next => Position < Program.Instructions.Count ? Program.Instructions[Position] : null;

    /// <summary>Steps to store with the next commit.</summary>
    public IReadOnlyList<JobStep> Added => _added;

    /// <summary>The step that the next commit updates, already stored.</summary>
    public JobStep? Changed { get; private set; }

    /// <summary>Notes a step that is over as soon as it began.</summary>
    public void Record(Step step, DateTimeOffset now) => Add(step, null, JobStepState.Done, now).FinishedAt = now;

    /// <summary>Notes that a call begins: a new step, or one more try of the one that failed or was interrupted here.</summary>
    public JobStep Begin(Step.Call call, DateTimeOffset now)
    {
        if (LastStep is { State: not JobStepState.Done } last && last.Pointer == call.Pointer)
        {
            last.State = JobStepState.Started;
            last.Tries++;
            last.ErrorCode = null;
            last.FinishedAt = null;
            Changed = last;
            Interrupted = null;
            return last;
        }

        var step = Add(call, call.Operation, JobStepState.Started, now);
        step.Tries = 1;
        return step;
    }

    public void Fail(string code, string pointer)
    {
        Job.ErrorCode = code;
        Job.ErrorPointer = pointer;
    }

    public void SetVariable(string name, JsonNode? value) => ((JsonObject)Document["variables"]!)[name] = value;

    public void SetPayload(JsonNode? value) => Document["payload"] = value;

    /// <summary>What was added is stored now; the last of it may still change.</summary>
    public void Committed()
    {
        _added.Clear();
        Changed = LastStep is { State: JobStepState.Started } ? LastStep : null;
    }

    /// <summary>Idempotency key of a call: the same at each try, another for each job and place.</summary>
    public static string KeyOf(Guid job, string pointer, int iteration = 0) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{job:N}|{pointer}|{iteration}"))));

    private JobStep Add(Step step, string? operation, JobStepState state, DateTimeOffset now)
    {
        var added = new JobStep
        {
            JobId = Job.Id,
            Sequence = Job.Steps++,
            Pointer = step.Pointer,
            Label = step.Label,
            Operation = operation,
            State = state,
            StartedAt = now,
        };
        _added.Add(added);
        LastStep = added;
        return added;
    }
}

/// <param name="LastStep">The step recorded last; null at the start.</param>
internal sealed record JobWork(Job Job, JsonObject Message, JobStep? LastStep);

/// <summary>A worker's right to a job until a moment; its fence is in every write.</summary>
internal readonly record struct Lease(Guid Job, long Fence);

/// <summary>The job belongs to somebody else now.</summary>
internal sealed class LeaseLostException : Exception;
