using Custodia.Console;
using Custodia.Integration.Api;
using Custodia.Integration.Engine;
using Custodia.Integration.Flows;
using Custodia.Integration.Runtimes;

namespace Custodia.Integration.Pages;

internal sealed record FlowListModel(IReadOnlyList<FlowRow> Flows, string? Older, bool CanWrite);

/// <param name="Jobs">In the last 24 hours.</param>
/// <param name="Failed">Of these, failed or in doubt.</param>
internal sealed record FlowRow(Guid Id, string Name, string Group, string Project, string Status, int Version, JobState? LastState, DateTimeOffset? LastAt, int Jobs, int Failed)
{
    public string ErrorRate => Jobs == 0 ? "–" : ((double)Failed / Jobs).ToString("P0", System.Globalization.CultureInfo.CurrentCulture);
}

/// <param name="Starter">Which example the text began as.</param>
internal sealed record NewFlowModel(FormState Form, string Starter, IReadOnlyList<Finding> Findings, IReadOnlyList<string> Groups, IReadOnlyList<string> Projects);

/// <param name="Text">The flow's text as the editor shows it.</param>
internal sealed record EditorModel(string Text, IReadOnlyList<Finding> Findings, bool ReadOnly)
{
    public string? MarkOf(int line)
    {
        string? mark = null;
        foreach (var finding in Findings)
        {
            if (finding.Line != line) continue;
            if (finding.Severity == FindingSeverity.Error) return "code-wrong";
            mark = "code-noted";
        }

        return mark;
    }
}

/// <param name="Job">Of a job: the steps it has run; null where a design is drawn.</param>
/// <param name="Path">Of a job: its page.</param>
internal sealed record DrawingModel(IReadOnlyList<Step> Steps, IReadOnlyList<StepItem>? Job, string? Path)
{
    public StepItem? DoneOf(Step step) => Job?.LastOrDefault(s => s.Pointer == step.Pointer);

    /// <summary>A choice leaves no record; of the others, what has none was not reached.</summary>
    public string ClassOf(Step step)
    {
        if (Job is null || step is Step.Choice) return "";
        return DoneOf(step) is { } done ? $"tone-{Labels.Tone(done.State).ToString().ToLowerInvariant()}" : "flow-node-ahead";
    }

    public string HrefOf(Step step)
    {
        if (Job is null) return $"#line-{step.At.Line}";
        return DoneOf(step) switch
        {
            { HasData: true } done => $"{Path}?step={done.Sequence}#reveal",
            { } done => $"#step-{done.Sequence}",
            _ => "#drawing",
        };
    }
}

internal readonly record struct FlowRights(bool Write, bool Deploy, bool Invoke, bool Jobs);

/// <param name="Flow">What the job runs; null when its version was deleted.</param>
/// <param name="Selected">The step that is asked about: its number, or <c>message</c>.</param>
/// <param name="Revealed">What was just revealed.</param>
internal sealed record JobModel(
    JobItem Job, IReadOnlyList<StepItem> Steps, Flow? Flow, IReadOnlyList<Kernel.Policy.PolicyUse> Uses, JobRights Rights, FormState Form, string Selected, string? Revealed)
{
    public string Path => $"/console/jobs/{Job.Id:N}";

    public bool InDoubt => Job.State == "in-doubt";

    /// <summary>Whether it will look different soon.</summary>
    public bool Moving => Job.State is "queued" or "running" or "waiting";

    public string RevealHref(StepItem step) => $"{Path}?step={step.Sequence}#reveal";
}

internal readonly record struct JobRights(bool Cancel, bool Retry);

/// <param name="Named">Whether each row says whose job it is.</param>
internal sealed record JobListModel(IReadOnlyList<JobItem> Jobs, string? Older, bool Named = false, Guid? Flow = null);

internal sealed record RuntimeListModel(IReadOnlyList<RuntimeRow> Runtimes, IReadOnlyList<InstanceRow> Instances, int AtOnce);

/// <param name="Oldest">Since when the job that waits longest has been due; null when none waits.</param>
internal sealed record RuntimeRow(Runtime Runtime, int Instances, int Running, int Waiting, int InDoubt, int Failed, DateTimeOffset? Oldest);

internal sealed record InstanceRow(Instance Instance, string Group, string Project, string Runtime);
