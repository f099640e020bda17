using Custodia.Kernel.Policy;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Tokens;

/// <summary>An access token that is a reference, for applications that ask for them: what a JWT would say, kept here until its end.</summary>
[Category(Grant.Category)]
internal sealed class OpaqueAccessToken
{
    /// <summary>SHA-256 of the token.</summary>
    public required byte[] TokenHash { get; init; }

    /// <summary>The account's <c>uin</c>.</summary>
    public long Account { get; init; }

    public Guid DirectoryId { get; init; }

    public Guid ApplicationId { get; init; }

    /// <summary>Null for an application that acts for itself, as <see cref="UserId"/> is.</summary>
    public Guid? GrantId { get; init; }

    public Guid? UserId { get; init; }

    public required string Jti { get; init; }

    /// <summary>One or two, separated by line breaks.</summary>
    public required string Audience { get; init; }

    /// <summary>Scope values separated by blanks.</summary>
    public required string Scopes { get; init; }

    /// <summary>Thumbprint of the key it is bound to (RFC 9449); null for a bearer token.</summary>
    public string? DpopKey { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset ExpiresAt { get; init; }

    public static void Configure(ModelBuilder model)
    {
        var token = model.Entity<OpaqueAccessToken>();
        token.ToTable("access_tokens");
        token.HasKey(t => t.TokenHash);
        token.Property(t => t.Jti).HasMaxLength(RevokedToken.MaxJti);
        token.Property(t => t.DpopKey).HasMaxLength(43);
        token.HasIndex(t => t.UserId);
        token.HasIndex(t => t.ApplicationId);
        token.HasIndex(t => t.ExpiresAt);
    }
}
