using Custodia.Kernel.Policy;
using Custodia.Kernel.Vault;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Keys;

/// <summary>
/// A key that signs the tokens of one directory. Its state follows from its moments alone, so no job has to move it:
/// <code>
/// PublishedAt ─ prepublished ─ ActiveFrom ─ signs ─ ActiveUntil ─ retired, still published ─ PublishedUntil ─ removed
/// </code>
/// </summary>
[Category(Category)]
internal sealed class SigningKey
{
    public const string Category = "identity.signing-key";

    /// <summary>Without dashes it is the key's <c>kid</c>.</summary>
    public Guid Id { get; init; }

    /// <summary>The account's <c>uin</c>.</summary>
    public long Account { get; init; }

    public Guid DirectoryId { get; init; }

    /// <summary><c>ES256</c> or <c>RS256</c>.</summary>
    public required string Algorithm { get; init; }

    /// <summary>SubjectPublicKeyInfo (DER).</summary>
    public required byte[] PublicKey { get; init; }

    /// <summary>PKCS#8 (DER), sealed under a key of its own that is destroyed with it.</summary>
    public Sealed<byte[]> PrivateKey { get; set; } = null!;

    public DateTimeOffset PublishedAt { get; init; }

    public DateTimeOffset ActiveFrom { get; set; }

    public DateTimeOffset ActiveUntil { get; set; }

    public DateTimeOffset PublishedUntil { get; set; }

    public string Kid => Id.ToString("N");

    public KeyId OwnKey => KeyId.Record(Account, "signing-key", Id);

    public Place PrivateKeyPlace => new(OwnKey, Category, "private-key", Kid);

    /// <summary>Stops signing; stays published until nothing it signed is valid any more.</summary>
    public void Retire(DateTimeOffset now)
    {
        ActiveUntil = now;
        PublishedUntil = now + KeyLife.Retired;
    }

    /// <summary>Signs from now on, for the whole life of a key.</summary>
    public void Activate(DateTimeOffset now)
    {
        ActiveFrom = now;
        (ActiveUntil, PublishedUntil) = KeyLife.From(now);
    }

    public static void Configure(ModelBuilder model)
    {
        var key = model.Entity<SigningKey>();
        key.ToTable("signing_keys");
        key.HasKey(k => k.Id);
        key.Ignore(k => k.Kid);
        key.Ignore(k => k.OwnKey);
        key.Ignore(k => k.PrivateKeyPlace);
        key.Property(k => k.Algorithm).HasMaxLength(8);
        key.HasIndex(k => new { k.DirectoryId, k.PublishedUntil });
        key.HasIndex(k => k.PublishedUntil);
    }
}
