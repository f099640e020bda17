using Custodia.Kernel.Policy;
using Custodia.Kernel.Storage;
using Custodia.Kernel.Vault;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Sources;

/// <summary>A person of a directory is known to a source under this subject.</summary>
[Category(Category)]
internal sealed class LinkedIdentity : IOwnedData
{
    public const string Category = "identity.linked-identity";

    public Guid Id { get; init; }

    /// <summary>The account's <c>uin</c>.</summary>
    public long Account { get; init; }

    public Guid UserId { get; set; }

    public Guid SourceId { get; init; }

    /// <summary>What the provider calls the person; never shown to others.</summary>
    public Sealed<string> Subject { get; set; } = null!;

    public required byte[] SubjectIndex { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset LastUsedAt { get; set; }

    public KeyId OwnerKey => KeyId.Subject(Account, UserId);

    public string OwnedRow => Id.ToString("N");

    public Place SubjectPlace => new(OwnerKey, Category, "subject", OwnedRow);

    public static void Configure(ModelBuilder model)
    {
        var identity = model.Entity<LinkedIdentity>();
        identity.ToTable("linked_identities");
        identity.HasKey(i => i.Id);
        identity.Ignore(i => i.OwnerKey);
        identity.Ignore(i => i.OwnedRow);
        identity.Ignore(i => i.SubjectPlace);
        identity.HasIndex(i => new { i.SourceId, i.SubjectIndex }).IsUnique();
        identity.HasIndex(i => new { i.UserId, i.SourceId });
    }
}
