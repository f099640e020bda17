using System.Collections.Immutable;
using System.Text.Json;
using Custodia.Identity.Keys;

namespace Custodia.Identity.Applications;

/// <summary>The public keys of an application (RFC 7517 section 5).</summary>
/// <param name="Rejected">How many members were no key that may be used here.</param>
internal sealed record ClientKeySet(ImmutableArray<PublicJwk> Keys, int Rejected)
{
    public const int MaxKeys = 20;

    /// <summary>Null when it is not a JWK set with at least one key and at most <see cref="MaxKeys"/>.</summary>
    public static ClientKeySet? Parse(JsonElement jwks)
    {
        if (jwks.ValueKind != JsonValueKind.Object || !UnicodeJson.IsUnicode(jwks) || !jwks.TryGetProperty("keys", out var members) || members.ValueKind != JsonValueKind.Array) return null;
        if (members.GetArrayLength() is 0 or > MaxKeys) return null;
        var keys = members.EnumerateArray().Select(PublicJwk.Parse).OfType<PublicJwk>().ToImmutableArray();
        return keys.IsEmpty ? null : new ClientKeySet(keys, members.GetArrayLength() - keys.Length);
    }
}
