using Custodia.Console;
using Custodia.Integration.Api;
using Custodia.Integration.Design;
using Custodia.Integration.Engine;
using Custodia.Integration.Flows;
using Custodia.Integration.Projects;
using Custodia.Integration.Runtimes;

namespace Custodia.Integration.Pages;

internal sealed record FlowListModel(IReadOnlyList<FlowRow> Flows, string? Older, bool CanWrite);

/// <param name="Jobs">In the last 24 hours.</param>
/// <param name="Failed">Of these, failed or in doubt.</param>
internal sealed record FlowRow(Guid Id, string Name, string Group, string Project, string Status, int Version, JobState? LastState, DateTimeOffset? LastAt, int Jobs, int Failed)
{
    public string ErrorRate => Jobs == 0 ? "–" : ((double)Failed / Jobs).ToString("P0", System.Globalization.CultureInfo.CurrentCulture);
}

internal sealed record NewFlowModel(FormState Form);

/// <param name="Text">What the editor shows: the stored text, or what was just sent.</param>
/// <param name="Steps">Null when the text cannot be read as a flow.</param>
internal sealed record FlowModel(
    FlowDraft Draft, Project Project, string Text, IReadOnlyList<Finding> Findings, IReadOnlyList<Step>? Steps, Trigger? Trigger, IReadOnlyList<JobItem> Jobs, FlowRights Rights)
{
    public IReadOnlyList<FlowFindings> Refused { get; init; } = [];

    /// <summary>Why the change was refused; null when it was not.</summary>
    public string? Problem { get; init; }

    public string Path => $"/console/flows/{Draft.ComponentId:N}";
}

internal readonly record struct FlowRights(bool Write, bool Deploy, bool Jobs);

internal sealed record JobModel(JobItem Job, IReadOnlyList<StepItem> Steps, bool CanCancel, bool CanRetry)
{
    public string Path => $"/console/jobs/{Job.Id:N}";
}

internal sealed record RuntimeListModel(IReadOnlyList<RuntimeRow> Runtimes);

internal sealed record RuntimeRow(Runtime Runtime, int Instances, int Running, int Waiting);
