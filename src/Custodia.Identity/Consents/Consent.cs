using Custodia.Kernel.Policy;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Consents;

/// <summary>What a person has agreed that an application may know or do.</summary>
[Category(Category)]
internal sealed class Consent
{
    public const string Category = "identity.consent";

    public Guid Id { get; init; }

    /// <summary>The account's <c>uin</c>.</summary>
    public long Account { get; init; }

    public Guid UserId { get; init; }

    public Guid ApplicationId { get; init; }

    /// <summary>Scope values separated by blanks.</summary>
    public required string Scopes { get; set; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; set; }

    public static void Configure(ModelBuilder model)
    {
        var consent = model.Entity<Consent>();
        consent.ToTable("consents");
        consent.HasKey(c => c.Id);
        consent.HasIndex(c => new { c.UserId, c.ApplicationId }).IsUnique();
        consent.HasIndex(c => c.ApplicationId);
    }
}
