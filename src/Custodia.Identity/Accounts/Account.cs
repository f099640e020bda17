using Custodia.Kernel.Policy;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Accounts;

/// <summary>An organisation that uses the server.</summary>
[Category("identity.account")]
internal sealed class Account
{
    public const int MaxName = 100;

    /// <summary>Numeric identifier, 12 digits; every record of the account carries it.</summary>
    public long Uin { get; init; }

    public long AppId { get; init; }

    public required string Name { get; set; }

    public required string Region { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public static void Configure(ModelBuilder model)
    {
        var account = model.Entity<Account>();
        account.ToTable("accounts");
        account.HasKey(a => a.Uin);
        account.Property(a => a.Uin).ValueGeneratedNever();
        account.Property(a => a.Name).HasMaxLength(MaxName);
        account.HasIndex(a => a.AppId).IsUnique();
    }
}
