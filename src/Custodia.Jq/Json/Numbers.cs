using System.Globalization;
using Custodia.Jq.Values;

namespace Custodia.Jq.Json;

/// <summary>Numbers as text: 17 significant digits at most, written as jq writes them.</summary>
internal static class Numbers
{
    private const double ExactIntegers = 1e15;

    /// <summary>The text of a JSON number, already known to be one.</summary>
    public static JqValue Read(string text)
    {
        var value = double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
        if (KeepsItsText(text)) return JqValue.Of(value);
        return DecimalLiteral.Read(text, value) is { } literal ? JqValue.Of(literal) : JqValue.Of(value);
    }

    /// <summary>Whether the shortest text of the double is this one: few digits, no exponent, no zero at the end of a fraction.</summary>
    public static bool KeepsItsText(ReadOnlySpan<char> text)
    {
        var unsigned = text.StartsWith("-") ? text[1..] : text;
        if (unsigned.Length is 0 or > 16 || unsigned.IndexOfAny('e', 'E') >= 0) return false;
        var point = unsigned.IndexOf('.');
        if (point < 0) return unsigned.Length <= 15 && (unsigned[0] != '0' || (unsigned.Length == 1 && text.Length == 1));
        return unsigned[^1] is not ('0' or '.') && !unsigned.StartsWith("0.0000");
    }

    /// <summary>The text of a number: its own digits where they were kept, else the shortest that reads back; nan is null.</summary>
    public static string Write(in JqValue value)
    {
        Span<char> buffer = stackalloc char[40];
        return value.Literal is { } literal ? literal.ToString() : buffer[..Write(value.GetDouble(), buffer)].ToString();
    }

    /// <summary>
    /// Writes a number of few digits: whole, or with at most four behind the point. What has at most 15 digits and reads back to the
    /// double is its shortest text, as no two of such texts share a double.
    /// </summary>
    public static bool TryWriteShort(double value, Span<byte> into, out int written)
    {
        written = 0;
        if (Math.Abs(value) >= 1e10 || (value == 0 && double.IsNegative(value))) return false;
        if (Math.Floor(value) == value) return ((long)value).TryFormat(into, out written, default, CultureInfo.InvariantCulture);
        var scaled = Math.Round(Math.Abs(value) * 10_000);
        if (scaled / 10_000 != Math.Abs(value) || scaled < 10) return false;
        if (value < 0) into[written++] = (byte)'-';
        var (whole, rest) = Math.DivRem((long)scaled, 10_000L);
        whole.TryFormat(into[written..], out var digits, default, CultureInfo.InvariantCulture);
        written += digits;
        into[written++] = (byte)'.';
        for (var power = 1_000L; rest > 0; power /= 10)
        {
            into[written++] = (byte)('0' + (rest / power));
            rest %= power;
        }

        return true;
    }

    /// <summary>Writes a double into at least 40 characters; returns how many.</summary>
    public static int Write(double value, Span<char> into)
    {
        if (double.IsNaN(value)) return Put("null", into);
        if (double.IsInfinity(value)) value = value > 0 ? double.MaxValue : -double.MaxValue;
        int length;
        if (Math.Abs(value) < ExactIntegers && Math.Floor(value) == value && (value != 0 || !double.IsNegative(value)))
        {
            ((long)value).TryFormat(into, out length, default, CultureInfo.InvariantCulture);
            return length;
        }

        Span<char> shortest = stackalloc char[32];
        return Lay(Shortest(value, shortest), into);
    }

    /// <summary>Digits and the place of the point, e.g. 1.5E-7 is "15" and -6.</summary>
    private static Decimal Shortest(double value, Span<char> buffer)
    {
        value.TryFormat(buffer, out var length, "R", CultureInfo.InvariantCulture);
        var text = buffer[..length];
        var isNegative = text[0] == '-';
        if (isNegative) text = text[1..];
        var mark = text.IndexOf('E');
        var exponent = mark < 0 ? 0 : int.Parse(text[(mark + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var mantissa = mark < 0 ? text : text[..mark];
        var point = mantissa.IndexOf('.');
        var whole = point < 0 ? mantissa.Length : point;
        if (point >= 0)
        {
            mantissa[(point + 1)..].CopyTo(mantissa[point..]);
            mantissa = mantissa[..^1];
        }

        var leading = 0;
        while (leading < mantissa.Length - 1 && mantissa[leading] == '0') leading++;
        var digits = mantissa[leading..].TrimEnd('0');
        return digits.Length == 0 ? new Decimal("0", 1, isNegative) : new Decimal(digits, whole - leading + exponent, isNegative);
    }

    private static int Lay(Decimal number, Span<char> into)
    {
        var at = 0;
        if (number.IsNegative) into[at++] = '-';
        var digits = number.Digits;
        if (number.Point is <= -4 || number.Point > digits.Length + 15) return at + LayExponent(number, into[at..]);
        if (number.Point <= 0)
        {
            at += Put("0.", into[at..]);
            into.Slice(at, -number.Point).Fill('0');
            at -= number.Point;
            return at + Put(digits, into[at..]);
        }

        if (number.Point >= digits.Length)
        {
            at += Put(digits, into[at..]);
            into.Slice(at, number.Point - digits.Length).Fill('0');
            return at + number.Point - digits.Length;
        }

        at += Put(digits[..number.Point], into[at..]);
        into[at++] = '.';
        return at + Put(digits[number.Point..], into[at..]);
    }

    private static int LayExponent(Decimal number, Span<char> into)
    {
        var at = 0;
        into[at++] = number.Digits[0];
        if (number.Digits.Length > 1)
        {
            into[at++] = '.';
            at += Put(number.Digits[1..], into[at..]);
        }

        var exponent = number.Point - 1;
        into[at++] = 'e';
        into[at++] = exponent < 0 ? '-' : '+';
        Math.Abs(exponent).TryFormat(into[at..], out var written, "00", CultureInfo.InvariantCulture);
        return at + written;
    }

    private static int Put(ReadOnlySpan<char> text, Span<char> into)
    {
        text.CopyTo(into);
        return text.Length;
    }

    private readonly ref struct Decimal(ReadOnlySpan<char> digits, int point, bool isNegative)
    {
        public ReadOnlySpan<char> Digits { get; } = digits;

        public int Point { get; } = point;

        public bool IsNegative { get; } = isNegative;
    }
}
