using Custodia.Kernel.Policy;
using Custodia.Kernel.Vault;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Sources;

/// <summary>An identity provider elsewhere with which people of a directory may sign in.</summary>
[Category(Category)]
internal sealed class AuthenticationSource
{
    public const string Category = "identity.authentication-source";
    public const int MaxName = 40;
    public const int MaxTitle = 60;
    public const int MaxAddress = 500;

    public Guid Id { get; init; }

    /// <summary>The account's <c>uin</c>.</summary>
    public long Account { get; init; }

    public Guid DirectoryId { get; init; }

    /// <summary>Route segment, unique in the directory and never changed, because the provider knows the redirect address: <c>[a-z0-9-]{2,40}</c>.</summary>
    public required string Name { get; init; }

    public SourceKind Kind { get; init; }

    /// <summary>What people read on the button.</summary>
    public required string Title { get; set; }

    public bool Enabled { get; set; }

    /// <summary>OpenID Connect: the issuer identifier, below which the discovery document lies. Empty for plain OAuth 2.0.</summary>
    public string Issuer { get; set; } = "";

    /// <summary>OAuth 2.0 only; OpenID Connect reads its endpoints from the discovery document.</summary>
    public string AuthorizationEndpoint { get; set; } = "";

    public string TokenEndpoint { get; set; } = "";

    public string UserinfoEndpoint { get; set; } = "";

    /// <summary>Who we are to the provider.</summary>
    public required string ClientId { get; set; }

    /// <summary>Sealed under a key of its own that is destroyed with it; null for a public client.</summary>
    public Sealed<string>? ClientSecret { get; set; }

    /// <summary>Scope values separated by blanks.</summary>
    public string Scopes { get; set; } = "";

    /// <summary>Name of the claim that identifies the person at the provider; <c>sub</c> for OpenID Connect.</summary>
    public string SubjectClaim { get; set; } = "sub";

    public string EmailClaim { get; set; } = "email";

    public string NameClaim { get; set; } = "name";

    /// <summary>Whether an address that the provider calls verified counts as verified here.</summary>
    public bool TrustsEmail { get; set; }

    /// <summary>Whether people who are new may join through it, where the directory lets people join.</summary>
    public bool SignUp { get; set; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; set; }

    public KeyId OwnKey => KeyId.Record(Account, "authentication-source", Id);

    public Place SecretPlace => new(OwnKey, Category, "client-secret", Id.ToString("N"));

    public static void Configure(ModelBuilder model)
    {
        var source = model.Entity<AuthenticationSource>();
        source.ToTable("authentication_sources");
        source.HasKey(s => s.Id);
        source.Ignore(s => s.OwnKey);
        source.Ignore(s => s.SecretPlace);
        source.Property(s => s.Name).HasMaxLength(MaxName);
        source.Property(s => s.Kind).HasMaxLength(16);
        source.Property(s => s.Title).HasMaxLength(MaxTitle);
        source.HasIndex(s => new { s.DirectoryId, s.Name }).IsUnique();
        source.HasIndex(s => s.Account);
    }
}

internal enum SourceKind
{
    /// <summary>OpenID Connect, known by its discovery document.</summary>
    OpenIdConnect,

    /// <summary>OAuth 2.0 with an endpoint that tells about the person.</summary>
    OAuth2,
}
