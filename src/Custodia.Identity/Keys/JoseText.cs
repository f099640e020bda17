using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Custodia.Identity.Keys;

/// <summary>
/// What JOSE demands of the text that others send, where .NET is more lenient or throws: base64url without padding, blanks and line
/// breaks (RFC 7515 section 2), and JSON that holds Unicode text only (RFC 7493 section 2.1).
/// </summary>
internal static class JoseText
{
    private const int EscapeLength = 6;

    private static readonly SearchValues<char> Alphabet = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    /// <summary>Null when it is not base64url.</summary>
    public static byte[]? Decode(ReadOnlySpan<char> text)
    {
        if (text.ContainsAnyExcept(Alphabet)) return null;
        var bytes = new byte[Base64Url.GetMaxDecodedLength(text.Length)];
        return Base64Url.DecodeFromChars(text, bytes, out _, out var written) == OperationStatus.Done ? bytes[..written] : null;
    }

    /// <summary>Whether it is the base64url form of a SHA-256 hash.</summary>
    public static bool IsHash(string text) => text.Length == 43 && !text.AsSpan().ContainsAnyExcept(Alphabet);

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
