using Custodia.Kernel.Hosting;
using Custodia.Kernel.Policy.Binding;
using Custodia.Kernel.Policy.InForce;
using Custodia.Kernel.Retention;
using Microsoft.Extensions.Options;

namespace Custodia.Kernel.Policy.Review;

/// <summary>What a person looks at before they confirm a policy, and the confirmation.</summary>
public sealed class PolicyReview
{
    private readonly PolicyInForce _policy;
    private readonly RetentionRunner _retention;
    private readonly CustodiaOptions _options;
    private readonly IServiceProvider _services;

    internal PolicyReview(PolicyInForce policy, RetentionRunner retention, IOptions<CustodiaOptions> options, IServiceProvider services)
    {
        _policy = policy;
        _retention = retention;
        _options = options.Value;
        _services = services;
    }

    /// <summary>Which policy is loaded, which is in force, and what waits for a confirmation.</summary>
    public PolicyStanding Standing()
    {
        var (confirmation, waiting) = (_policy.Confirmation, _policy.Waiting);
        return new PolicyStanding(_policy.Loaded.Version, _policy.Loaded.Sha256, confirmation, waiting);
    }

    /// <summary>What the waiting changes would delete now, counted in the data; reads only.</summary>
    public async Task<IReadOnlyList<PendingDeletion>> PreviewAsync(CancellationToken cancellation)
    {
        var waiting = _policy.Waiting;
        if (waiting.Count == 0) return [];
        var lines = await _retention.PreviewAsync(_policy.Loaded, cancellation);
        return
        [
            .. lines.Where(line => waiting.Any(c => c.Category == line.Category && (c.Key == $"deleteOn.{line.Trigger}" || c.Key == "deadline")))
                .Select(line => new PendingDeletion(line.Category, line.Trigger, line.Due, line.Oldest)),
        ];
    }

    /// <summary>The policy folder as it is now: what the next start would load. Findings are those of <c>custodia policy check</c>.</summary>
    public PolicyFolder Folder()
    {
        var reading = PolicyLoader.Load(PolicySource.DirectoryOf(_options));
        if (reading.Policy is not { } policy) return new PolicyFolder(null, null, reading.Findings, []);
        return new PolicyFolder(policy.Version, policy.Sha256, PolicyBinding.Check(policy, BoundCode.Of(_services)), PolicyDiff.Of(_policy.Loaded, policy));
    }

    /// <summary>Puts the loaded policy into force in a person's name, if it is the one they have seen.</summary>
    /// <param name="sha256">Hash of the policy that they looked at.</param>
    public ConfirmOutcome Confirm(string sha256, string by)
    {
        if (!string.Equals(sha256, _policy.Loaded.Sha256, StringComparison.Ordinal)) return new ConfirmOutcome.OtherPolicy(_policy.Loaded.Sha256);
        if (_policy.Waiting.Count == 0) return new ConfirmOutcome.NothingWaits();
        var confirmed = _policy.Confirm(by);
        return new ConfirmOutcome.InForce(confirmed);
    }
}

/// <param name="Version">Of the loaded policy; its newest file's date.</param>
/// <param name="Sha256">Of the loaded policy's files: <c>cat policy/*.yaml | sha256sum</c>.</param>
/// <param name="InForce">The policy that retention goes by, and who confirmed it. While something waits it is not the loaded one.</param>
/// <param name="Waiting">Changes of the loaded policy that delete sooner and wait for a person; empty when it is in force.</param>
public sealed record PolicyStanding(string Version, string Sha256, PolicyConfirmation InForce, IReadOnlyList<PolicyChange> Waiting);

/// <summary>What one trigger would delete now under the loaded policy.</summary>
/// <param name="Due">Records (tables) or days (logs) past the trigger.</param>
/// <param name="Oldest">Null when nothing is held.</param>
public sealed record PendingDeletion(string Category, string Trigger, long Due, DateTimeOffset? Oldest);

/// <param name="Version">Null when the files cannot be read as a policy.</param>
/// <param name="Changes">From the loaded policy to these files.</param>
public sealed record PolicyFolder(string? Version, string? Sha256, IReadOnlyList<PolicyFinding> Findings, IReadOnlyList<PolicyChange> Changes);

/// <summary>What came of a confirmation.</summary>
public abstract record ConfirmOutcome
{
    /// <param name="Confirmed">The changes that take effect now.</param>
    public sealed record InForce(IReadOnlyList<PolicyChange> Confirmed) : ConfirmOutcome;

    public sealed record NothingWaits : ConfirmOutcome;

    /// <summary>The policy was changed since it was looked at.</summary>
    public sealed record OtherPolicy(string Loaded) : ConfirmOutcome;
}
