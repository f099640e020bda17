using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Custodia.Integration.Flows;

namespace Custodia.Integration.Engine;

/// <summary>A job while a worker runs it: the stored row, its message opened, and the steps not yet committed.</summary>
internal sealed class JobRun(JobWork work, FlowProgram program, IJobLedger ledger)
{
    private readonly List<JobStep> _added = [];
    private readonly List<(JobStep Step, JsonObject Data)> _noted = [];
    private readonly MessageSize _size = new(work.Message);

    public Job Job { get; } = work.Job;

    public FlowProgram Program { get; } = program;

    /// <summary>Where the run is written down.</summary>
    public IJobLedger Ledger { get; } = ledger;

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

    /// <summary>What steps took and gave, to store with the next commit.</summary>
    public IReadOnlyList<(JobStep Step, JsonObject Data)> Noted => _noted;

    /// <summary>The step that the next commit updates, already stored.</summary>
    public JobStep? Changed { get; private set; }

    /// <summary>Notes a step that is over as soon as it began.</summary>
    public void Record(Step step, JsonNode? output, DateTimeOffset now)
    {
        var over = Add(step, null, JobStepState.Done, now);
        over.FinishedAt = now;
        if (output is not null) Note(over, null, output);
    }

    /// <summary>Keeps what a step took and gave, for whoever looks at the job later.</summary>
    public void Note(JobStep step, JsonNode? input, JsonNode? output)
    {
        _noted.RemoveAll(n => n.Step == step);
        _noted.Add((step, new JsonObject { ["input"] = input?.DeepClone(), ["output"] = output?.DeepClone() }));
    }

    /// <summary>A person has found out that the call in doubt took effect: the job goes on behind it, with nothing for its output.</summary>
    public void Settle(Step.Call call, DateTimeOffset now)
    {
        if (LastStep is { } last)
        {
            last.State = JobStepState.Done;
            last.FinishedAt = now;
            last.ErrorCode = null;
            Changed = last;
        }

        Job.ErrorCode = null;
        Job.ErrorPointer = null;
        Output(call, null);
        Position++;
    }

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

    /// <exception cref="MessageTooLargeException">The message would outgrow its limit; it is as it was.</exception>
    public void SetVariable(string name, JsonNode? value) => _size.Put((JsonObject)Document["variables"]!, name, value, Document);

    /// <summary>The output of a call goes into its variable, else in place of the payload.</summary>
    /// <exception cref="MessageTooLargeException">The message would outgrow its limit; it is as it was.</exception>
    public void Output(Step.Call call, JsonNode? output)
    {
        if (call.Into is { } into) SetVariable(into, output);
        else _size.Put(Document, "payload", output, Document);
    }

    /// <summary>What was added is stored now; the last of it may still change.</summary>
    public void Committed()
    {
        _added.Clear();
        _noted.Clear();
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
