namespace Custodia.Jq.Builtins.Dates;

/// <summary><c>strptime</c> in the C locale as glibc reads: spaces in the format skip any in the text, numbers may have fewer digits, names any case.</summary>
internal ref struct TimeReader(ReadOnlySpan<char> text, LocalClock clock)
{
    private const int NoYearDay = 367;
    private const int NoWeekday = 8;
    private readonly LocalClock _clock = clock;
    private ReadOnlySpan<char> _rest = text;
    private long _year = 1900;
    private long _month;
    private long _day;
    private long _hour;
    private long _minute;
    private long _second;
    private long _weekday = NoWeekday;
    private long _yearDay = NoYearDay;
    private long _century = -1;
    private long _week;
    private bool _wantsCentury;
    private bool _wantsDays;
    private bool _hasMonth;
    private bool _hasDay;
    private bool _hasWeekday;
    private bool _hasYearDay;
    private bool _hasHalfDay;
    private bool _isAfternoon;
    private char _weeksFrom;

    /// <summary>What the format left over.</summary>
    public readonly ReadOnlySpan<char> Rest => _rest;

    public static bool IsSpace(char unit) => unit is ' ' or (>= '\t' and <= '\r');

    public bool Read(ReadOnlySpan<char> format)
    {
        while (!format.IsEmpty)
        {
            var unit = format[0];
            format = format[1..];
            if (IsSpace(unit))
            {
                SkipSpace();
            }
            else if (unit != '%')
            {
                if (!Take(unit)) return false;
            }
            else if (!ReadOne(ref format))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The parts that were read, and those that follow from them.</summary>
    public BrokenTime Result()
    {
        if (_hasHalfDay && _isAfternoon) _hour += 12;
        if (_century >= 0) _year = (_century * 100) + (_wantsCentury ? _year % 100 : 0);
        if (_wantsDays)
        {
            if (!(_hasMonth && _hasDay) && _hasYearDay) MonthFromYearDay();
            var days = BrokenTime.DaysBefore(_year, _month) + _day - 1;
            if (!_hasWeekday) _weekday = BrokenTime.WeekdayOf(days);
            if (!_hasYearDay) _yearDay = days - BrokenTime.DaysBefore(_year, 0);
        }

        if (_weeksFrom != '\0' && _hasWeekday) DaysFromWeek();
        return new BrokenTime { Year = _year, Month = _month, Day = _day, Hour = _hour, Minute = _minute, Second = _second, Weekday = _weekday, YearDay = _yearDay };
    }

    private bool ReadOne(ref ReadOnlySpan<char> format)
    {
        format = format.TrimStart("-_0^#");
        if (format is ['E', 'c' or 'C' or 'Y' or 'x' or 'X', ..] or ['O', 'b' or 'B' or 'd' or 'e' or 'H' or 'I' or 'm' or 'M' or 'S' or 'U' or 'V' or 'W' or 'w' or 'y', ..]) format = format[1..];
        if (format.IsEmpty) return false;
        var conversion = format[0];
        format = format[1..];
        return conversion switch
        {
            'a' or 'A' or 'u' or 'w' or 'j' or 'U' or 'W' or 'V' or 'g' or 'G' => ReadWeek(conversion),
            'b' or 'B' or 'h' or 'm' or 'd' or 'e' or 'y' or 'Y' or 'C' => ReadDate(conversion),
            'H' or 'k' or 'I' or 'l' or 'M' or 'S' or 'p' => ReadClock(conversion),
            'c' => ReadWantingDays("%a %b %e %H:%M:%S %Y"),
            'D' or 'x' => ReadWantingDays("%m/%d/%y"),
            'F' => ReadWantingDays("%Y-%m-%d"),
            'R' => Read("%H:%M"),
            'T' or 'X' => Read("%H:%M:%S"),
            'r' => Read("%I:%M:%S %p"),
            's' => ReadMoment(),
            'Z' => SkipZoneName(),
            'z' => SkipOffset(),
            'n' or 't' => SkipSpace(),
            '%' => Take('%'),
            _ => false,
        };
    }

    private bool ReadWantingDays(string format)
    {
        _wantsDays = true;
        return Read(format);
    }

    private bool ReadDate(char conversion)
    {
        _wantsDays = true;
        switch (conversion)
        {
            case 'b' or 'B' or 'h':
                _hasMonth = true;
                return TakeName(Names.Months, out _month);
            case 'm':
                _hasMonth = true;
                return TakeNumber(1, 12, 2, out _month, less: 1);
            case 'd' or 'e':
                _hasDay = true;
                return TakeNumber(1, 31, 2, out _day);
            case 'C':
                return TakeNumber(0, 99, 2, out _century);
            case 'y':
                _wantsCentury = true;
                if (!TakeNumber(0, 99, 2, out _year)) return false;
                _year += _year >= 69 ? 1900 : 2000;
                return true;
            default:
                (_wantsCentury, _century) = (false, -1);
                return TakeNumber(0, 9999, 4, out _year);
        }
    }

    private bool ReadClock(char conversion)
    {
        switch (conversion)
        {
            case 'H' or 'k':
                _hasHalfDay = false;
                return TakeNumber(0, 23, 2, out _hour);
            case 'I' or 'l':
                _hasHalfDay = true;
                if (!TakeNumber(1, 12, 2, out _hour)) return false;
                _hour %= 12;
                return true;
            case 'M':
                return TakeNumber(0, 59, 2, out _minute);
            case 'S':
                return TakeNumber(0, 61, 2, out _second);
            default:
                if (_rest is not ['a' or 'A' or 'p' or 'P', 'm' or 'M', ..]) return false;
                _isAfternoon = _rest[0] is 'p' or 'P';
                _rest = _rest[2..];
                return true;
        }
    }

    private bool ReadWeek(char conversion)
    {
        switch (conversion)
        {
            case 'a' or 'A':
                _hasWeekday = true;
                return TakeName(Names.Weekdays, out _weekday);
            case 'u':
                _hasWeekday = true;
                if (!TakeNumber(1, 7, 1, out _weekday)) return false;
                _weekday %= 7;
                return true;
            case 'w':
                _hasWeekday = true;
                return TakeNumber(0, 6, 1, out _weekday);
            case 'j':
                _hasYearDay = true;
                return TakeNumber(1, 366, 3, out _yearDay, less: 1);
            case 'U' or 'W':
                _weeksFrom = conversion;
                return TakeNumber(0, 53, 2, out _week);
            case 'V':
                return TakeNumber(0, 53, 2, out _);
            case 'g':
                return TakeNumber(0, 99, 2, out _);
            default:
                return TakeDigits(4) > 0;
        }
    }

    private bool ReadMoment()
    {
        var digits = _rest.IndexOfAnyExceptInRange('0', '9') is var end && end < 0 ? _rest : _rest[..end];
        if (digits.Length is 0 or > 16) return false;
        var time = _clock.At(long.Parse(digits, System.Globalization.CultureInfo.InvariantCulture));
        _rest = _rest[digits.Length..];
        (_year, _month, _day, _hour, _minute, _second, _weekday, _yearDay) = (time.Year, time.Month, time.Day, time.Hour, time.Minute, time.Second, time.Weekday, time.YearDay);
        return true;
    }

    // Read but not used, as in jq: a moment with an offset is taken as if it were UTC.
    private bool SkipOffset()
    {
        SkipSpace();
        if (Take('Z')) return true;
        if (!Take('+') && !Take('-')) return false;
        if (!TakeNumber(0, 99, 2, out _, exactly: true)) return false;
        var hasColon = _rest is [':', >= '0' and <= '9', ..] && Take(':');
        return TakeNumber(0, 59, 2, out _, exactly: true) || (!hasColon && (_rest.IsEmpty || !char.IsAsciiDigit(_rest[0])));
    }

    private bool SkipZoneName()
    {
        SkipSpace();
        while (!_rest.IsEmpty && !IsSpace(_rest[0])) _rest = _rest[1..];
        return true;
    }

    private bool SkipSpace()
    {
        while (!_rest.IsEmpty && IsSpace(_rest[0])) _rest = _rest[1..];
        return true;
    }

    private bool Take(char unit)
    {
        if (_rest.IsEmpty || _rest[0] != unit) return false;
        _rest = _rest[1..];
        return true;
    }

    private bool TakeName(string[] names, out long index)
    {
        for (index = 0; index < names.Length; index++)
        {
            var name = names[index].AsSpan();
            var length = _rest.StartsWith(name, StringComparison.OrdinalIgnoreCase) ? name.Length : _rest.StartsWith(name[..3], StringComparison.OrdinalIgnoreCase) ? 3 : 0;
            if (length == 0) continue;
            _rest = _rest[length..];
            return true;
        }

        return false;
    }

    private bool TakeNumber(long from, long to, int digits, out long number, int less = 0, bool exactly = false)
    {
        number = 0;
        if (!exactly) _rest = _rest.TrimStart(' ');
        var taken = 0;
        while (taken < digits && taken < _rest.Length && char.IsAsciiDigit(_rest[taken]) && (taken == 0 || exactly || number * 10 <= to)) number = (number * 10) + _rest[taken++] - '0';
        if (taken == 0 || number < from || number > to || (exactly && taken < digits)) return false;
        _rest = _rest[taken..];
        number -= less;
        return true;
    }

    private int TakeDigits(int atMost)
    {
        var taken = 0;
        for (; taken < atMost && !_rest.IsEmpty && char.IsAsciiDigit(_rest[0]); taken++) _rest = _rest[1..];
        return taken;
    }

    private void MonthFromYearDay()
    {
        var first = BrokenTime.DaysBefore(_year, 0);
        var month = 11;
        while (month > 0 && BrokenTime.DaysBefore(_year, month) - first > _yearDay) month--;
        if (!_hasMonth) _month = month;
        if (!_hasDay) _day = _yearDay - (BrokenTime.DaysBefore(_year, month) - first) + 1;
    }

    /// <summary>Weeks are counted from the first Sunday (%U) or Monday (%W) of the year; the days before it are in week 0.</summary>
    private void DaysFromWeek()
    {
        var start = _weeksFrom == 'U' ? 0 : 1;
        var newYear = BrokenTime.WeekdayOf(BrokenTime.DaysBefore(_year, 0));
        if (!_hasYearDay) _yearDay = ((7 - (newYear - start)) % 7) + ((_week - 1) * 7) + ((_weekday - start + 7) % 7);
        if (!_hasDay || !_hasMonth) MonthFromYearDay();
    }
}
