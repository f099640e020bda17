using Custodia.Kernel.Policy;
using Custodia.Kernel.Storage;
using Custodia.Kernel.Vault;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Agreements;

/// <summary>That a person has accepted a version of an agreement, and when.</summary>
[Category(Category)]
internal sealed class Acceptance : IOwnedData
{
    public const string Category = "identity.agreement-acceptance";

    public Guid UserId { get; init; }

    public Guid AgreementId { get; init; }

    /// <summary>The account's <c>uin</c>.</summary>
    public long Account { get; init; }

    /// <summary>The version's hash at that moment.</summary>
    public required byte[] TextHash { get; init; }

    public DateTimeOffset AcceptedAt { get; set; }

    /// <summary>When the person took an optional one back.</summary>
    public DateTimeOffset? WithdrawnAt { get; set; }

    public KeyId OwnerKey => KeyId.Subject(Account, UserId);

    public string OwnedRow => $"{UserId:N}{AgreementId:N}";

    public static void Configure(ModelBuilder model)
    {
        var acceptance = model.Entity<Acceptance>();
        acceptance.ToTable("acceptances");
        acceptance.HasKey(a => new { a.UserId, a.AgreementId });
        acceptance.Ignore(a => a.OwnerKey);
        acceptance.Ignore(a => a.OwnedRow);
        acceptance.HasIndex(a => a.AgreementId);
    }
}
