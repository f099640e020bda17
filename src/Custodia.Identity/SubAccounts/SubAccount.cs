using Custodia.Kernel.Policy;
using Custodia.Kernel.Storage;
using Custodia.Kernel.Vault;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.SubAccounts;

/// <summary>A member of staff: a user of the account's staff directory with roles and a <c>uin</c> of their own.</summary>
[Category("identity.sub-account")]
internal sealed class SubAccount : IOwnedData
{
    public long Uin { get; init; }

    /// <summary>The account's <c>uin</c>.</summary>
    public long Account { get; init; }

    public Guid UserId { get; init; }

    /// <summary>Roles, separated by blanks; see <see cref="Custodia.Kernel.Access.Role"/>.</summary>
    public string Roles { get; set; } = "";

    public DateTimeOffset CreatedAt { get; init; }

    public string[] RoleList => Roles.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    public KeyId OwnerKey => KeyId.Subject(Account, UserId);

    public string OwnedRow => Uin.ToString(System.Globalization.CultureInfo.InvariantCulture);

    public static void Configure(ModelBuilder model)
    {
        var sub = model.Entity<SubAccount>();
        sub.ToTable("sub_accounts");
        sub.HasKey(s => s.Uin);
        sub.Ignore(s => s.OwnerKey);
        sub.Ignore(s => s.OwnedRow);
        sub.Property(s => s.Uin).ValueGeneratedNever();
        sub.Property(s => s.Roles).HasMaxLength(200);
        sub.Ignore(s => s.RoleList);
        sub.HasIndex(s => s.UserId).IsUnique();
        sub.HasIndex(s => new { s.Account, s.Uin });
    }
}
