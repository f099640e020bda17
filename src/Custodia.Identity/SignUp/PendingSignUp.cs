using Custodia.Kernel.Policy;
using Custodia.Kernel.Storage;
using Custodia.Kernel.Vault;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.SignUp;

/// <summary>
/// What somebody entered before their address was verified: sealed under the key that becomes theirs, gone with it after a day
/// when the code never comes back.
/// </summary>
[Category(Category)]
internal sealed class PendingSignUp : IOwnedData
{
    public const string Category = "identity.sign-up";

    /// <summary>Becomes the user's id.</summary>
    public Guid Id { get; init; }

    /// <summary>The account's <c>uin</c>.</summary>
    public long Account { get; init; }

    public Guid DirectoryId { get; init; }

    /// <summary>The form as JSON, with the password's hash in place of the password.</summary>
    public Sealed<string> Form { get; set; } = null!;

    /// <summary>Keyed index of the address, as in <see cref="Users.User.EmailIndex"/>: whoever is erased leaves no other try behind.</summary>
    public byte[]? EmailIndex { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public KeyId OwnerKey => KeyId.Subject(Account, Id);

    public string OwnedRow => Id.ToString("N");

    public Place FormPlace => new(OwnerKey, Category, "form", OwnedRow);

    public static void Configure(ModelBuilder model)
    {
        var pending = model.Entity<PendingSignUp>();
        pending.ToTable("pending_sign_ups");
        pending.HasKey(p => p.Id);
        pending.Ignore(p => p.FormPlace);
        pending.Ignore(p => p.OwnerKey);
        pending.Ignore(p => p.OwnedRow);
        pending.HasIndex(p => p.CreatedAt);
        pending.HasIndex(p => new { p.DirectoryId, p.EmailIndex });
    }
}
