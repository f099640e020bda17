using Custodia.Identity.Factors;
using Custodia.Kernel.Policy;
using Custodia.Kernel.Storage;
using Custodia.Kernel.Vault;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.RecoveryCodes;

/// <summary>A code on paper for the day when a person's device is gone: 50 random bits, one use.</summary>
[Category(Credential.Category)]
internal sealed class RecoveryCode : IOwnedData
{
    public Guid Id { get; init; }

    /// <summary>The account's <c>uin</c>.</summary>
    public long Account { get; init; }

    public Guid UserId { get; init; }

    /// <summary>Keyed hash of person and code.</summary>
    public required byte[] CodeHash { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? UsedAt { get; set; }

    public KeyId OwnerKey => KeyId.Subject(Account, UserId);

    public string OwnedRow => Id.ToString("N");

    public static void Configure(ModelBuilder model)
    {
        var code = model.Entity<RecoveryCode>();
        code.ToTable("recovery_codes");
        code.HasKey(c => c.Id);
        code.Ignore(c => c.OwnerKey);
        code.Ignore(c => c.OwnedRow);
        code.HasIndex(c => c.UserId);
    }
}
