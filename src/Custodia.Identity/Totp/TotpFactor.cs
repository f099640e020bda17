using Custodia.Identity.Factors;
using Custodia.Kernel.Policy;
using Custodia.Kernel.Storage;
using Custodia.Kernel.Vault;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Totp;

/// <summary>An authenticator app of a person; counts once they have typed a code of it.</summary>
[Category(Credential.Category)]
internal sealed class TotpFactor : IOwnedData
{
    public Guid Id { get; init; }

    /// <summary>The account's <c>uin</c>.</summary>
    public long Account { get; init; }

    public Guid UserId { get; init; }

    /// <summary>The shared secret, 20 bytes.</summary>
    public Sealed<byte[]> Secret { get; set; } = null!;

    /// <summary>Step of the last code that was accepted: no code is accepted twice (RFC 6238 section 5.2).</summary>
    public long LastStep { get; set; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? ConfirmedAt { get; set; }

    public DateTimeOffset? LastUsedAt { get; set; }

    public KeyId OwnerKey => KeyId.Subject(Account, UserId);

    public string OwnedRow => Id.ToString("N");

    public Place SecretPlace => new(OwnerKey, Credential.Category, "secret", OwnedRow);

    public static void Configure(ModelBuilder model)
    {
        var factor = model.Entity<TotpFactor>();
        factor.ToTable("totp_factors");
        factor.HasKey(f => f.Id);
        factor.Ignore(f => f.OwnerKey);
        factor.Ignore(f => f.OwnedRow);
        factor.Ignore(f => f.SecretPlace);
        factor.HasIndex(f => f.UserId);
    }
}
