using Custodia.Kernel.Vault;

namespace Custodia.Kernel.Storage;

/// <summary>
/// An entity with personal fields that the policy keeps plain says whose they are. A backup seals them under this key, so that
/// destroying the key deletes them from every backup; restore opens them again.
/// </summary>
public interface IOwnedData
{
    /// <summary>The subject's key for what dies with the person, the record's key for what outlives them.</summary>
    KeyId OwnerKey { get; }

    /// <summary>Stable identifier of the row, bound into the sealed value.</summary>
    string OwnedRow { get; }
}
