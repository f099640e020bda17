using Custodia.Kernel.Policy;
using Custodia.Kernel.Storage;
using Custodia.Kernel.Vault;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Users;

/// <summary>One beginning of a word of somebody's display name, as a keyed hash; see docs/decisions/0012-name-prefix-search.md.</summary>
[Category(User.Category)]
internal sealed class NamePrefix : IOwnedData
{
    /// <summary>The account's <c>uin</c>.</summary>
    public long Account { get; init; }

    public Guid DirectoryId { get; init; }

    /// <summary>The first 8 bytes of the keyed hash of directory and beginning.</summary>
    [Field("display-name-prefix")]
    public required byte[] Hash { get; init; }

    [Field("id")]
    public Guid UserId { get; init; }

    public KeyId OwnerKey => KeyId.Subject(Account, UserId);

    public string OwnedRow => $"{UserId:N}/{Convert.ToHexString(Hash)}";

    public static void Configure(ModelBuilder model)
    {
        var prefix = model.Entity<NamePrefix>();
        prefix.ToTable("user_name_prefixes");
        prefix.HasKey(p => new { p.Account, p.DirectoryId, p.Hash, p.UserId });
        prefix.Ignore(p => p.OwnerKey);
        prefix.Ignore(p => p.OwnedRow);
        prefix.HasIndex(p => p.UserId);
        prefix.HasOne<User>().WithMany().HasForeignKey(p => p.UserId).OnDelete(DeleteBehavior.Cascade);
    }
}
