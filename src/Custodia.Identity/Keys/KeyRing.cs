using System.Collections.Frozen;
using Microsoft.IdentityModel.Tokens;

namespace Custodia.Identity.Keys;

/// <summary>All published keys of a directory at one moment.</summary>
internal sealed class KeyRing
{
    private readonly FrozenDictionary<string, LiveKey> _byKid;

    public KeyRing(IReadOnlyList<LiveKey> keys, DateTimeOffset loadedAt)
    {
        Keys = keys;
        LoadedAt = loadedAt;
        _byKid = keys.ToFrozenDictionary(k => k.Kid, StringComparer.Ordinal);
        JsonWebKeySet = JsonWebKeys.Write(keys);
        Verification = [.. keys.Select(k => k.Verification)];
    }

    public IReadOnlyList<LiveKey> Keys { get; }

    public DateTimeOffset LoadedAt { get; }

    /// <summary>The JWKS document (RFC 7517 section 5), UTF-8.</summary>
    public byte[] JsonWebKeySet { get; }

    public IReadOnlyList<SecurityKey> Verification { get; }

    public LiveKey? Find(string kid) => _byKid.GetValueOrDefault(kid);

    /// <summary>The key that signs now: the one that took over last.</summary>
    public LiveKey? Signing(string algorithm, DateTimeOffset now)
    {
        LiveKey? signing = null;
        foreach (var key in Keys)
        {
            if (key.Algorithm == algorithm && key.SignsAt(now) && (signing is null || key.ActiveFrom > signing.ActiveFrom)) signing = key;
        }

        return signing;
    }
}
