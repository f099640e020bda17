using Custodia.Kernel.Hosting;
using Custodia.Kernel.Policy.Binding;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Custodia.Kernel.Policy;

/// <summary>Loads the policy, holds it against the code and finds out whether it is in force. The server does not start on a finding.</summary>
internal sealed partial class PolicyStep(IServiceProvider services, ILogger<PolicyStep> log) : IStartStep
{
    public StartOrder Order => StartOrder.Policy;

    public Task RunAsync(CancellationToken cancellation)
    {
        var policy = services.GetRequiredService<PolicyInForce>();
        var findings = PolicyBinding.Check(policy.Loaded, BoundCode.Of(services));
        if (findings.Count > 0) throw new PolicyException(findings);
        Log.Loaded(log, policy.Loaded.Version, policy.Loaded.Sha256);
        if (policy.Waiting.Count > 0) Log.Waiting(log, policy.Loaded.Version, policy.Waiting.Count, policy.Confirmation.Version);
        foreach (var change in policy.Waiting) Log.WaitingChange(log, change.ToString());
        return Task.CompletedTask;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Policy {Version} is loaded, SHA-256 {Sha256}")]
        public static partial void Loaded(ILogger logger, string version, string sha256);

        [LoggerMessage(2, LogLevel.Warning, "Policy {Version} deletes sooner in {Changes} places than policy {InForce}, which is in force; retention goes by the longer of both until: custodia policy confirm --by NAME")]
        public static partial void Waiting(ILogger logger, string version, int changes, string inForce);

        [LoggerMessage(3, LogLevel.Warning, "Waits for confirmation: {Change}")]
        public static partial void WaitingChange(ILogger logger, string change);
    }
}
