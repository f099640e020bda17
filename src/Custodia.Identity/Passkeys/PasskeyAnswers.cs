using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Custodia.Identity.Passkeys;

/// <summary>What the pages' script gets to hand to the browser.</summary>
internal static class PasskeyAnswers
{
    public static IResult Question(PasskeyQuestion question) =>
        Results.Text(new JsonObject { ["reference"] = question.Reference, ["options"] = JsonNode.Parse(question.Options) }.ToJsonString(), "application/json");
}
