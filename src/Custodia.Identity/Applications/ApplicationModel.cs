using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;

namespace Custodia.Identity.Applications;

/// <summary>An application as the endpoints use it: read-only, checked, ready for lookups.</summary>
internal sealed class ApplicationModel
{
    private static readonly byte[] Nothing = new byte[32];

    private readonly ImmutableArray<(byte[] Hash, DateTimeOffset? ExpiresAt)> _secrets;

    public ApplicationModel(Application stored, IEnumerable<ApplicationSecret> secrets)
    {
        Id = stored.Id;
        Account = stored.Account;
        DirectoryId = stored.DirectoryId;
        ClientId = stored.ClientId;
        Name = stored.Name;
        Kind = stored.Kind;
        RedirectUris = Lines(stored.RedirectUris);
        PostLogoutUris = Lines(stored.PostLogoutUris).ToFrozenSet(StringComparer.Ordinal);
        Scopes = Protocol.Scopes.Split(stored.Scopes).ToFrozenSet(StringComparer.Ordinal);
        Permissions = Protocol.Scopes.Split(stored.Permissions).ToFrozenSet(StringComparer.Ordinal);
        Resources = Lines(stored.Resources).ToFrozenSet(StringComparer.Ordinal);
        ConsentRequired = stored.ConsentRequired;
        DeviceGrant = stored.DeviceGrant;
        BackchannelLogoutUri = stored.BackchannelLogoutUri;
        AccessTokenLife = TimeSpan.FromSeconds(stored.AccessTokenSeconds);
        IdTokenLife = TimeSpan.FromSeconds(stored.IdTokenSeconds);
        RefreshIdle = TimeSpan.FromDays(stored.RefreshIdleDays);
        RefreshLife = TimeSpan.FromDays(stored.RefreshDays);
        RefreshOverlap = TimeSpan.FromSeconds(stored.RefreshOverlapSeconds);
        SigningAlgorithm = stored.SigningAlgorithm;
        CreatedBy = stored.CreatedBy;
        DpopRequired = stored.DpopRequired;
        PushedRequestsRequired = stored.PushedRequestsRequired;
        HasKeys = stored.Authentication == ProtocolSettings.PrivateKeyJwt;
        Keys = stored.Jwks is { } jwks ? ClientKeySet.Parse(JsonElement.Parse(jwks)) : null;
        JwksUri = stored.JwksUri is { } uri ? new Uri(uri) : null;
        OpaqueTokens = stored.OpaqueTokens;
        ExchangeFrom = Protocol.Scopes.Split(stored.ExchangeFrom).ToFrozenSet(StringComparer.Ordinal);
        _secrets = [.. secrets.Select(s => (s.SecretHash, s.ExpiresAt))];
    }

    public Guid Id { get; }

    public long Account { get; }

    public Guid DirectoryId { get; }

    public string ClientId { get; }

    public string Name { get; }

    public ApplicationKind Kind { get; }

    public ImmutableArray<string> RedirectUris { get; }

    public FrozenSet<string> PostLogoutUris { get; }

    public FrozenSet<string> Scopes { get; }

    public FrozenSet<string> Permissions { get; }

    public FrozenSet<string> Resources { get; }

    public bool ConsentRequired { get; }

    public bool DeviceGrant { get; }

    public string? BackchannelLogoutUri { get; }

    public TimeSpan AccessTokenLife { get; }

    public TimeSpan IdTokenLife { get; }

    public TimeSpan RefreshIdle { get; }

    public TimeSpan RefreshLife { get; }

    public TimeSpan RefreshOverlap { get; }

    public string SigningAlgorithm { get; }

    public long CreatedBy { get; }

    public bool DpopRequired { get; }

    public bool PushedRequestsRequired { get; }

    /// <summary>Whether it authenticates with its keys (<c>private_key_jwt</c>), and with nothing else.</summary>
    public bool HasKeys { get; }

    /// <summary>Its keys, where they are registered by value.</summary>
    public ClientKeySet? Keys { get; }

    /// <summary>Where its keys are, where they are registered by reference.</summary>
    public Uri? JwksUri { get; }

    public bool OpaqueTokens { get; }

    public FrozenSet<string> ExchangeFrom { get; }

    /// <summary>A public client cannot keep a secret (RFC 6749 section 2.1).</summary>
    public bool IsPublic => Kind is ApplicationKind.Spa or ApplicationKind.Native;

    /// <summary>Whether people sign in to it, rather than it acting for itself.</summary>
    public bool ActsForPeople => Kind != ApplicationKind.M2m;

    /// <summary>Those of the scopes that the application may have now; it may have lost some since a person granted them.</summary>
    public IReadOnlyList<string> Keep(IReadOnlyList<string> scopes)
    {
        for (var i = 0; i < scopes.Count; i++)
        {
            if (!MayHave(scopes[i])) return [.. scopes.Where(MayHave)];
        }

        return scopes;
    }

    private bool MayHave(string scope) => Scopes.Contains(scope) || Permissions.Contains(scope);

    /// <summary>Compares with every valid secret in constant time; costs the same when there is none.</summary>
    public bool HasSecret(byte[] hash, DateTimeOffset now)
    {
        var found = CryptographicOperations.FixedTimeEquals(hash, Nothing);
        foreach (var secret in _secrets)
            found |= CryptographicOperations.FixedTimeEquals(hash, secret.Hash) && (secret.ExpiresAt is null || secret.ExpiresAt > now);
        return found;
    }

    private static ImmutableArray<string> Lines(string text) => [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries)];
}
