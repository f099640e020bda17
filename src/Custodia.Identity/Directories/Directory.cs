using Custodia.Kernel.Policy;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Directories;

/// <summary>An isolated set of people of an account; one directory is one OpenID Connect issuer.</summary>
[Category("identity.directory")]
internal sealed class Directory
{
    public const int MaxName = 40;
    public const int MaxTitle = 100;

    public Guid Id { get; init; }

    /// <summary>The account's <c>uin</c>.</summary>
    public long Account { get; init; }

    /// <summary>Route segment, unique on the server and never changed, because issuers contain it: <c>[a-z0-9-]{2,40}</c>.</summary>
    public required string Name { get; init; }

    public DirectoryKind Kind { get; init; }

    /// <summary>What people read above the sign-in form.</summary>
    public required string Title { get; set; }

    public required string TitleZh { get; set; }

    public SignUpMode SignUp { get; set; }

    /// <summary>Profile fields that sign-up demands besides the address, as policy names separated by blanks.</summary>
    public string MandatoryFields { get; set; } = "";

    /// <summary>Days in which a person can take a deletion back, 0 to 14; 0 for staff.</summary>
    public int GraceDays { get; set; }

    /// <summary>Days without a sign-in after which a user is deleted; null keeps users.</summary>
    public int? DormantDays { get; set; }

    /// <summary>Monthly active users that the account plans for; null is no limit.</summary>
    [Field("user-limit", Category = "identity.statistics")]
    public int? UserLimit { get; set; }

    [Field("service-opened-at", Category = "identity.statistics")]
    public DateTimeOffset CreatedAt { get; init; }

    public bool IsStaff => Kind == DirectoryKind.Staff;

    public bool Demands(string field) => MandatoryFields.Split(' ').Contains(field, StringComparer.Ordinal);

    public static void Configure(ModelBuilder model)
    {
        var directory = model.Entity<Directory>();
        directory.ToTable("directories");
        directory.HasKey(d => d.Id);
        directory.Property(d => d.Name).HasMaxLength(MaxName);
        directory.Property(d => d.Title).HasMaxLength(MaxTitle);
        directory.Property(d => d.TitleZh).HasMaxLength(MaxTitle);
        directory.Property(d => d.Kind).HasMaxLength(16);
        directory.Property(d => d.SignUp).HasMaxLength(16);
        directory.Ignore(d => d.IsStaff);
        directory.HasIndex(d => d.Name).IsUnique();
        directory.HasIndex(d => new { d.Account, d.Id });
    }
}

internal enum DirectoryKind
{
    Staff,
    Customer,
}

internal enum SignUpMode
{
    /// <summary>Anybody with a mail address.</summary>
    Open,

    /// <summary>Staff create the user; the person signs in by a mailed code the first time.</summary>
    Invite,

    /// <summary>Nobody joins by themselves.</summary>
    Closed,
}
