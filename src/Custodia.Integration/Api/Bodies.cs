using Custodia.Integration.Flows;

namespace Custodia.Integration.Api;

internal sealed record GroupBody(string Name, string? Remark = null);

internal sealed record ProjectBody(Guid Group, string Name, string? Tag = null, string? Remark = null);

/// <param name="Text">YAML or JSON, up to 262,144 characters.</param>
internal sealed record NewFlowBody(Guid Project, string Text);

/// <param name="Revision">The revision that the change was made from; a newer one is a conflict.</param>
internal sealed record FlowBody(string Text, int? Revision = null);

internal sealed record CheckBody(string Text);

/// <param name="Version">An older version again; left out: the drafts as a new version.</param>
internal sealed record DeployBody(int? Version = null);

internal sealed record CreatedAnswer(Guid Id);

internal sealed record ListAnswer<T>(IReadOnlyList<T> Items, string? NextCursor);

internal sealed record GroupItem(Guid Id, string Name, string? Remark, DateTimeOffset CreatedTime, DateTimeOffset UpdateTime);

internal sealed record ProjectItem(Guid Id, Guid Group, string Name, int Version, string? Tag, string? Remark, DateTimeOffset CreatedTime, DateTimeOffset UpdateTime);

internal sealed record FlowItem(Guid Id, Guid Project, string Name, string Status, int Revision, DateTimeOffset CreatedTime, DateTimeOffset UpdateTime);

internal sealed record FlowAnswer(Guid Id, Guid Project, string Name, string Status, int Revision, string Text, IReadOnlyList<FindingAnswer> Findings);

internal sealed record SavedAnswer(Guid Id, int Revision, bool Deployable, IReadOnlyList<FindingAnswer> Findings);

internal sealed record CheckAnswer(bool Deployable, IReadOnlyList<FindingAnswer> Findings);

/// <summary>Something wrong (<c>error</c>) or worth knowing (<c>note</c>); line and column count from 1.</summary>
internal sealed record FindingAnswer(string Severity, int Line, int Column, string Rule, string Message)
{
    public static IReadOnlyList<FindingAnswer> Of(IReadOnlyList<Finding> findings) =>
        [.. findings.Select(f => new FindingAnswer(f.Severity == FindingSeverity.Error ? "error" : "note", f.Line, f.Column, f.Rule, f.Message))];
}

/// <param name="Addresses">Paths that start the flows over HTTP.</param>
internal sealed record DeployedAnswer(Guid Instance, int Version, IReadOnlyList<string> Addresses);

internal sealed record RuntimeItem(Guid Id, string Name, string Kind, string Status, string? Remark, DateTimeOffset CreatedTime, DateTimeOffset UpdateTime);

internal sealed record InstanceItem(Guid Id, Guid Group, Guid Project, Guid Runtime, int Version, string? Tag, string Status, string? Remark, DateTimeOffset CreatedTime, DateTimeOffset UpdateTime);

internal sealed record JobItem(Guid Id, Guid Flow, string FlowName, int Version, string State, string? Error, string? ErrorPointer, DateTimeOffset CreatedAt, DateTimeOffset? FinishedAt);

/// <summary>A job with its steps; what it worked on is personal and not part of it.</summary>
internal sealed record JobDetail(JobItem Job, IReadOnlyList<StepItem> Steps);

internal sealed record StepItem(int Sequence, string Pointer, string Label, string? Operation, string State, int Tries, DateTimeOffset StartedAt, DateTimeOffset? FinishedAt, string? Error, bool HasData);

/// <param name="Step">Number of the step; left out: the message as it is now.</param>
internal sealed record RevealBody(string Purpose, string Reason, int? Step = null);

/// <param name="Value">What was revealed: of a step <c>{ input, output }</c>, else the message.</param>
internal sealed record RevealAnswer(System.Text.Json.JsonElement Value);
