using Custodia.Kernel.Policy;
using Custodia.Kernel.Vault;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Codes;

/// <summary>Six digits sent to somebody: five minutes, five tries, one use.</summary>
[Category(Category)]
internal sealed class OneTimeCode
{
    public const string Category = "identity.one-time-code";

    /// <summary>Travels through the browser in a hidden field; worthless without the digits.</summary>
    public Guid Id { get; init; }

    /// <summary>The account's <c>uin</c>.</summary>
    public long Account { get; init; }

    public Guid DirectoryId { get; init; }

    public CodePurpose Purpose { get; init; }

    /// <summary>Whose code it is: a user, or the pending sign-up it belongs to. Of nobody for a code that was never sent.</summary>
    public Guid UserId { get; init; }

    /// <summary>Keyed hash of id and digits: six digits alone would be found by trying.</summary>
    public required byte[] CodeHash { get; init; }

    /// <summary>SHA-256 of the secret of the link beside the digits; null where there is none.</summary>
    public byte[]? LinkHash { get; set; }

    /// <summary>What the code proves besides the person, e.g. the new address.</summary>
    public Sealed<string>? Target { get; set; }

    public int TriesLeft { get; set; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? UsedAt { get; set; }

    public Place At(string field) => new(KeyId.Subject(Account, UserId), Category, field, Id.ToString("N"));

    public static void Configure(ModelBuilder model)
    {
        var code = model.Entity<OneTimeCode>();
        code.ToTable("one_time_codes");
        code.HasKey(c => c.Id);
        code.Property(c => c.Purpose).HasMaxLength(24);
        code.HasIndex(c => c.UserId);
        code.HasIndex(c => c.LinkHash).IsUnique();
        code.HasIndex(c => c.CreatedAt);
    }
}

internal enum CodePurpose
{
    SignUp,
    SignIn,
    ChangeEmail,
    DeleteAccount,
    ChangePassword,
    SecondFactor,
    Recovery,
    VerifyMobile,
    SignInBySms,
}
