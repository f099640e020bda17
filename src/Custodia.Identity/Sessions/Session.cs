using Custodia.Kernel.Policy;
using Custodia.Kernel.Storage;
using Custodia.Kernel.Vault;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Sessions;

/// <summary>A browser in which a person is signed in. The browser holds a secret; the server holds its hash.</summary>
[Category(Category)]
internal sealed class Session : IOwnedData
{
    public const string Category = "identity.session";

    /// <summary>Also the OpenID Connect <c>sid</c>.</summary>
    public Guid Id { get; init; }

    /// <summary>The account's <c>uin</c>.</summary>
    public long Account { get; init; }

    public Guid DirectoryId { get; init; }

    public Guid UserId { get; init; }

    /// <summary>SHA-256 of the cookie's secret.</summary>
    public required byte[] SecretHash { get; init; }

    /// <summary>The user's security stamp at sign-in; when the user's changes, the session is over.</summary>
    public required string SecurityStamp { get; set; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset LastSeenAt { get; set; }

    /// <summary>When the person last proved who they are (OpenID Connect <c>auth_time</c>).</summary>
    public DateTimeOffset AuthTime { get; set; }

    /// <summary>RFC 8176 methods separated by blanks, e.g. <c>pwd</c> or <c>otp</c>.</summary>
    public required string Amr { get; set; }

    /// <summary>Authentication context class, e.g. <c>urn:custodia:acr:password</c>.</summary>
    public required string Acr { get; set; }

    public DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Browser and system, as a person recognises them.</summary>
    public Sealed<string>? Device { get; set; }

    public Sealed<string>? ClientIp { get; set; }

    public DateTimeOffset? EndedAt { get; set; }

    public KeyId OwnerKey => KeyId.Subject(Account, UserId);

    public string OwnedRow => Id.ToString("N");

    public Place At(string field) => new(OwnerKey, Category, field, OwnedRow);

    public static void Configure(ModelBuilder model)
    {
        var session = model.Entity<Session>();
        session.ToTable("sessions");
        session.HasKey(s => s.Id);
        session.Ignore(s => s.OwnerKey);
        session.Ignore(s => s.OwnedRow);
        session.Property(s => s.Amr).HasMaxLength(64);
        session.Property(s => s.Acr).HasMaxLength(64);
        session.Property(s => s.SecurityStamp).HasMaxLength(64);
        session.HasIndex(s => s.SecretHash).IsUnique();
        session.HasIndex(s => new { s.UserId, s.EndedAt });
        // Retention goes by it.
        session.HasIndex(s => s.CreatedAt);
    }
}
