using System.Diagnostics;
using System.Diagnostics.Metrics;
using Custodia.Kernel.Hosting;
using Custodia.Kernel.Policy;
using Microsoft.Extensions.Logging;

namespace Custodia.Kernel.Retention;

/// <summary>What one trigger of one category holds and would delete.</summary>
/// <param name="Due">Records (tables) or segments (streams) past the trigger.</param>
/// <param name="Oldest">Time of the oldest record held; null when nothing is held.</param>
internal sealed record RetentionLine(string Category, string Trigger, long Due, DateTimeOffset? Oldest);

/// <summary>Looks at every trigger of the policy and enforces it, through the rules that the modules registered and the streams.</summary>
internal sealed class RetentionRunner(IEnumerable<IRetentionRule> rules, StreamRetention streams, TimeProvider time, ILogger<RetentionRunner> log)
{
    private static readonly Counter<long> Deleted = Telemetry.Meter.CreateCounter<long>("custodia.retention.deleted", "{record}", "Records deleted by the policy.");
    private static readonly Counter<long> Failed = Telemetry.Meter.CreateCounter<long>("custodia.retention.failures", "{failure}", "Rules that failed and are tried again.");

    private readonly Dictionary<(string Category, string Trigger), IRetentionRule> _rules =
        rules.ToDictionary(r => (r.Category, r.Trigger));

    /// <summary>What the policy would delete now; reads only.</summary>
    public async Task<IReadOnlyList<RetentionLine>> PreviewAsync(LoadedPolicy policy, CancellationToken cancellation)
    {
        var lines = new List<RetentionLine>();
        foreach (var (category, trigger) in Triggers(policy))
        {
            var moment = new RetentionMoment(time.GetUtcNow(), trigger);
            if (_rules.TryGetValue((category.Id, trigger.Name), out var rule))
            {
                var preview = await rule.PreviewAsync(moment, cancellation);
                lines.Add(new RetentionLine(category.Id, trigger.Name, preview.Due, preview.Oldest));
            }
            else if (await streams.PreviewAsync(category, moment, cancellation) is { } preview)
            {
                lines.Add(new RetentionLine(category.Id, trigger.Name, preview.Due, preview.Oldest));
            }
        }

        return lines;
    }

    /// <summary>Deletes what is past its trigger. One rule that fails does not hold up the others; it is tried again at the next round.</summary>
    public async Task<IReadOnlyList<RetentionLine>> EnforceAsync(LoadedPolicy policy, CancellationToken cancellation)
    {
        var lines = new List<RetentionLine>();
        foreach (var (category, trigger) in Triggers(policy))
        {
            try
            {
                var deleted = await EnforceAsync(category, trigger, cancellation);
                if (deleted == 0) continue;
                lines.Add(new RetentionLine(category.Id, trigger.Name, deleted, null));
                Deleted.Add(deleted, Tags(category, trigger));
                log.Enforced(category.Id, trigger.Name, deleted);
            }
            catch (Exception exception) when (exception is not OperationCanceledException || !cancellation.IsCancellationRequested)
            {
                Failed.Add(1, Tags(category, trigger));
                log.RuleFailed(exception, category.Id, trigger.Name);
            }
        }

        return lines;
    }

    private async Task<long> EnforceAsync(PolicyCategory category, DeletionTrigger trigger, CancellationToken cancellation)
    {
        var moment = new RetentionMoment(time.GetUtcNow(), trigger);
        return _rules.TryGetValue((category.Id, trigger.Name), out var rule)
            ? await rule.EnforceAsync(moment, cancellation)
            : await streams.EnforceAsync(category, moment, cancellation);
    }

    private static TagList Tags(PolicyCategory category, DeletionTrigger trigger) => new() { { "category", category.Id }, { "trigger", trigger.Name } };

    private static IEnumerable<(PolicyCategory Category, DeletionTrigger Trigger)> Triggers(LoadedPolicy policy) =>
        from category in policy.Categories
        from trigger in category.DeleteOn
        select (category, trigger);
}
