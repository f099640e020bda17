using System.Runtime.CompilerServices;
using Custodia.Identity.PersonData;
using Custodia.Identity.Users;
using Custodia.Kernel.Deletion;
using Custodia.Kernel.Policy;
using Custodia.Kernel.Vault;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Scim;

/// <summary>What a provisioning client calls a user, and whether it has deleted them (RFC 7643, section 3.1; RFC 7644, section 3.6).</summary>
[Category(Category)]
internal sealed class ProvisionedUser
{
    public const string Category = "identity.provisioned-user";
    public const string UseProvisioning = "provisioning";
    public const int MaxExternalId = 200;

    public Guid UserId { get; init; }

    /// <summary>The account's <c>uin</c>.</summary>
    public long Account { get; init; }

    public Guid DirectoryId { get; init; }

    public Sealed<string>? ExternalId { get; set; }

    public byte[]? ExternalIdIndex { get; set; }

    /// <summary>From then on the client sees no such user, whatever grace the directory gives the person.</summary>
    public DateTimeOffset? DeletedAt { get; set; }

    public Place ExternalIdPlace => new(KeyId.Subject(Account, UserId), Category, "external-id", UserId.ToString("N"));

    public static void Configure(ModelBuilder model)
    {
        var provisioned = model.Entity<ProvisionedUser>();
        provisioned.ToTable("provisioned_users");
        provisioned.HasKey(p => p.UserId);
        provisioned.Ignore(p => p.ExternalIdPlace);
        provisioned.HasIndex(p => new { p.DirectoryId, p.ExternalIdIndex });
    }
}

/// <summary>A person's part in provisioning.</summary>
internal sealed class ProvisioningData(IdentityContext database, DataVault vault) : IPersonData
{
    public async IAsyncEnumerable<ExportedItem> ExportAsync(Subject subject, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var row = await database.Set<ProvisionedUser>().AsNoTracking().FirstOrDefaultAsync(p => p.UserId == subject.Person && p.Account == subject.Account, cancellation);
        if (row is null) yield break;
        var external = row.ExternalId is { } value ? await vault.OpenAsync(row.ExternalIdPlace, value, ProfileUse.SubjectRights, cancellation) : null;
        yield return new ExportedItem(ProvisionedUser.Category, row.UserId.ToString("N"), [new("external-id", external)]);
    }

    public async Task<IReadOnlyList<ErasedCategory>> EraseAsync(Subject subject, CancellationToken cancellation)
    {
        var rows = await database.Set<ProvisionedUser>().Where(p => p.UserId == subject.Person && p.Account == subject.Account).ExecuteDeleteAsync(cancellation);
        return [new ErasedCategory(ProvisionedUser.Category, rows, rows, 0, null)];
    }
}
