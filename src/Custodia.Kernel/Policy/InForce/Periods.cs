namespace Custodia.Kernel.Policy.InForce;

/// <summary>Compares calendar periods: a month has 28 to 31 days, so two periods can be shorter than each other at different dates.</summary>
internal static class Periods
{
    // Month ends and beginnings of four years: every length of month and the leap day.
    private static readonly DateTimeOffset[] Starts =
    [
        .. Enumerable.Range(0, 48).SelectMany(month =>
        {
            var first = new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero).AddMonths(month);
            return new[] { first, first.AddDays(14), first.AddMonths(1).AddDays(-1) };
        }),
    ];

    /// <summary>Whether <paramref name="one"/> ends before <paramref name="other"/> for data of some date.</summary>
    public static bool IsShorter(Period one, Period other) => Array.Exists(Starts, start => one.After(start) < other.After(start));

    /// <summary>The new period, unless it is shorter.</summary>
    public static Period LongerOf(Period inForce, Period loaded) => IsShorter(loaded, inForce) ? inForce : loaded;
}
