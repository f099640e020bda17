using Custodia.Kernel.Policy;
using Custodia.Kernel.Storage;
using Custodia.Kernel.Vault;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Users;

/// <summary>
/// A person in a directory: of a customer directory, or a member of staff (then a <see cref="SubAccounts.SubAccount"/> stands beside).
/// Everything about the person is sealed under the person's key; <c>…Index</c> columns answer exact-match lookups.
/// </summary>
[Category(Category)]
internal sealed class User : IOwnedData
{
    public const string Category = "identity.user-profile";

    /// <summary>The person id: a version 7 UUID, also the OpenID Connect <c>sub</c>.</summary>
    public Guid Id { get; init; }

    /// <summary>The account's <c>uin</c>.</summary>
    public long Account { get; init; }

    public Guid DirectoryId { get; init; }

    public Sealed<string>? UserName { get; set; }

    public byte[]? UserNameIndex { get; set; }

    public Sealed<string>? Email { get; set; }

    public byte[]? EmailIndex { get; set; }

    public bool EmailVerified { get; set; }

    public Sealed<string>? Mobile { get; set; }

    public byte[]? MobileIndex { get; set; }

    public Sealed<string>? DisplayName { get; set; }

    /// <summary>ISO 8601 date.</summary>
    public Sealed<string>? BirthDate { get; set; }

    public Sealed<string>? Gender { get; set; }

    /// <summary>BCP 47 tag.</summary>
    public Sealed<string>? Locale { get; set; }

    /// <summary>JSON object of text values.</summary>
    public Sealed<string>? CustomAttributes { get; set; }

    /// <summary>The password's hash; null while the person signs in by mailed codes only.</summary>
    public Sealed<string>? Credentials { get; set; }

    public UserStatus Status { get; set; }

    public Sealed<string>? StatusReason { get; set; }

    /// <summary>Changes with every change of credentials or status; sessions and tokens made before it are over.</summary>
    public required string SecurityStamp { get; set; }

    [Field("recently-registered", Category = "identity.statistics")]
    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; set; }

    [Field("recently-signed-in", Category = "identity.statistics")]
    public DateTimeOffset? LastSignInAt { get; set; }

    /// <summary>Last month in which the person was active, as year × 100 + month; counts monthly active users once each.</summary>
    public int LastActiveMonth { get; set; }

    /// <summary>ISO 3166-1 code of the country the person registered from, as counted in the distribution map; null when unknown.</summary>
    public string? Country { get; set; }

    /// <summary>Beginnings of a new display name, which <see cref="IdentityContext"/> stores with it; null while the name stays.</summary>
    public IReadOnlyList<NamePrefix>? NewNamePrefixes { get; set; }

    public KeyId OwnerKey => KeyId.Subject(Account, Id);

    public string OwnedRow => Id.ToString("N");

    /// <summary>Place of one of this person's sealed fields.</summary>
    public Place At(string field) => new(OwnerKey, Category, field, OwnedRow);

    public static void Configure(ModelBuilder model)
    {
        var user = model.Entity<User>();
        user.ToTable("users");
        user.HasKey(u => u.Id);
        user.Ignore(u => u.OwnerKey);
        user.Ignore(u => u.OwnedRow);
        user.Ignore(u => u.NewNamePrefixes);
        user.Property(u => u.Status).HasMaxLength(16);
        user.Property(u => u.SecurityStamp).HasMaxLength(64);
        user.Property(u => u.Country).HasMaxLength(2);
        user.HasIndex(u => new { u.DirectoryId, u.UserNameIndex }).IsUnique();
        user.HasIndex(u => new { u.DirectoryId, u.EmailIndex }).IsUnique();
        user.HasIndex(u => new { u.DirectoryId, u.MobileIndex });
        user.HasIndex(u => new { u.DirectoryId, u.CreatedAt });
        user.HasIndex(u => new { u.DirectoryId, u.LastSignInAt });
        user.HasIndex(u => new { u.DirectoryId, u.Status, u.Id });
        user.HasIndex(u => new { u.Account, u.Id });
    }
}

internal enum UserStatus
{
    /// <summary>May sign in.</summary>
    Normal,

    /// <summary>Kept out until unlocked: by staff, by a provisioning client (SCIM <c>active: false</c>) or by an import. Each of them can let the person in again.</summary>
    Locked,

    /// <summary>Kept out and kept as it is: by an administrator until a matter is decided, who alone can lift it; or because the deletion has begun, which nobody lifts.</summary>
    Frozen,
}
