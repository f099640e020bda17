using Custodia.Kernel.Policy;
using Custodia.Kernel.Storage;
using Custodia.Kernel.Vault;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Groups;

/// <summary>A named set of users of one directory, e.g. for applications that decide by it.</summary>
[Category(Category)]
internal sealed class Group
{
    public const string Category = "identity.group";
    public const int MaxName = 100;
    public const int MaxDescription = 500;

    public Guid Id { get; init; }

    /// <summary>The account's <c>uin</c>.</summary>
    public long Account { get; init; }

    public Guid DirectoryId { get; init; }

    public required string Name { get; set; }

    /// <summary>The name as it is compared: unique in the directory.</summary>
    public required string NameKey { get; set; }

    public string? Description { get; set; }

    /// <summary>What a provisioning client calls the group; see RFC 7643, section 3.1.</summary>
    public string? ExternalId { get; set; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; set; }

    /// <summary>Counts changes of the group and of who is in it.</summary>
    public int Version { get; set; }

    public static string KeyOf(string name) => Normalise.Name(name);

    public static void Configure(ModelBuilder model)
    {
        var group = model.Entity<Group>();
        group.ToTable("groups");
        group.HasKey(g => g.Id);
        group.Property(g => g.Name).HasMaxLength(MaxName);
        group.Property(g => g.NameKey).HasMaxLength(2 * MaxName);
        group.Property(g => g.Description).HasMaxLength(MaxDescription);
        group.Property(g => g.ExternalId).HasMaxLength(200);
        group.HasIndex(g => new { g.DirectoryId, g.NameKey }).IsUnique();
        group.HasIndex(g => new { g.DirectoryId, g.Id });
        group.HasIndex(g => g.Account);
    }
}

/// <summary>That a user is in a group.</summary>
[Category(Category)]
internal sealed class GroupMember : IOwnedData
{
    public const string Category = "identity.group-member";

    public Guid GroupId { get; init; }

    public Guid UserId { get; init; }

    /// <summary>The account's <c>uin</c>.</summary>
    public long Account { get; init; }

    public DateTimeOffset AddedAt { get; init; }

    public KeyId OwnerKey => KeyId.Subject(Account, UserId);

    public string OwnedRow => $"{GroupId:N}/{UserId:N}";

    public static void Configure(ModelBuilder model)
    {
        var member = model.Entity<GroupMember>();
        member.ToTable("group_members");
        member.HasKey(m => new { m.GroupId, m.UserId });
        member.Ignore(m => m.OwnerKey);
        member.Ignore(m => m.OwnedRow);
        member.HasIndex(m => new { m.UserId, m.GroupId });
    }
}
