namespace Custodia.Kernel.Deletion;

/// <summary>The clock of a deletion request.</summary>
internal static class DeletionClock
{
    public const int MaxGraceDays = 14;

    /// <summary>How long before the deadline a request counts as due soon.</summary>
    public static readonly TimeSpan DueSoon = TimeSpan.FromDays(7);

    /// <summary>30 days or one calendar month, whichever is shorter (GDPR Art. 12(3) says one month).</summary>
    public static DateTimeOffset DueAt(DateTimeOffset requestedAt)
    {
        var days = requestedAt.AddDays(30);
        var month = requestedAt.AddMonths(1);
        return days < month ? days : month;
    }
}
