using System.Globalization;
using Custodia.Jq.Running;

namespace Custodia.Jq.Builtins.Dates;

/// <summary><c>strftime</c> in the C locale, with glibc's flags and widths; what is no conversion stays as it is.</summary>
internal sealed class TimeWriter(Run run, BrokenTime time, ZoneMark zone)
{
    private readonly BoundedText _text = new(run);

    public string Write(string format)
    {
        WriteAll(format, isUpper: false);
        return _text.Done();
    }

    private void WriteAll(string format, bool isUpper)
    {
        for (var at = 0; at < format.Length;)
        {
            var percent = format.IndexOf('%', at);
            if (percent < 0) percent = format.Length;
            _text.Append(format.AsSpan(at, percent - at));
            if (percent == format.Length) return;
            at = WriteOne(format, percent, isUpper);
        }
    }

    /// <summary>Writes the conversion at a percent sign; returns where the text goes on.</summary>
    private int WriteOne(string format, int percent, bool isUpper)
    {
        var at = percent + 1;
        var layout = new Layout { IsUpper = isUpper };
        for (; at < format.Length && format[at] is '_' or '-' or '0' or '^' or '#'; at++)
        {
            if (format[at] == '^') layout.IsUpper = true;
            else if (format[at] == '#') layout.IsOtherCase = true;
            else layout.Pad = format[at];
        }

        for (; at < format.Length && char.IsAsciiDigit(format[at]); at++) layout.Width = (int)Math.Min((layout.Width * 10L) + format[at] - '0', int.MaxValue / 2);
        if (at < format.Length && format[at] is 'E' or 'O') at++;
        if (at < format.Length && Convert(format[at], layout)) return at + 1;
        _text.Append(format.AsSpan(percent, Math.Min(at + 1, format.Length) - percent));
        return at + 1;
    }

    private bool Convert(char conversion, Layout layout)
    {
        if (Number(conversion) is var (number, digits, pad))
        {
            Put(number, digits, pad, layout);
            return true;
        }

        if (Compound(conversion) is { } format)
        {
            var part = new TimeWriter(run, time, zone);
            part.WriteAll(format, layout.IsUpper);
            Put(part._text.Done(), layout);
            return true;
        }

        if (Text(conversion, layout) is not { } text) return false;
        Put(layout.IsUpper && conversion != 'P' ? text.ToUpperInvariant() : text, layout);
        return true;
    }

    private (long Value, int Digits, char Pad)? Number(char conversion) => conversion switch
    {
        'Y' => (time.Year, 1, '0'),
        'C' => ((long)Math.Floor(time.Year / 100.0), 1, '0'),
        'y' => (((time.Year % 100) + 100) % 100, 2, '0'),
        'G' => (IsoWeek().Year, 1, '0'),
        'g' => (((IsoWeek().Year % 100) + 100) % 100, 2, '0'),
        'V' => (IsoWeek().Week, 2, '0'),
        'm' => (time.Month + 1, 2, '0'),
        'd' => (time.Day, 2, '0'),
        'e' => (time.Day, 2, '_'),
        'H' => (time.Hour, 2, '0'),
        'k' => (time.Hour, 2, '_'),
        'I' => (((time.Hour + 11) % 12) + 1, 2, '0'),
        'l' => (((time.Hour + 11) % 12) + 1, 2, '_'),
        'M' => (time.Minute, 2, '0'),
        'S' => (time.Second, 2, '0'),
        'j' => (time.YearDay + 1, 3, '0'),
        'U' => ((time.YearDay - time.Weekday + 7) / 7, 2, '0'),
        'W' => ((time.YearDay - ((time.Weekday + 6) % 7) + 7) / 7, 2, '0'),
        'u' => (((time.Weekday + 6) % 7) + 1, 1, '0'),
        'w' => (time.Weekday, 1, '0'),
        's' => (zone.Moment, 1, '0'),
        _ => null,
    };

    private static string? Compound(char conversion) => conversion switch
    {
        'c' => "%a %b %e %H:%M:%S %Y",
        'D' or 'x' => "%m/%d/%y",
        'F' => "%Y-%m-%d",
        'R' => "%H:%M",
        'T' or 'X' => "%H:%M:%S",
        'r' => "%I:%M:%S %p",
        _ => null,
    };

    private string? Text(char conversion, Layout layout) => conversion switch
    {
        'a' => Name(Names.Weekdays[time.Weekday][..3], layout),
        'A' => Name(Names.Weekdays[time.Weekday], layout),
        'b' or 'h' => Name(Names.Months[time.Month][..3], layout),
        'B' => Name(Names.Months[time.Month], layout),
        'p' when layout.IsOtherCase => time.Hour < 12 ? "am" : "pm",
        'p' => time.Hour < 12 ? "AM" : "PM",
        'P' => time.Hour < 12 ? "am" : "pm",
        'Z' => layout.IsOtherCase ? zone.Name.ToLowerInvariant() : zone.Name,
        'z' => string.Create(CultureInfo.InvariantCulture, $"{(zone.OffsetMinutes < 0 ? '-' : '+')}{Math.Abs(zone.OffsetMinutes) / 60:00}{Math.Abs(zone.OffsetMinutes) % 60:00}"),
        'n' => "\n",
        't' => "\t",
        '%' => "%",
        _ => null,
    };

    private static string Name(string name, Layout layout) => layout.IsOtherCase ? name.ToUpperInvariant() : name;

    private void Put(long number, int digits, char usualPad, Layout layout)
    {
        var pad = layout.Pad == '\0' ? usualPad : layout.Pad;
        var text = Math.Abs(number).ToString(CultureInfo.InvariantCulture);
        var sign = number < 0 ? "-" : "";
        var missing = pad == '-' ? 0 : Math.Max(layout.Width, digits) - text.Length - sign.Length;
        if (pad == '0') _text.Append(sign);
        Fill(pad == '_' ? ' ' : '0', missing);
        if (pad != '0') _text.Append(sign);
        _text.Append(text);
    }

    private void Put(string text, Layout layout)
    {
        Fill(layout.Pad == '0' ? '0' : ' ', layout.Width - text.Length);
        _text.Append(text);
    }

    private void Fill(char with, int count)
    {
        if (count <= 0) return;
        run.MustFitText(count);
        _text.Append(new string(with, count));
    }

    /// <summary>ISO 8601: weeks begin on Monday and belong to the year of their Thursday.</summary>
    private (long Year, long Week) IsoWeek()
    {
        var thursday = time.YearDay - ((time.Weekday + 6) % 7) + 3;
        if (thursday < 0) return (time.Year - 1, ((thursday + (BrokenTime.IsLeap(time.Year - 1) ? 366 : 365)) / 7) + 1);
        var days = BrokenTime.IsLeap(time.Year) ? 366 : 365;
        return thursday >= days ? (time.Year + 1, 1) : (time.Year, (thursday / 7) + 1);
    }

    private struct Layout
    {
        public char Pad;
        public int Width;
        public bool IsUpper;
        public bool IsOtherCase;
    }
}
