using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Custodia.Identity.Protocol;

/// <summary>
/// Secrets that are looked up and not read: codes, refresh tokens, client secrets. 256 random bits, stored as their SHA-256.
/// A slow, salted hash would add nothing: it protects what people choose, and nobody can try 2^256 values.
/// </summary>
internal static class OpaqueToken
{
    private const int Bytes = 32;
    private const int Characters = 43;

    /// <summary>A new secret as base64url text, and its hash for the store.</summary>
    public static (string Text, byte[] Hash) Create()
    {
        Span<byte> secret = stackalloc byte[Bytes];
        RandomNumberGenerator.Fill(secret);
        var text = Base64Url.EncodeToString(secret);
        return (text, Hash(text));
    }

    public static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));

    /// <summary>Whether the text could be one of ours, before it costs a query.</summary>
    public static bool Looks(string? text) => text is { Length: Characters } && Base64Url.IsValid(text);
}
