using Custodia.Kernel.Policy;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Tokens;

/// <summary>
/// What a person let an application do, from one pass through the authorization endpoint. The code that hands it over is part
/// of it; every token that comes from it names it, so revoking it ends them all: the family.
/// </summary>
[Category(Category)]
internal sealed class Grant
{
    public const string Category = "identity.grant";

    public Guid Id { get; init; }

    /// <summary>The account's <c>uin</c>.</summary>
    public long Account { get; init; }

    public Guid DirectoryId { get; init; }

    public Guid ApplicationId { get; init; }

    public Guid UserId { get; init; }

    public Guid SessionId { get; init; }

    /// <summary>The user's security stamp; when the user's changes, the grant is over.</summary>
    public required string SecurityStamp { get; init; }

    /// <summary>Scope values separated by blanks.</summary>
    public required string Scopes { get; init; }

    /// <summary>The audience asked for (RFC 8707); null for the issuer's own endpoints.</summary>
    public string? Resource { get; init; }

    /// <summary>Names of claims asked for one by one (Core section 5.5), for the ID token and for userinfo; never values.</summary>
    public required string IdTokenClaims { get; init; }

    public required string UserinfoClaims { get; init; }

    public string? Nonce { get; init; }

    public DateTimeOffset AuthTime { get; init; }

    public required string Amr { get; init; }

    public required string Acr { get; init; }

    /// <summary>SHA-256 of the authorization code.</summary>
    public required byte[] CodeHash { get; init; }

    public DateTimeOffset CodeExpiresAt { get; init; }

    public DateTimeOffset? CodeUsedAt { get; set; }

    public required string RedirectUri { get; init; }

    /// <summary>S256 challenge (RFC 7636).</summary>
    public required string CodeChallenge { get; init; }

    /// <summary>
    /// Thumbprint of the DPoP key that the code is bound to, and the refresh tokens of a public client (RFC 9449 sections 5 and 10);
    /// null when they are not.
    /// </summary>
    public string? DpopKey { get; set; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? RevokedAt { get; set; }

    /// <summary>Whether it outlives the session it was made in.</summary>
    public bool IsOffline => Protocol.Scopes.Split(Scopes).Contains(Protocol.Scopes.OfflineAccess, StringComparer.Ordinal);

    public static void Configure(ModelBuilder model)
    {
        var grant = model.Entity<Grant>();
        grant.ToTable("grants");
        grant.HasKey(g => g.Id);
        grant.Ignore(g => g.IsOffline);
        grant.Property(g => g.SecurityStamp).HasMaxLength(64);
        grant.Property(g => g.Amr).HasMaxLength(64);
        grant.Property(g => g.Acr).HasMaxLength(64);
        grant.Property(g => g.CodeChallenge).HasMaxLength(43);
        grant.Property(g => g.DpopKey).HasMaxLength(43);
        grant.HasIndex(g => g.CodeHash).IsUnique();
        grant.HasIndex(g => g.UserId);
        grant.HasIndex(g => g.SessionId);
        grant.HasIndex(g => g.ApplicationId);
        grant.HasIndex(g => g.ExpiresAt);
    }
}

/// <summary>
/// A refresh token that was given out. Used ones stay until their grant ends: one that comes back tells that it was stolen
/// (RFC 9700 section 4.14.2).
/// </summary>
[Category(Grant.Category)]
internal sealed class RefreshToken
{
    /// <summary>SHA-256 of the token.</summary>
    public required byte[] TokenHash { get; init; }

    /// <summary>The account's <c>uin</c>.</summary>
    public long Account { get; init; }

    public Guid GrantId { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? UsedAt { get; set; }

    public static void Configure(ModelBuilder model)
    {
        var token = model.Entity<RefreshToken>();
        token.ToTable("refresh_tokens");
        token.HasKey(t => t.TokenHash);
        token.HasIndex(t => t.GrantId);
        token.HasIndex(t => t.CreatedAt);
    }
}

/// <summary>An access token that was revoked before its end; kept until then.</summary>
[Category(Category)]
internal sealed class RevokedToken
{
    public const string Category = "identity.revoked-token";
    public const int MaxJti = 32;

    public required string Jti { get; init; }

    /// <summary>The account's <c>uin</c>.</summary>
    public long Account { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset ExpiresAt { get; init; }

    public static void Configure(ModelBuilder model)
    {
        var token = model.Entity<RevokedToken>();
        token.ToTable("revoked_tokens");
        token.HasKey(t => t.Jti);
        token.Property(t => t.Jti).HasMaxLength(MaxJti);
        token.HasIndex(t => t.ExpiresAt);
    }
}
