using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;
using Microsoft.IdentityModel.Tokens;

namespace Custodia.Identity.Keys;

/// <summary>Writes public keys as a JWK set (RFC 7517; parameters of RFC 7518 section 6).</summary>
internal static class JsonWebKeys
{
    public static byte[] Write(IEnumerable<LiveKey> keys)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartArray("keys");
            foreach (var key in keys) Write(json, key);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void Write(Utf8JsonWriter json, LiveKey key)
    {
        json.WriteStartObject();
        if (key.Verification is ECDsaSecurityKey ec)
        {
            var parameters = ec.ECDsa.ExportParameters(includePrivateParameters: false);
            json.WriteString("kty", "EC");
            json.WriteString("crv", "P-256");
            json.WriteString("x", Base64Url.EncodeToString(parameters.Q.X));
            json.WriteString("y", Base64Url.EncodeToString(parameters.Q.Y));
        }
        else
        {
            var parameters = ((RsaSecurityKey)key.Verification).Rsa.ExportParameters(includePrivateParameters: false);
            json.WriteString("kty", "RSA");
            json.WriteString("n", Base64Url.EncodeToString(parameters.Modulus));
            json.WriteString("e", Base64Url.EncodeToString(parameters.Exponent));
        }

        json.WriteString("use", "sig");
        json.WriteString("alg", key.Algorithm);
        json.WriteString("kid", key.Kid);
        json.WriteEndObject();
    }
}
