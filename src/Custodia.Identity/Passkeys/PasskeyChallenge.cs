using Custodia.Identity.SignIn;
using Custodia.Kernel.Policy;
using Custodia.Kernel.Vault;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Passkeys;

/// <summary>A challenge that an authenticator is to sign: made here, good for one answer within ten minutes.</summary>
[Category(PendingSignIn.Category)]
internal sealed class PasskeyChallenge
{
    public const string DayKey = "passkey-challenge";

    /// <summary>SHA-256 of the reference that the browser carries.</summary>
    public required byte[] ReferenceHash { get; init; }

    /// <summary>The account's <c>uin</c>.</summary>
    public long Account { get; init; }

    public Guid DirectoryId { get; init; }

    /// <summary>Whose passkey is meant; null where the passkey is to say it.</summary>
    [Field("asked-of")]
    public Guid? UserId { get; init; }

    /// <summary>Whether a passkey is to be made rather than used.</summary>
    public bool Registers { get; init; }

    /// <summary>What was asked of the authenticator, as JSON.</summary>
    public Sealed<string> State { get; set; } = null!;

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset ExpiresAt { get; init; }

    public Place StatePlace => new(
        UserId is { } user ? KeyId.Subject(Account, user) : KeyId.Day(Account, DayKey, DateOnly.FromDateTime(CreatedAt.UtcDateTime)),
        PendingSignIn.Category,
        "state",
        Convert.ToHexStringLower(ReferenceHash));

    public static void Configure(ModelBuilder model)
    {
        var challenge = model.Entity<PasskeyChallenge>();
        challenge.ToTable("passkey_challenges");
        challenge.HasKey(c => c.ReferenceHash);
        challenge.Ignore(c => c.StatePlace);
        challenge.HasIndex(c => c.UserId);
        challenge.HasIndex(c => c.CreatedAt);
    }
}
