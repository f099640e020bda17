using Custodia.Identity.Factors;
using Custodia.Kernel.Policy;
using Custodia.Kernel.Storage;
using Custodia.Kernel.Vault;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Passkeys;

/// <summary>A passkey of a person: a WebAuthn credential record (Web Authentication Level 3, section 4), without the attestation, which tells more than we need.</summary>
[Category(Credential.Category)]
internal sealed class Passkey : IOwnedData
{
    public const int MaxName = 60;

    /// <summary>Passkeys that one person may have.</summary>
    public const int Most = 20;

    public Guid Id { get; init; }

    /// <summary>The account's <c>uin</c>.</summary>
    public long Account { get; init; }

    public Guid DirectoryId { get; init; }

    public Guid UserId { get; init; }

    /// <summary>As the authenticator names it, up to 1,023 bytes.</summary>
    public required byte[] CredentialId { get; init; }

    /// <summary>A COSE key (RFC 9052 section 7).</summary>
    public required byte[] PublicKey { get; init; }

    /// <summary>The authenticator's counter; 0 for one that does not count.</summary>
    public long SignCount { get; set; }

    /// <summary>How browsers reach the authenticator, separated by blanks.</summary>
    public string Transports { get; init; } = "";

    /// <summary>Whether it may be carried to other devices.</summary>
    public bool BackupEligible { get; init; }

    public bool BackedUp { get; set; }

    /// <summary>What the person calls it.</summary>
    public Sealed<string> Name { get; set; } = null!;

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? LastUsedAt { get; set; }

    public KeyId OwnerKey => KeyId.Subject(Account, UserId);

    public string OwnedRow => Id.ToString("N");

    public Place NamePlace => new(OwnerKey, Credential.Category, "name", OwnedRow);

    public static void Configure(ModelBuilder model)
    {
        var passkey = model.Entity<Passkey>();
        passkey.ToTable("passkeys");
        passkey.HasKey(p => p.Id);
        passkey.Ignore(p => p.OwnerKey);
        passkey.Ignore(p => p.OwnedRow);
        passkey.Ignore(p => p.NamePlace);
        passkey.Property(p => p.Transports).HasMaxLength(100);
        passkey.HasIndex(p => p.CredentialId).IsUnique();
        passkey.HasIndex(p => p.UserId);
    }
}
