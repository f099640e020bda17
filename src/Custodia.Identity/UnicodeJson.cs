using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Unicode;

namespace Custodia.Identity;

/// <summary>
/// JSON from outside that holds Unicode text only (RFC 7493 section 2.1). .NET parses other text too, and throws when a value is taken.
/// </summary>
internal static class UnicodeJson
{
    private const int EscapeLength = 6;

    /// <summary>Parses JSON from outside; null when it is none, is nested too deep, or holds text that is no Unicode and so cannot be read at all.</summary>
    public static JsonDocument? Parse(ReadOnlyMemory<byte> json, JsonDocumentOptions options)
    {
        if (!IsUnicode(json.Span)) return null;
        try
        {
            return JsonDocument.Parse(json, options);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public static bool IsUnicode(JsonElement json) => IsUnicode(JsonMarshal.GetRawUtf8Value(json));

    /// <summary>Whether the bytes are UTF-8 and no escape in them is half of a surrogate pair.</summary>
    public static bool IsUnicode(ReadOnlySpan<byte> json)
    {
        if (!Utf8.IsValid(json)) return false;
        for (var at = json.IndexOf((byte)'\\'); at >= 0; at = json.IndexOf((byte)'\\'))
        {
            json = json[at..];
            if (!json.StartsWith("\\u"u8))
            {
                json = json[Math.Min(2, json.Length)..];
                continue;
            }

            if (Unit(json) is not { } unit || char.IsLowSurrogate(unit)) return false;
            json = json[EscapeLength..];
            if (!char.IsHighSurrogate(unit)) continue;
            if (Unit(json) is not { } low || !char.IsLowSurrogate(low)) return false;
            json = json[EscapeLength..];
        }

        return true;
    }

    // The UTF-16 unit of an escape like \u00e9.
    private static char? Unit(ReadOnlySpan<byte> json) =>
        json.Length >= EscapeLength && json.StartsWith("\\u"u8)
        && Utf8Parser.TryParse(json[2..EscapeLength], out ushort unit, out var read, 'x') && read == 4
            ? (char)unit
            : null;
}
