namespace Custodia.Kernel.Policy;

/// <summary>A deletion promise of the policy, held against what is there.</summary>
/// <param name="Held">Null when nobody has told what is held.</param>
/// <param name="Requests">How requests to be forgotten are answered, where that is the promise.</param>
public sealed record Promise(DeletionTrigger Trigger, HeldFigure? Held, DeletionFigures? Requests, PromiseState State)
{
    private const string AccountDeleted = "account-deleted";

    public static IReadOnlyList<Promise> Of(PolicyCategory category, LiveFigures figures)
    {
        var held = figures.Of(category.Id).ToDictionary(f => f.Trigger, StringComparer.Ordinal);
        return [.. category.DeleteOn.Select(t => Of(category, t, held.GetValueOrDefault(t.Name), t.Name == AccountDeleted ? figures.Deletions : null, figures.At))];
    }

    private static Promise Of(PolicyCategory category, DeletionTrigger trigger, HeldFigure? held, DeletionFigures? requests, DateTimeOffset now)
    {
        var state = held switch
        {
            null when requests is not null => requests.Overdue > 0 ? PromiseState.Late : PromiseState.Kept,
            null => PromiseState.Unknown,
            { Oldest: null, Due: 0 } => PromiseState.NothingHeld,
            { Oldest: { } oldest } when trigger is DeletionTrigger.Age age && DayOf(now) > DayOf(category.Deadline.After(age.Period.After(oldest))) => PromiseState.Late,
            { Due: > 0 } => PromiseState.Deleting,
            _ => PromiseState.Kept,
        };
        return new Promise(trigger, held, requests, state);
    }

    // Logs go by whole days, so a promise is held until its last day is over.
    private static DateOnly DayOf(DateTimeOffset moment) => DateOnly.FromDateTime(moment.UtcDateTime);
}

public enum PromiseState
{
    /// <summary>Nobody has told what is held, or there is nothing to count.</summary>
    Unknown,
    NothingHeld,

    /// <summary>Nothing held is past its limit.</summary>
    Kept,

    /// <summary>Something is past its limit and within the deadline.</summary>
    Deleting,

    /// <summary>Something is past its limit and past the deadline.</summary>
    Late,
}
