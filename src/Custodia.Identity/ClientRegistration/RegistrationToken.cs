using Custodia.Kernel.Policy;
using Custodia.Kernel.Retention;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.ClientRegistration;

/// <summary>
/// An initial access token (RFC 7591 section 3): staff give it to whoever may register applications of a directory, for a number
/// of times and until a day.
/// </summary>
[Category(Category)]
internal sealed class RegistrationToken
{
    public const string Category = "identity.registration-token";
    public const int MaxName = 100;

    public Guid Id { get; init; }

    /// <summary>The account's <c>uin</c>.</summary>
    public long Account { get; init; }

    public Guid DirectoryId { get; init; }

    /// <summary>What it was made for.</summary>
    public required string Name { get; init; }

    /// <summary>SHA-256 of the token.</summary>
    public required byte[] TokenHash { get; init; }

    public int MaxUses { get; init; }

    public int Uses { get; set; }

    /// <summary><c>uin</c> of the sub-account who made it; 0 for an application.</summary>
    public long CreatedBy { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset ExpiresAt { get; init; }

    public static void Configure(ModelBuilder model)
    {
        var token = model.Entity<RegistrationToken>();
        token.ToTable("registration_tokens");
        token.HasKey(t => t.Id);
        token.Property(t => t.Name).HasMaxLength(MaxName);
        token.HasIndex(t => t.TokenHash).IsUnique();
        token.HasIndex(t => new { t.DirectoryId, t.Id });
        token.HasIndex(t => t.ExpiresAt);
    }
}

/// <summary>Tokens whose day has passed.</summary>
internal sealed class ExpiredRegistrationTokens(IdentityContext database)
    : RowRule<IdentityContext, RegistrationToken>(RegistrationToken.Category, "expired", database)
{
    protected override IQueryable<RegistrationToken> Due(RetentionMoment moment) =>
        Context.RegistrationTokens.Where(t => t.ExpiresAt <= moment.Now).OrderBy(t => t.ExpiresAt);

    protected override IQueryable<DateTimeOffset?> Held() => Context.RegistrationTokens.OrderBy(t => t.Id).Take(1).Select(t => (DateTimeOffset?)t.CreatedAt);
}
