using Custodia.Jq.Json;
using Custodia.Jq.Running;

namespace Custodia.Jq.Builtins.Texts;

/// <summary>Values to text and back.</summary>
internal static class Conversions
{
    /// <summary>A string as it is, anything else as JSON.</summary>
    public static string ToText(Run run, in JqValue value) => value.TryGetString(out var text) ? text : ToJson(run, value);

    public static string ToJson(Run run, in JqValue value)
    {
        var json = JsonWriter.ToText(value);
        run.MustFitText(json.Length);
        return json;
    }

    public static JqValue ToText(Run run, in JqValue input, ReadOnlySpan<JqValue> arguments) => input.IsString ? input : JqValue.Of(ToJson(run, input));

    public static JqValue ToJson(Run run, in JqValue input, ReadOnlySpan<JqValue> arguments) => JqValue.Of(ToJson(run, input));

    public static JqValue FromJson(Run run, in JqValue input, ReadOnlySpan<JqValue> arguments)
    {
        if (!input.TryGetString(out var json)) throw JqException.Of(input, "only strings can be parsed");
        run.Charge(json.Length * 4L);
        try
        {
            return JsonText.Parse(json);
        }
        catch (JqJsonException problem)
        {
            throw JqException.Of($"{problem.Message} (while parsing '{json}')");
        }
    }

    public static JqValue ToNumber(Run run, in JqValue input, ReadOnlySpan<JqValue> arguments)
    {
        if (input.IsNumber) return input;
        if (!input.TryGetString(out var text)) throw JqException.Of(input, "cannot be parsed as a number");
        run.Charge(text.Length * 4L);
        if (IsDecimal(text)) return Numbers.Read(text);
        return JqValue.Of(Special(text) ?? throw JqException.Of(input, "cannot be parsed as a number"));
    }

    public static JqValue ToBoolean(Run run, in JqValue input, ReadOnlySpan<JqValue> arguments)
    {
        if (input.IsBoolean) return input;
        if (input.TryGetString(out var text) && text is "true" or "false") return JqValue.Of(text == "true");
        throw JqException.Of(input, "cannot be parsed as a boolean");
    }

    /// <summary>Digits with a sign, a point and an exponent, more freely than JSON: also <c>+1</c>, <c>.5</c>, <c>5.</c> and leading zeros.</summary>
    private static bool IsDecimal(ReadOnlySpan<char> text)
    {
        if (text is ['+' or '-', ..]) text = text[1..];
        var whole = Digits(text);
        text = text[whole..];
        var fraction = 0;
        if (text is ['.', ..])
        {
            fraction = Digits(text[1..]);
            text = text[(fraction + 1)..];
        }

        if (whole + fraction == 0) return false;
        if (text.IsEmpty) return true;
        if (text[0] is not ('e' or 'E')) return false;
        text = text[1..];
        if (text is ['+' or '-', ..]) text = text[1..];
        return !text.IsEmpty && Digits(text) == text.Length;
    }

    private static int Digits(ReadOnlySpan<char> text)
    {
        var other = text.IndexOfAnyExceptInRange('0', '9');
        return other < 0 ? text.Length : other;
    }

    private static double? Special(string text)
    {
        var unsigned = text is ['+' or '-', ..] ? text[1..] : text;
        if (unsigned.Equals("nan", StringComparison.OrdinalIgnoreCase)) return double.NaN;
        if (!unsigned.Equals("inf", StringComparison.OrdinalIgnoreCase) && !unsigned.Equals("infinity", StringComparison.OrdinalIgnoreCase)) return null;
        return text[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity;
    }
}
