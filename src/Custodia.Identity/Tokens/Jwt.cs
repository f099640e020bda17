using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Custodia.Identity.Keys;

namespace Custodia.Identity.Tokens;

/// <summary>What a signed token says.</summary>
internal interface IJwtClaims
{
    /// <summary>The key's encoded header for this type of token (<c>typ</c>).</summary>
    ReadOnlySpan<byte> Header(LiveKey key);

    void Write(Utf8JsonWriter json);
}

/// <summary>
/// Writes signed tokens in the compact form (RFC 7515 section 7.1). This is the server's hottest path: claims go straight into
/// a reused buffer, the header is encoded once a key, and nothing is allocated but the token's own text.
/// </summary>
internal static class Jwt
{
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? t_claims;

    [ThreadStatic]
    private static Utf8JsonWriter? t_json;

    public static string Sign<TClaims>(LiveKey key, in TClaims claims)
        where TClaims : struct, IJwtClaims
    {
        var buffer = t_claims ??= new ArrayBufferWriter<byte>(2048);
        buffer.ResetWrittenCount();
        var json = t_json ??= new Utf8JsonWriter(buffer);
        json.Reset(buffer);
        json.WriteStartObject();
        claims.Write(json);
        json.WriteEndObject();
        json.Flush();

        var header = claims.Header(key);
        var signed = header.Length + Base64Url.GetEncodedLength(buffer.WrittenCount);
        var length = signed + 1 + Base64Url.GetEncodedLength(key.SignatureBytes);
        var token = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            header.CopyTo(token);
            Base64Url.EncodeToUtf8(buffer.WrittenSpan, token.AsSpan(header.Length));
            Span<byte> signature = stackalloc byte[key.SignatureBytes];
            key.Sign(token.AsSpan(0, signed), signature);
            token[signed] = (byte)'.';
            Base64Url.EncodeToUtf8(signature, token.AsSpan(signed + 1));
            return Encoding.ASCII.GetString(token, 0, length);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(token);
        }
    }

    /// <summary>
    /// <c>at_hash</c>: the left half of the SHA-256 of the access token's ASCII text (Core section 3.1.3.6; both algorithms we
    /// sign with end in 256).
    /// </summary>
    public static string HalfHash(string token)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.ASCII.GetBytes(token), hash);
        return Base64Url.EncodeToString(hash[..(SHA256.HashSizeInBytes / 2)]);
    }
}
