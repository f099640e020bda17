using System.Buffers;
using System.Buffers.Text;

namespace Custodia.Identity.Keys;

/// <summary>
/// What JOSE demands of the text that others send, where .NET is more lenient: base64url without padding, blanks and line breaks
/// (RFC 7515 section 2).
/// </summary>
internal static class JoseText
{
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
}
