using System.Globalization;
using System.Text;

namespace Custodia.Jq.Json;

/// <summary>Strings with escapes.</summary>
internal static class JsonEscapes
{
    /// <summary>Where the string ends; -1 when it does not.</summary>
    /// <param name="body">What follows the opening quote.</param>
    /// <param name="from">No escape is cut in two here; afterwards the place to go on from when there is more.</param>
    public static int End(ReadOnlySpan<byte> body, ref int from)
    {
        while (from < body.Length)
        {
            var next = body[from..].IndexOfAny((byte)'"', (byte)'\\');
            if (next < 0) from = body.Length;
            else if (body[from + next] == '"') return from + next;
            else if (from + next + 2 > body.Length) return -1;
            else from += next + 2;
        }

        return -1;
    }

    /// <summary>The text, or what is wrong with it.</summary>
    public static string? Resolve(ReadOnlySpan<byte> body, out string? mistake)
    {
        mistake = null;
        var text = new StringBuilder(body.Length);
        while (body.Length > 0)
        {
            var plain = body.IndexOf((byte)'\\');
            if (plain < 0) plain = body.Length;
            text.Append(Encoding.UTF8.GetString(body[..plain]));
            body = body[plain..];
            if (body.Length == 0) break;
            if (!Escape(ref body, text, out mistake)) return null;
        }

        return text.ToString();
    }

    private static bool Escape(ref ReadOnlySpan<byte> body, StringBuilder text, out string? mistake)
    {
        mistake = null;
        if (body.Length < 2)
        {
            mistake = "Expected escape character at end of string";
            return false;
        }

        var letter = body[1];
        if (letter == 'u') return Unit(ref body, text, out mistake);
        var plain = letter switch { (byte)'"' or (byte)'\\' or (byte)'/' => (char)letter, (byte)'b' => '\b', (byte)'f' => '\f', (byte)'n' => '\n', (byte)'r' => '\r', (byte)'t' => '\t', _ => '\0' };
        if (plain == '\0')
        {
            mistake = "Invalid escape";
            return false;
        }

        text.Append(plain);
        body = body[2..];
        return true;
    }

    private static bool Unit(ref ReadOnlySpan<byte> body, StringBuilder text, out string? mistake)
    {
        mistake = null;
        if (body.Length < 6) mistake = "Invalid \\uXXXX escape";
        else if (!TryUnit(body, out _)) mistake = "Invalid characters in \\uXXXX escape";
        if (mistake is not null) return false;
        TryUnit(body, out var unit);
        body = body[6..];
        if (!char.IsSurrogate(unit))
        {
            text.Append(unit);
            return true;
        }

        if (char.IsHighSurrogate(unit) && body.Length >= 6 && body[0] == '\\' && body[1] == 'u' && TryUnit(body, out var low) && char.IsLowSurrogate(low))
        {
            text.Append(unit).Append(low);
            body = body[6..];
            return true;
        }

        mistake = "Invalid \\uXXXX\\uXXXX surrogate pair escape";
        return false;
    }

    private static bool TryUnit(ReadOnlySpan<byte> escape, out char unit)
    {
        var isUnit = ushort.TryParse(escape[2..6], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value);
        unit = (char)value;
        return isUnit;
    }
}
