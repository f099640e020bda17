using Custodia.Kernel.Policy;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Applications;

internal enum ApplicationKind
{
    /// <summary>Runs on a server and keeps a secret.</summary>
    Web,

    /// <summary>Runs in the browser; a public client.</summary>
    Spa,

    /// <summary>Runs on a device; a public client whose loopback redirect may use any port (RFC 8252).</summary>
    Native,

    /// <summary>Acts for itself with client credentials.</summary>
    M2m,
}

/// <summary>An OpenID Connect client of a directory, as configured. Lists are texts separated by line breaks (addresses) or blanks.</summary>
[Category(Category)]
internal sealed class Application
{
    public const string Category = "identity.application";
    public const int MaxClientId = 40;

    public Guid Id { get; init; }

    /// <summary>The account's <c>uin</c>.</summary>
    public long Account { get; init; }

    public Guid DirectoryId { get; init; }

    /// <summary>Made here and never a person's id, so a token's <c>sub</c> is never ambiguous (RFC 9068 section 5).</summary>
    public required string ClientId { get; init; }

    public required string Name { get; set; }

    public ApplicationKind Kind { get; init; }

    public bool Enabled { get; set; } = true;

    public string RedirectUris { get; set; } = "";

    public string PostLogoutUris { get; set; } = "";

    /// <summary>What it may ask a person for, and scopes of its own resources.</summary>
    public string Scopes { get; set; } = "";

    /// <summary>What it may do with the server's own API; applications of a staff directory only.</summary>
    public string Permissions { get; set; } = "";

    /// <summary>Audiences it may ask tokens for (RFC 8707), absolute URIs.</summary>
    public string Resources { get; set; } = "";

    public bool ConsentRequired { get; set; }

    /// <summary>May send people to another device with a code (RFC 8628).</summary>
    public bool DeviceGrant { get; set; }

    /// <summary>Where it is told that a session of its people has ended (OpenID Connect Back-Channel Logout 1.0); null: nowhere.</summary>
    public string? BackchannelLogoutUri { get; set; }

    public int AccessTokenSeconds { get; set; }

    public int IdTokenSeconds { get; set; }

    /// <summary>A refresh token that is not used for so long is over.</summary>
    public int RefreshIdleDays { get; set; }

    /// <summary>A sign-in is good for new tokens for at most so long.</summary>
    public int RefreshDays { get; set; }

    /// <summary>How long a used refresh token is taken once more, for clients that lost the answer; 0 to 30.</summary>
    public int RefreshOverlapSeconds { get; set; }

    public required string SigningAlgorithm { get; set; }

    public bool DpopRequired { get; set; }

    public bool PushedRequestsRequired { get; set; }

    /// <summary>One of <see cref="ProtocolSettings.ClientSecret"/> and <see cref="ProtocolSettings.PrivateKeyJwt"/>.</summary>
    public string Authentication { get; set; } = ProtocolSettings.ClientSecret;

    /// <summary>Its public keys as a JWK set, for <c>private_key_jwt</c>.</summary>
    public string? Jwks { get; set; }

    public string? JwksUri { get; set; }

    /// <summary>Whether its access tokens are references and not JWTs.</summary>
    public bool OpaqueTokens { get; set; }

    /// <summary>Client ids whose people's tokens it may exchange (RFC 8693), separated by blanks.</summary>
    public string ExchangeFrom { get; set; } = "";

    /// <summary>SHA-256 of the token with which it manages itself (RFC 7592); null unless it was registered that way.</summary>
    public byte[]? RegistrationHash { get; set; }

    /// <summary><c>uin</c> of the sub-account who made it; 0 when the server did.</summary>
    public long CreatedBy { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; set; }

    /// <summary>Whether it authenticates with a secret; public clients have none, and others may have keys instead.</summary>
    public bool HasSecret => Kind is ApplicationKind.Web or ApplicationKind.M2m && Authentication == ProtocolSettings.ClientSecret;

    public static void Configure(ModelBuilder model)
    {
        var application = model.Entity<Application>();
        application.ToTable("applications");
        application.HasKey(a => a.Id);
        application.Ignore(a => a.HasSecret);
        application.Property(a => a.ClientId).HasMaxLength(MaxClientId);
        application.Property(a => a.Name).HasMaxLength(ApplicationRules.MaxName);
        application.Property(a => a.Kind).HasMaxLength(8);
        application.Property(a => a.SigningAlgorithm).HasMaxLength(8);
        application.Property(a => a.Authentication).HasMaxLength(16);
        application.HasIndex(a => new { a.DirectoryId, a.ClientId }).IsUnique();
        application.HasIndex(a => new { a.Account, a.Id });
    }
}

/// <summary>One of an application's secrets: two at a time let a secret be changed without a pause.</summary>
[Category(Application.Category)]
internal sealed class ApplicationSecret
{
    public Guid Id { get; init; }

    /// <summary>The account's <c>uin</c>.</summary>
    public long Account { get; init; }

    public Guid ApplicationId { get; init; }

    /// <summary>SHA-256 of the secret; see <see cref="Protocol.OpaqueToken"/>.</summary>
    public required byte[] SecretHash { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Null while it is the current one; set when a newer one replaces it.</summary>
    public DateTimeOffset? ExpiresAt { get; set; }

    public static void Configure(ModelBuilder model)
    {
        var secret = model.Entity<ApplicationSecret>();
        secret.ToTable("application_secrets");
        secret.HasKey(s => s.Id);
        secret.HasOne<Application>().WithMany().HasForeignKey(s => s.ApplicationId).OnDelete(DeleteBehavior.Cascade);
        secret.HasIndex(s => s.ExpiresAt);
    }
}
