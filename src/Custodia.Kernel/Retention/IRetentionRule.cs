namespace Custodia.Kernel.Retention;

/// <summary>
/// Enforces one <c>deleteOn</c> trigger of one category in a module's own tables. (Age of streams is the kernel's own.)
/// The start-up check demands one rule for each trigger of the policy, and a policy line for each rule.
/// </summary>
public interface IRetentionRule
{
    /// <summary>Policy category id.</summary>
    string Category { get; }

    /// <summary>Trigger name as in the policy: <c>age</c>, <c>age-since-verified</c>, <c>ticket-closed</c> …</summary>
    string Trigger { get; }

    /// <summary>What <see cref="EnforceAsync"/> would delete at <paramref name="moment"/>; reads only.</summary>
    Task<RetentionPreview> PreviewAsync(RetentionMoment moment, CancellationToken cancellation);

    /// <summary>Deletes what is past the trigger, in bounded batches. Idempotent.</summary>
    /// <returns>Records deleted.</returns>
    Task<int> EnforceAsync(RetentionMoment moment, CancellationToken cancellation);
}

/// <param name="Trigger">The policy's line (or, in a preview, that of a policy not loaded yet).</param>
public sealed record RetentionMoment(DateTimeOffset Now, Policy.DeletionTrigger Trigger)
{
    /// <summary>What began, or happened, before this instant is past the trigger.</summary>
    public DateTimeOffset Limit => Trigger switch
    {
        Policy.DeletionTrigger.Age age => age.Period.Before(Now),
        Policy.DeletionTrigger.Event happened => happened.Within.Before(Now),
        _ => Now,
    };
}

/// <param name="Oldest">Time of the oldest record held in the category, whether due or not; null when empty.</param>
public sealed record RetentionPreview(long Due, DateTimeOffset? Oldest);
