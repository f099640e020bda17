using Custodia.Jq.Running;

namespace Custodia.Jq.Builtins.Dates;

/// <summary>Moments as seconds since 1970, as arrays of their parts, and as text in C's formats and names.</summary>
internal static class DateBuiltins
{
    private const string Iso8601 = "%Y-%m-%dT%H:%M:%SZ";

    // As far as C's gmtime goes: the years that an int counts from 1900.
    private const double Furthest = 68e15;

    public static IEnumerable<Native> All { get; } =
    [
        new("now", 0, Now),
        new("gmtime", 0, GmTime),
        new("localtime", 0, LocalTime),
        new("mktime", 0, MkTime),
        new("strftime", 1, (Run run, in JqValue input, ReadOnlySpan<JqValue> arguments) => Write(run, input, arguments[0])),
        new("strflocaltime", 1, WriteLocal),
        new("strptime", 1, (Run run, in JqValue input, ReadOnlySpan<JqValue> arguments) => Read(run, input, arguments[0])),
        new("todate", 0, ToDate),
        new("todateiso8601", 0, ToDate),
        new("fromdate", 0, FromDate),
        new("fromdateiso8601", 0, FromDate),
    ];

    private static JqValue Now(Run run, in JqValue input, ReadOnlySpan<JqValue> arguments) =>
        JqValue.Of((run.Options.Clock.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond / 1e6);

    private static JqValue GmTime(Run run, in JqValue input, ReadOnlySpan<JqValue> arguments)
    {
        if (!input.TryGetNumber(out var seconds)) throw JqException.Of("gmtime() requires numeric inputs");
        return Parts.ToValue(run, Utc(seconds));
    }

    private static JqValue LocalTime(Run run, in JqValue input, ReadOnlySpan<JqValue> arguments)
    {
        if (!input.TryGetNumber(out var seconds)) throw JqException.Of("localtime() requires numeric inputs");
        return Parts.ToValue(run, new LocalClock(run.Options.TimeZone).At(Whole(seconds)) with { Fraction = seconds - Math.Floor(seconds) });
    }

    private static JqValue MkTime(Run run, in JqValue input, ReadOnlySpan<JqValue> arguments)
    {
        if (!input.TryGetArray(out var parts)) throw JqException.Of("mktime requires array inputs");
        var seconds = Parts.Read(parts, "mktime").ToSeconds();
        return IsRepresentable(BrokenTime.At(seconds)) ? JqValue.Of(seconds) : throw JqException.Of("invalid gmtime representation");
    }

    private static JqValue ToDate(Run run, in JqValue input, ReadOnlySpan<JqValue> arguments) => Write(run, input, JqValue.Of(Iso8601));

    private static JqValue FromDate(Run run, in JqValue input, ReadOnlySpan<JqValue> arguments) => MkTime(run, Read(run, input, JqValue.Of(Iso8601)), []);

    private static JqValue Write(Run run, in JqValue input, in JqValue format)
    {
        BrokenTime time;
        if (input.TryGetNumber(out var seconds)) time = Utc(seconds);
        else if (input.TryGetArray(out var parts)) time = Parts.Read(parts, "strftime/1").Normal();
        else throw JqException.Of("strftime/1 requires parsed datetime inputs");
        if (!format.TryGetString(out var text)) throw JqException.Of("strftime/1 requires a string format");
        return JqValue.Of(new TimeWriter(run, time, new ZoneMark("GMT", 0, time.ToSeconds())).Write(text));
    }

    private static JqValue WriteLocal(Run run, in JqValue input, ReadOnlySpan<JqValue> arguments)
    {
        var clock = new LocalClock(run.Options.TimeZone);
        long moment;
        if (input.TryGetNumber(out var seconds)) moment = Whole(seconds);
        else if (input.TryGetArray(out var parts)) moment = clock.MomentOf(Parts.Read(parts, "strflocaltime/1"));
        else throw JqException.Of("strflocaltime/1 requires parsed datetime inputs");
        if (!arguments[0].TryGetString(out var text)) throw JqException.Of("strflocaltime/1 requires a string format");
        return JqValue.Of(new TimeWriter(run, clock.At(moment), clock.MarkAt(moment)).Write(text));
    }

    private static JqValue Read(Run run, in JqValue input, in JqValue format)
    {
        if (!input.TryGetString(out var text) || !format.TryGetString(out var pattern)) throw JqException.Of("strptime/1 requires string inputs and arguments");
        run.Charge(text.Length + pattern.Length);
        var reader = new TimeReader(text, new LocalClock(run.Options.TimeZone));
        if (!reader.Read(pattern) || (reader.Rest.Length > 0 && !TimeReader.IsSpace(reader.Rest[0])))
        {
            throw JqException.Of($"date \"{text}\" does not match format \"{pattern}\"");
        }

        return Parts.ToValue(run, reader.Result(), reader.Rest.Length > 0 ? reader.Rest.ToString() : null);
    }

    // jq rounds the seconds towards zero but takes the fraction from the floor, so that before 1970 they do not fit together.
    private static BrokenTime Utc(double seconds) => BrokenTime.At(Whole(seconds)) with { Fraction = seconds - Math.Floor(seconds) };

    private static long Whole(double seconds)
    {
        if (Math.Abs(seconds) < Furthest && IsRepresentable(BrokenTime.At((long)seconds))) return (long)seconds;
        throw JqException.Of("error converting number of seconds since epoch to datetime");
    }

    private static bool IsRepresentable(in BrokenTime time) => time.Year - 1900 is >= int.MinValue and <= int.MaxValue;
}
