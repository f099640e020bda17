using Custodia.Kernel.Policy;
using Custodia.Kernel.Storage;
using Custodia.Kernel.Vault;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Browsers;

/// <summary>A browser in which a person has signed in before, known by a random cookie and by nothing that it is or has.</summary>
[Category(Category)]
internal sealed class KnownDevice : IOwnedData
{
    public const string Category = "identity.known-device";

    public Guid Id { get; init; }

    /// <summary>The account's <c>uin</c>.</summary>
    public long Account { get; init; }

    public Guid UserId { get; init; }

    /// <summary>SHA-256 of the cookie's secret and the person: rows of two people in one browser do not show that they share it.</summary>
    public required byte[] SecretHash { get; init; }

    /// <summary>ISO 3166-1 code of the country of the last sign-in; null when unknown.</summary>
    public string? Country { get; set; }

    /// <summary>Until when the second factor is not asked for here; null asks.</summary>
    public DateTimeOffset? TrustedUntil { get; set; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset LastSeenAt { get; set; }

    public KeyId OwnerKey => KeyId.Subject(Account, UserId);

    public string OwnedRow => Id.ToString("N");

    public static void Configure(ModelBuilder model)
    {
        var device = model.Entity<KnownDevice>();
        device.ToTable("known_devices");
        device.HasKey(d => d.Id);
        device.Ignore(d => d.OwnerKey);
        device.Ignore(d => d.OwnedRow);
        device.Property(d => d.Country).HasMaxLength(2);
        device.HasIndex(d => new { d.UserId, d.SecretHash }).IsUnique();
        device.HasIndex(d => d.LastSeenAt);
    }
}
