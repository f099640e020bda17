using System.CommandLine;

namespace Custodia.Server.Verbs;

/// <summary><c>custodia policy …</c>: check, publish, compare and confirm the policy.</summary>
internal static class PolicyVerb
{
    public static Command Create() => new("policy", "Checks, publishes, compares and confirms the privacy policy.")
    {
        PolicyCheckVerb.Create(),
        PolicyRenderVerb.Create(),
        PolicyDiffVerb.Create(),
        PolicyConfirmVerb.Create(),
    };
}
