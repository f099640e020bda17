using System.Text;
using Custodia.Jq.Json;

namespace Custodia.Jq;

/// <summary>The program ended with an error of its own: of <c>error</c>, or of an operation on a value that it does not fit.</summary>
/// <param name="value">What <c>catch</c> would have got; mostly a text.</param>
public sealed class JqException(JqValue value) : Exception(value.Kind == JqKind.String ? value.GetString() : $"{value.ToJson()} (not a string)")
{
    // As long as jq's own: the text of a value in a message, in bytes.
    private const int Shown = 29;

    /// <summary>What the program raised.</summary>
    public JqValue Value { get; } = value;

    internal static JqException Of(string message) => new(JqValue.Of(message));

    /// <summary>E.g. <c>string ("abc") cannot be parsed as a number</c>.</summary>
    internal static JqException Of(in JqValue value, string complaint) => Of($"{Show(value)} {complaint}");

    /// <summary>E.g. <c>string ("abc") and number (1) cannot be added</c>.</summary>
    internal static JqException Of(in JqValue left, in JqValue right, string complaint) => Of($"{Show(left)} and {Show(right)} {complaint}");

    /// <summary>jq's word for a kind.</summary>
    internal static string NameOf(JqKind kind) => kind switch
    {
        JqKind.Null => "null",
        JqKind.Boolean => "boolean",
        JqKind.Number => "number",
        JqKind.String => "string",
        JqKind.Array => "array",
        _ => "object",
    };

    /// <summary>Kind and the beginning of the JSON, e.g. <c>string ("abc...)</c>.</summary>
    internal static string Show(in JqValue value) => $"{NameOf(value.Kind)} ({Beginning(value)})";

    internal static string Beginning(in JqValue value)
    {
        var json = JsonWriter.ToText(value, atMost: Shown * 8);
        if (Encoding.UTF8.GetByteCount(json) <= Shown) return json;
        var bytes = 0;
        var length = 0;
        foreach (var rune in json.EnumerateRunes())
        {
            bytes += rune.Utf8SequenceLength;
            if (bytes > Shown - 3) break;
            length += rune.Utf16SequenceLength;
        }

        return json[..length] + "...";
    }
}
