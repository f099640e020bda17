using Custodia.Jq.Running;

namespace Custodia.Jq.Builtins.Dates;

/// <summary>jq's array for a moment: year, month from 0, day, hour, minute, seconds with their fraction, weekday, day of the year.</summary>
internal static class Parts
{
    private const int Count = 8;

    public static JqValue ToValue(Run run, in BrokenTime time, string? rest = null)
    {
        JqValue[] parts =
        [
            JqValue.Of(time.Year), JqValue.Of(time.Month), JqValue.Of(time.Day), JqValue.Of(time.Hour), JqValue.Of(time.Minute),
            JqValue.Of(time.Second + time.Fraction), JqValue.Of(time.Weekday), JqValue.Of(time.YearDay), JqValue.Of(rest),
        ];
        return run.ArrayOf(parts, rest is null ? Count : Count + 1);
    }

    /// <summary>Parts that are missing are 0, a missing year 1900.</summary>
    /// <exception cref="JqException">One of them is no number.</exception>
    public static BrokenTime Read(JqArray parts, string builtin)
    {
        Span<long> read = stackalloc long[Count];
        for (var i = 0; i < Count && i < parts.Count; i++)
        {
            if (!parts.Items[i].TryGetNumber(out var part) || double.IsNaN(part)) throw JqException.Of($"{builtin} requires parsed datetime inputs");
            if (i == 0) part -= 1900;
            read[i] = (long)Math.Clamp(part, int.MinValue, int.MaxValue);
        }

        return new BrokenTime { Year = read[0] + 1900, Month = read[1], Day = read[2], Hour = read[3], Minute = read[4], Second = read[5], Weekday = read[6], YearDay = read[7] };
    }
}
