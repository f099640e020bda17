using Custodia.Identity.Factors;
using Custodia.Kernel.Policy;
using Custodia.Kernel.Storage;
using Custodia.Kernel.Vault;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Sms;

/// <summary>
/// A mobile number that a person has shown to hold. It counts while it is the number in their profile: whoever changes the number
/// verifies the new one. A number signs one person in; the last to verify it.
/// </summary>
[Category(Credential.Category)]
internal sealed class VerifiedMobile : IOwnedData
{
    public Guid UserId { get; init; }

    /// <summary>The account's <c>uin</c>.</summary>
    public long Account { get; init; }

    public Guid DirectoryId { get; init; }

    /// <summary>Keyed index of the number, as in <see cref="Users.User.MobileIndex"/>.</summary>
    public required byte[] MobileIndex { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public KeyId OwnerKey => KeyId.Subject(Account, UserId);

    public string OwnedRow => UserId.ToString("N");

    public static void Configure(ModelBuilder model)
    {
        var mobile = model.Entity<VerifiedMobile>();
        mobile.ToTable("verified_mobiles");
        mobile.HasKey(m => m.UserId);
        mobile.Ignore(m => m.OwnerKey);
        mobile.Ignore(m => m.OwnedRow);
        mobile.HasIndex(m => new { m.DirectoryId, m.MobileIndex }).IsUnique();
    }
}
