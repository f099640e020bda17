using Custodia.Integration.Flows;

namespace Custodia.Integration.Design;

/// <summary>What became of a change to the designs of an account.</summary>
internal abstract record DesignOutcome
{
    /// <param name="Id">Of what was made or changed.</param>
    public sealed record Done(Guid Id) : DesignOutcome;

    /// <summary>The flow is kept; with errors as a draft that cannot be deployed.</summary>
    public sealed record Saved(Guid Id, int Revision, bool Deployable, IReadOnlyList<Finding> Findings) : DesignOutcome;

    /// <param name="Addresses">Paths that start its flows over HTTP.</param>
    public sealed record Deployed(Guid Instance, int Version, IReadOnlyList<string> Addresses) : DesignOutcome;

    /// <param name="What"><c>group</c>, <c>project</c>, <c>flow</c> or <c>version</c>: there is none in the account.</param>
    public sealed record Missing(string What) : DesignOutcome;

    public sealed record Invalid(string Field, string Rule) : DesignOutcome;

    /// <param name="Code">Stable: <c>name-taken</c>, <c>changed-meanwhile</c>, <c>trigger-taken</c>.</param>
    public sealed record Conflict(string Code, string Title) : DesignOutcome;

    /// <summary>Nothing was deployed: these flows have errors.</summary>
    public sealed record Unchecked(IReadOnlyList<FlowFindings> Flows) : DesignOutcome;
}

internal sealed record FlowFindings(Guid Flow, string Name, IReadOnlyList<Finding> Findings);
