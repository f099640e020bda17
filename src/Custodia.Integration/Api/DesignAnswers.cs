using Custodia.Integration.Design;
using Custodia.Integration.Flows;
using Custodia.Kernel.Http;
using Microsoft.AspNetCore.Http;

namespace Custodia.Integration.Api;

/// <summary>Outcomes as the API says them.</summary>
internal static class DesignAnswers
{
    private const string Root = "/api/v1/integration";

    public static IResult Of(DesignOutcome outcome, string things) => outcome switch
    {
        DesignOutcome.Done done => TypedResults.Created($"{Root}/{things}/{done.Id:D}", new CreatedAnswer(done.Id)),
        DesignOutcome.Deployed deployed => TypedResults.Ok(new DeployedAnswer(deployed.Instance, deployed.Version, deployed.Addresses)),
        DesignOutcome.Saved { Deployable: true } saved => TypedResults.Ok(new SavedAnswer(saved.Id, saved.Revision, true, FindingAnswer.Of(saved.Findings))),
        // It is kept, so that nothing typed is lost; but whoever asked must not take it for good.
        DesignOutcome.Saved saved => Problem.Of(
            StatusCodes.Status422UnprocessableEntity, "flow-has-errors", "The flow is kept as a draft: it has errors and cannot be deployed.",
            ("id", saved.Id), ("revision", saved.Revision), ("findings", FindingAnswer.Of(saved.Findings))),
        DesignOutcome.Unchecked @unchecked => Problem.Of(
            StatusCodes.Status422UnprocessableEntity, "flows-have-errors", "Nothing was deployed: some flows have errors.",
            ("flows", @unchecked.Flows.Select(f => new { id = f.Flow, name = f.Name, findings = FindingAnswer.Of(f.Findings) }).ToArray())),
        DesignOutcome.Missing missing => Problem.NotFound(missing.What),
        DesignOutcome.Invalid { Field: "text" } => Problem.Of(
            StatusCodes.Status413PayloadTooLarge, "text-too-long", $"The text of a flow has at most {FlowReader.MaxLength} characters.", ("field", "text"), ("limit", FlowReader.MaxLength)),
        DesignOutcome.Invalid invalid => Problem.Invalid((invalid.Field, invalid.Rule)),
        DesignOutcome.Conflict conflict => Problem.Conflict(conflict.Code, conflict.Title),
        _ => throw new ArgumentOutOfRangeException(nameof(outcome)),
    };

    public static IResult Deleted(DesignOutcome outcome) => outcome is DesignOutcome.Done ? TypedResults.NoContent() : Of(outcome, "");
}
