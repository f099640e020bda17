using System.Text;

namespace Custodia.Jq.Json;

/// <summary>Words and numbers of JSON as jq takes them.</summary>
internal static class JsonLiterals
{
    private static readonly double[] Powers = [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

    /// <summary>The value, or what is wrong with it.</summary>
    public static JqValue? Read(ReadOnlySpan<byte> token, out string? mistake)
    {
        mistake = null;
        if (TryWhole(token, out var whole)) return JqValue.Of((double)whole);
        switch (token[0])
        {
            case (byte)'t':
                return token.SequenceEqual("true"u8) ? JqValue.True : Mistaken("Invalid literal", out mistake);
            case (byte)'f':
                return token.SequenceEqual("false"u8) ? JqValue.False : Mistaken("Invalid literal", out mistake);
            case (byte)'\'':
                return Mistaken("Invalid string literal; expected \", but got '", out mistake);
            case (byte)'n' when token.SequenceEqual("null"u8):
                return JqValue.Null;
            case (byte)'n' when token.Length > 1 && token[1] == 'u':
                return Mistaken("Invalid literal", out mistake);
        }

        return Number(token) ?? Mistaken("Invalid numeric literal", out mistake);
    }

    /// <summary>
    /// A number of few digits, as most are, whose double has the same text: its digits are below 2^53 and the power of ten is exact,
    /// so that the quotient is the nearest double (Clinger's fast path).
    /// </summary>
    public static bool TryQuick(ReadOnlySpan<byte> bytes, ref int at, out JqValue value)
    {
        value = default;
        var from = at;
        var isNegative = bytes[from] == '-';
        if (isNegative) from++;
        var (mantissa, point, end) = (0L, -1, from);
        for (; end < bytes.Length; end++)
        {
            var digit = (uint)(bytes[end] - '0');
            if (digit <= 9) mantissa = (mantissa * 10) + digit;
            else if (bytes[end] == '.' && point < 0) point = end;
            else break;
            if (end - from > 15) return false;
        }

        var isWhole = point < 0;
        if (end == bytes.Length || end == from || bytes[end] is not ((byte)',' or (byte)'}' or (byte)']' or (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')) return false;
        if (isWhole ? bytes[from] == '0' && (isNegative || end - from > 1) : point == from || point == end - 1 || bytes[end - 1] == '0' || (bytes[from] == '0' && (point > from + 1 || end - from < 3 || bytes[from + 2] == '0'))) return false;
        if (end - from > 15 + (isWhole ? 0 : 1)) return false;
        var number = isWhole ? mantissa : mantissa / Powers[end - point - 1];
        value = JqValue.Of(isNegative ? -number : number);
        at = end;
        return true;
    }

    /// <summary>A number as jq takes it: also .5, 1., +1, 007, nan and infinity.</summary>
    public static JqValue? Number(ReadOnlySpan<byte> token)
    {
        if (token.Length > 100_000) return null;
        var text = Encoding.UTF8.GetString(token);
        var unsigned = text.AsSpan(text.Length > 0 && text[0] is '-' or '+' ? 1 : 0);
        if (unsigned.Length == 0) return null;
        if (unsigned.Equals("nan", StringComparison.OrdinalIgnoreCase)) return JqValue.Of(double.NaN);
        if (unsigned.Equals("infinity", StringComparison.OrdinalIgnoreCase)) return JqValue.Of(text[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity);
        return IsNumber(unsigned) ? Numbers.Read(text[0] == '+' ? text[1..] : text) : null;
    }

    private static bool IsNumber(ReadOnlySpan<char> text)
    {
        var mark = text.IndexOfAny('e', 'E');
        if (mark >= 0)
        {
            var exponent = text[(mark + 1)..];
            if (exponent.Length > 0 && exponent[0] is '+' or '-') exponent = exponent[1..];
            if (exponent.Length == 0 || exponent.ContainsAnyExceptInRange('0', '9')) return false;
            text = text[..mark];
        }

        var point = text.IndexOf('.');
        var digits = text.Length - (point >= 0 ? 1 : 0);
        return digits > 0 && !(point < 0 ? text : text[..point]).ContainsAnyExceptInRange('0', '9') && (point < 0 || !text[(point + 1)..].ContainsAnyExceptInRange('0', '9'));
    }

    /// <summary>Up to 15 digits without a zero in front: what most numbers are.</summary>
    private static bool TryWhole(ReadOnlySpan<byte> token, out long whole)
    {
        whole = 0;
        var isNegative = token[0] == '-';
        if (isNegative) token = token[1..];
        if (token.Length is 0 or > 15 || (token[0] == '0' && (isNegative || token.Length > 1))) return false;
        foreach (var digit in token)
        {
            if (digit is < (byte)'0' or > (byte)'9') return false;
            whole = (whole * 10) + digit - '0';
        }

        if (isNegative) whole = -whole;
        return true;
    }

    private static JqValue? Mistaken(string reason, out string? mistake)
    {
        mistake = reason;
        return null;
    }
}
