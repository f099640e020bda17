using Custodia.Kernel.Policy;
using Custodia.Kernel.Storage;
using Custodia.Kernel.Vault;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Invitations;

/// <summary>
/// An invitation to join a directory: one address, one use, until it expires. The mailed link carries a secret whose hash is kept;
/// whoever has the secret reads the mail of the address, so nothing else has to verify it.
/// </summary>
[Category(Category)]
internal sealed class Invitation : IOwnedData
{
    public const string Category = "identity.invitation";

    public static readonly TimeSpan MaxLife = TimeSpan.FromDays(30);

    /// <summary>Becomes the user's id; the address lies under the key that becomes theirs.</summary>
    public Guid Id { get; init; }

    /// <summary>The account's <c>uin</c>.</summary>
    public long Account { get; init; }

    public Guid DirectoryId { get; init; }

    public Sealed<string> Email { get; set; } = null!;

    /// <summary>Keyed index of the address, as in <see cref="Users.User.EmailIndex"/>.</summary>
    public required byte[] EmailIndex { get; init; }

    /// <summary>SHA-256 of the link's secret.</summary>
    public required byte[] TokenHash { get; init; }

    /// <summary>UIN of the sub-account that invited; 0 for an application that no sub-account made.</summary>
    public long InvitedBy { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? UsedAt { get; set; }

    public DateTimeOffset? RevokedAt { get; set; }

    public KeyId OwnerKey => KeyId.Subject(Account, Id);

    public string OwnedRow => Id.ToString("N");

    public Place EmailPlace => new(OwnerKey, Category, "email", OwnedRow);

    public InvitationState StateAt(DateTimeOffset now) =>
        UsedAt is not null ? InvitationState.Used
        : RevokedAt is not null ? InvitationState.Revoked
        : ExpiresAt <= now ? InvitationState.Expired
        : InvitationState.Open;

    public static void Configure(ModelBuilder model)
    {
        var invitation = model.Entity<Invitation>();
        invitation.ToTable("invitations");
        invitation.HasKey(i => i.Id);
        invitation.Ignore(i => i.OwnerKey);
        invitation.Ignore(i => i.OwnedRow);
        invitation.Ignore(i => i.EmailPlace);
        invitation.HasIndex(i => i.TokenHash).IsUnique();
        invitation.HasIndex(i => new { i.DirectoryId, i.EmailIndex });
        invitation.HasIndex(i => i.ExpiresAt);
    }
}

internal enum InvitationState
{
    Open,
    Used,
    Revoked,
    Expired,
}
