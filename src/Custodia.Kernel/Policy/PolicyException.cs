using Custodia.Kernel.Hosting;

namespace Custodia.Kernel.Policy;

/// <summary>The policy and the code do not agree, or the policy cannot be read. The message lists every finding, one a line.</summary>
public sealed class PolicyException(IReadOnlyList<PolicyFinding> findings)
    : StartRefusedException(Policy, Text(findings))
{
    public IReadOnlyList<PolicyFinding> Findings { get; } = findings;

    private static string Text(IReadOnlyList<PolicyFinding> findings) =>
        $"The policy has {findings.Count} {(findings.Count == 1 ? "finding" : "findings")}:{Environment.NewLine}{string.Join(Environment.NewLine, findings)}";
}
