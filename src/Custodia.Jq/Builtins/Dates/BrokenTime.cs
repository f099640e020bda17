namespace Custodia.Jq.Builtins.Dates;

/// <summary>A moment taken apart as C's <c>struct tm</c>, in the proleptic Gregorian calendar, without leap seconds. Parts may lie outside their range until <see cref="Normal"/>.</summary>
internal readonly record struct BrokenTime
{
    private const long DaySeconds = 86_400;

    // Days from 0000-03-01 to 1970-01-01: years that begin in March have their leap day last.
    private const long DaysToEpoch = 719_468;
    private const long EraDays = 146_097;

    /// <summary>The calendar's year, not C's count from 1900.</summary>
    public long Year { get; init; }

    /// <summary>From 0.</summary>
    public long Month { get; init; }

    /// <summary>Of the month, from 1.</summary>
    public long Day { get; init; }

    public long Hour { get; init; }

    public long Minute { get; init; }

    public long Second { get; init; }

    /// <summary>Of a second, below 1.</summary>
    public double Fraction { get; init; }

    /// <summary>From Sunday, 0.</summary>
    public long Weekday { get; init; }

    /// <summary>From 0.</summary>
    public long YearDay { get; init; }

    public static bool IsLeap(long year) => year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

    /// <summary>Days from 1970-01-01 to the first of a month; the month may lie outside 0 to 11.</summary>
    public static long DaysBefore(long year, long month)
    {
        year += FloorDiv(month, 12);
        month -= FloorDiv(month, 12) * 12;
        var marchYear = month < 2 ? year - 1 : year;
        var era = FloorDiv(marchYear, 400);
        var yearOfEra = marchYear - (era * 400);
        var dayOfYear = ((153 * ((month + 10) % 12)) + 2) / 5;
        return (era * EraDays) + (yearOfEra * 365) + (yearOfEra / 4) - (yearOfEra / 100) + dayOfYear - DaysToEpoch;
    }

    /// <summary>The moment so many seconds after 1970-01-01T00:00:00.</summary>
    public static BrokenTime At(long seconds)
    {
        var days = FloorDiv(seconds, DaySeconds);
        var rest = seconds - (days * DaySeconds);
        var shifted = days + DaysToEpoch;
        var era = FloorDiv(shifted, EraDays);
        var dayOfEra = shifted - (era * EraDays);
        var yearOfEra = (dayOfEra - (dayOfEra / 1460) + (dayOfEra / 36_524) - (dayOfEra / 146_096)) / 365;
        var dayOfYear = dayOfEra - ((365 * yearOfEra) + (yearOfEra / 4) - (yearOfEra / 100));
        var shiftedMonth = ((5 * dayOfYear) + 2) / 153;
        var month = (shiftedMonth + 2) % 12;
        var year = yearOfEra + (era * 400) + (month < 2 ? 1 : 0);
        return new BrokenTime
        {
            Year = year,
            Month = month,
            Day = dayOfYear - (((153 * shiftedMonth) + 2) / 5) + 1,
            Hour = rest / 3600,
            Minute = rest / 60 % 60,
            Second = rest % 60,
            Weekday = WeekdayOf(days),
            YearDay = days - DaysBefore(year, 0),
        };
    }

    /// <summary>Seconds since 1970-01-01T00:00:00 of the same clock; weekday and day of the year do not count.</summary>
    public long ToSeconds() => ((DaysBefore(Year, Month) + Day - 1) * DaySeconds) + (Hour * 3600) + (Minute * 60) + Second;

    /// <summary>The same moment with every part in its range.</summary>
    public BrokenTime Normal() => At(ToSeconds()) with { Fraction = Fraction };

    public static long WeekdayOf(long daysSinceEpoch) => (((daysSinceEpoch + 4) % 7) + 7) % 7;

    private static long FloorDiv(long value, long by) => (value / by) - (value % by < 0 ? 1 : 0);
}
