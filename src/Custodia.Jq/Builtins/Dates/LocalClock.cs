using System.Globalization;

namespace Custodia.Jq.Builtins.Dates;

/// <param name="Name">For <c>%Z</c>.</param>
/// <param name="OffsetMinutes">East of Greenwich.</param>
/// <param name="Moment">Seconds since 1970-01-01T00:00:00Z.</param>
internal readonly record struct ZoneMark(string Name, int OffsetMinutes, long Moment);

/// <summary>Clock time in a zone. Beyond the years 1 to 9999 the offset of the nearest of them holds.</summary>
internal readonly struct LocalClock(TimeZoneInfo zone)
{
    public BrokenTime At(long moment) => BrokenTime.At(moment + (OffsetAt(moment) * 60L));

    /// <summary>
    /// The moment at which clocks show this. A time that is skipped in spring counts as if the clock had not been changed, one that
    /// comes twice in autumn as the later.
    /// </summary>
    public long MomentOf(in BrokenTime time)
    {
        var seconds = time.ToSeconds();
        var local = DateTime.SpecifyKind(Within(seconds).DateTime, DateTimeKind.Unspecified);
        return seconds - (long)zone.GetUtcOffset(local).TotalSeconds;
    }

    /// <summary>.NET knows no abbreviations such as CEST, so that zones other than UTC go by their offset, as many do in the tz database.</summary>
    public ZoneMark MarkAt(long moment)
    {
        var minutes = OffsetAt(moment);
        if (minutes == 0 && (zone.HasSameRules(TimeZoneInfo.Utc) || zone.BaseUtcOffset == TimeSpan.Zero)) return new ZoneMark("UTC", 0, moment);
        var sign = minutes < 0 ? '-' : '+';
        var (hours, rest) = Math.DivRem(Math.Abs(minutes), 60);
        var name = string.Create(CultureInfo.InvariantCulture, $"{sign}{hours:00}");
        return new ZoneMark(rest == 0 ? name : string.Create(CultureInfo.InvariantCulture, $"{name}{rest:00}"), minutes, moment);
    }

    private int OffsetAt(long moment) => (int)zone.GetUtcOffset(Within(moment)).TotalMinutes;

    private static DateTimeOffset Within(long seconds) =>
        DateTimeOffset.FromUnixTimeSeconds(Math.Clamp(seconds, DateTimeOffset.MinValue.ToUnixTimeSeconds() + 172_800, DateTimeOffset.MaxValue.ToUnixTimeSeconds() - 172_800));
}
