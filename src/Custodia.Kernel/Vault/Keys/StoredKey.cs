using Custodia.Kernel.Policy;

namespace Custodia.Kernel.Vault;

/// <summary>
/// What the key store holds about a key, for the policy: <see cref="KeyStore"/> keeps it in several tables, and a test holds their
/// columns against this.
/// </summary>
/// <param name="Name">The rest of the key's id: of a subject key the person's number.</param>
/// <param name="WrappedKey">The key, sealed by the key above it.</param>
[Category("kernel.key")]
internal sealed record StoredKey(
    long Number,
    string Kind,
    long Account,
    string Name,
    int Version,
    string WrappedBy,
    byte[]? WrappedKey,
    DateTimeOffset CreatedAt)
{
    /// <summary>Column of the key store → property here.</summary>
    public static IReadOnlyDictionary<string, string> Columns { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["roots.number"] = nameof(Number),
        ["roots.id"] = nameof(Name),
        ["roots.verifier"] = nameof(WrappedKey),
        ["roots.handover"] = nameof(WrappedKey),
        ["roots.created_at"] = nameof(CreatedAt),
        ["account_keys.account"] = nameof(Account),
        ["account_keys.version"] = nameof(Version),
        ["account_keys.wrapped_by"] = nameof(WrappedBy),
        ["account_keys.wrapped"] = nameof(WrappedKey),
        ["account_keys.created_at"] = nameof(CreatedAt),
        ["keys.number"] = nameof(Number),
        ["keys.id"] = nameof(Name),
        ["keys.kind"] = nameof(Kind),
        ["keys.account"] = nameof(Account),
        ["keys.version"] = nameof(Version),
        ["keys.wrapped_by"] = nameof(WrappedBy),
        ["keys.wrapped"] = nameof(WrappedKey),
        ["keys.created_at"] = nameof(CreatedAt),
        ["documents.name"] = nameof(Name),
        ["documents.content"] = nameof(WrappedKey),
        ["documents.created_at"] = nameof(CreatedAt),
    };
}

/// <summary>
/// What stays of a destroyed key, for the policy: its tombstone, and its row with zeroes where the key was. It keeps a restored backup
/// from bringing the key back.
/// </summary>
/// <param name="Name">As <see cref="StoredKey.Name"/>.</param>
/// <param name="Reason">A short code.</param>
[Category("kernel.destroyed-key")]
internal sealed record Tombstone(long Number, string Name, bool Destroyed, DateTimeOffset DestroyedAt, string Reason)
{
    /// <summary>Column of the key store → property here.</summary>
    public static IReadOnlyDictionary<string, string> Columns { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["keys.destroyed"] = nameof(Destroyed),
        ["tombstones.number"] = nameof(Number),
        ["tombstones.key"] = nameof(Name),
        ["tombstones.destroyed_at"] = nameof(DestroyedAt),
        ["tombstones.reason"] = nameof(Reason),
    };
}
