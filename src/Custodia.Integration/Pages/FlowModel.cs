using Custodia.Console;
using Custodia.Integration.Api;
using Custodia.Integration.Design;
using Custodia.Integration.Engine;
using Custodia.Integration.Flows;
using Custodia.Integration.Projects;

namespace Custodia.Integration.Pages;

/// <summary>One flow: its text, its drawing, its jobs and the versions of its project.</summary>
/// <param name="Text">What the editor shows: the stored text, or what was just sent.</param>
/// <param name="Steps">Null when the text cannot be read as a flow.</param>
internal sealed record FlowModel(
    FlowDraft Draft, FlowPlace Place, string Text, IReadOnlyList<Finding> Findings, IReadOnlyList<Step>? Steps, Trigger? Trigger, IReadOnlyList<JobItem> Jobs, FlowRights Rights)
{
    public IReadOnlyList<FlowFindings> Refused { get; init; } = [];

    /// <summary>Why the change was refused; null when it was not.</summary>
    public string? Problem { get; init; }

    /// <summary>The revision that the shown text was made from.</summary>
    public int Revision { get; init; } = Draft.Revision;

    public string Payload { get; init; } = "{ }";

    /// <summary>What a rehearsal had to tell.</summary>
    public IReadOnlyList<string>? Trace { get; init; }

    /// <summary>What an express flow just answered.</summary>
    public ExpressAnswer? Answer { get; init; }

    /// <summary>Errors are told beside the line, not by the form.</summary>
    public FormState Form { get; } = new();

    public bool CanRun => Rights.Invoke && Place.Callable;

    public string Path => $"/console/flows/{Draft.ComponentId:N}";
}

/// <param name="Deployed">Version on the runtime; 0: none.</param>
/// <param name="Callable">Whether the deployed version is started over HTTP.</param>
internal sealed record FlowPlace(string Group, Project Project, int Deployed, bool Callable, IReadOnlyList<VersionRow> Versions);

/// <param name="Flows">How many flows it holds.</param>
internal sealed record VersionRow(int Number, DateTimeOffset CreatedTime, int Flows);
