namespace Custodia.Kernel.Policy;

/// <summary>Which policy is in force, and who put it into force when.</summary>
/// <param name="Sha256">Hash of the policy files.</param>
/// <param name="ConfirmedBy">The name that was given, or what made a confirmation needless.</param>
[Category("kernel.policy-confirmation")]
public sealed record PolicyConfirmation(string Sha256, string Version, string ConfirmedBy, DateTimeOffset ConfirmedAt);
