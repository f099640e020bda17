using System.Buffers;
using System.Text.Json;
using Custodia.Identity.Applications;

namespace Custodia.Identity.ClientRegistration;

/// <summary>
/// <c>token_endpoint_auth_signing_alg</c>: an assertion that is signed in another way is refused (OpenID Connect Dynamic Client
/// Registration section 2). It is kept in the keys themselves, each of which may say its one algorithm (RFC 7517 section 4.4); keys at
/// an address of the client's say for themselves what they are for.
/// </summary>
internal static class AssertionAlgorithm
{
    private const string Member = "alg";

    /// <summary>The key set with the algorithm in each key that names none; null when no key can be used with it.</summary>
    public static JsonElement? Into(JsonElement jwks, string algorithm)
    {
        if (ClientKeySet.Parse(jwks) is not { } set || !set.Keys.Any(key => key.Fits(algorithm))) return null;
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartArray("keys");
            foreach (var key in jwks.GetProperty("keys").EnumerateArray()) Write(json, key, algorithm);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return JsonElement.Parse(buffer.WrittenSpan);
    }

    /// <summary>What all keys of a set say; null when they say different things or nothing.</summary>
    public static string? Of(JsonElement jwks)
    {
        var said = jwks.GetProperty("keys").EnumerateArray()
            .Select(key => key.TryGetProperty(Member, out var one) && one.ValueKind == JsonValueKind.String ? one.GetString() : null)
            .Distinct(StringComparer.Ordinal)
            .ToList();
        return said is [{ } algorithm] ? algorithm : null;
    }

    private static void Write(Utf8JsonWriter json, JsonElement key, string algorithm)
    {
        if (key.ValueKind != JsonValueKind.Object || key.TryGetProperty(Member, out _))
        {
            key.WriteTo(json);
            return;
        }

        json.WriteStartObject();
        foreach (var member in key.EnumerateObject()) member.WriteTo(json);
        json.WriteString(Member, algorithm);
        json.WriteEndObject();
    }
}
