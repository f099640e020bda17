using System.Globalization;

namespace Custodia.Jq.Values;

/// <summary>
/// A number as it was written, for those that a double or its shortest text would change: long identifiers, 1.000, 1e1000. It is
/// printed by the rule of the General Decimal Arithmetic Specification (to-scientific-string), as jq 1.7 and later do.
/// </summary>
internal sealed class DecimalLiteral
{
    private readonly double _value;

    private DecimalLiteral(bool isNegative, string digits, int exponent, double value)
    {
        IsNegative = isNegative;
        Digits = digits;
        Exponent = exponent;
        _value = value;
    }

    private bool IsNegative { get; }

    /// <summary>Without leading zeros, but "0" for zero.</summary>
    private string Digits { get; }

    /// <summary>The number is digits times ten to this.</summary>
    private int Exponent { get; }

    /// <summary>Reads a JSON number. Null when its exponent is beyond what is kept; a double serves then.</summary>
    public static DecimalLiteral? Read(string text, double value)
    {
        var mark = text.AsSpan().IndexOfAny('e', 'E');
        var exponent = 0;
        if (mark >= 0 && (!int.TryParse(text.AsSpan(mark + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent) || Math.Abs((long)exponent) > 999_999_999)) return null;
        var mantissa = mark >= 0 ? text[..mark] : text;
        var isNegative = mantissa.StartsWith('-');
        mantissa = mantissa.TrimStart('-', '+');
        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        if (point >= 0)
        {
            exponent -= mantissa.Length - point - 1;
            mantissa = mantissa.Remove(point, 1);
        }

        var digits = mantissa.TrimStart('0');
        return new DecimalLiteral(isNegative, digits.Length == 0 ? "0" : digits, exponent, value);
    }

    public double ToDouble() => _value;

    /// <summary>The same with the other sign; zero loses its sign.</summary>
    public DecimalLiteral Negate() => new(Digits != "0" && !IsNegative, Digits, Exponent, Digits == "0" ? 0 : -_value);

    /// <summary>Exactly, digit by digit.</summary>
    public int Order(DecimalLiteral other)
    {
        var (sign, otherSign) = (Sign, other.Sign);
        if (sign != otherSign || sign == 0) return sign.CompareTo(otherSign);
        long size = Digits.Length + (long)Exponent, otherSize = other.Digits.Length + (long)other.Exponent;
        if (size != otherSize) return size > otherSize ? sign : -sign;
        return sign * CompareDigits(other);
    }

    public override string ToString()
    {
        var sign = IsNegative ? "-" : "";
        var adjusted = Digits.Length - 1L + Exponent;
        if (Exponent <= 0 && adjusted >= -6)
        {
            if (Exponent == 0) return sign + Digits;
            var point = Digits.Length + Exponent;
            return point > 0 ? $"{sign}{Digits[..point]}.{Digits[point..]}" : $"{sign}0.{new string('0', -point)}{Digits}";
        }

        var tail = Digits.Length > 1 ? $".{Digits[1..]}" : "";
        return $"{sign}{Digits[0]}{tail}E{(adjusted < 0 ? '-' : '+')}{Math.Abs(adjusted).ToString(CultureInfo.InvariantCulture)}";
    }

    private int Sign => Digits == "0" ? 0 : IsNegative ? -1 : 1;

    // Both have their first digit at the same place, so the texts compare as they stand, with zeros after the shorter.
    private int CompareDigits(DecimalLiteral other)
    {
        var longer = Math.Max(Digits.Length, other.Digits.Length);
        return string.CompareOrdinal(Digits.PadRight(longer, '0'), other.Digits.PadRight(longer, '0'));
    }
}
