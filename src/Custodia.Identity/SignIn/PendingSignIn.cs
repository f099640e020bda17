using Custodia.Kernel.Policy;
using Custodia.Kernel.Vault;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.SignIn;

/// <summary>
/// A sign-in that waits for more: the person has proved one thing, and the directory asks for another. Kept on the server for ten
/// minutes; the browser holds a secret that leads to it and to nothing else.
/// </summary>
[Category(Category)]
internal sealed class PendingSignIn
{
    public const string Category = "identity.pending-sign-in";

    public static readonly TimeSpan Life = TimeSpan.FromMinutes(10);

    /// <summary>SHA-256 of the cookie's secret.</summary>
    public required byte[] SecretHash { get; init; }

    /// <summary>The account's <c>uin</c>.</summary>
    public long Account { get; init; }

    public Guid DirectoryId { get; init; }

    public Guid UserId { get; init; }

    /// <summary>The session that is to be strengthened; null for a sign-in.</summary>
    public Guid? SessionId { get; init; }

    /// <summary>What has been proved so far: names of <see cref="Sessions.Authentication"/> separated by blanks.</summary>
    public required string Methods { get; init; }

    public PendingNeed Need { get; init; }

    /// <summary>The user's stamp when the first proof was given; when credentials change meanwhile, the sign-in is over.</summary>
    public required string SecurityStamp { get; init; }

    /// <summary>Where the person wanted to go.</summary>
    public Sealed<string>? ReturnPath { get; set; }

    /// <summary>The mailed code that serves as the second proof, where the person has set none up.</summary>
    public Guid? CodeId { get; set; }

    public int TriesLeft { get; set; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? UsedAt { get; set; }

    public IReadOnlyList<string> Proofs => Methods.Split(' ');

    public Place ReturnPlace => new(KeyId.Subject(Account, UserId), Category, "return-path", Convert.ToHexStringLower(SecretHash));

    public static void Configure(ModelBuilder model)
    {
        var pending = model.Entity<PendingSignIn>();
        pending.ToTable("pending_sign_ins");
        pending.HasKey(p => p.SecretHash);
        pending.Ignore(p => p.ReturnPlace);
        pending.Ignore(p => p.Proofs);
        pending.Property(p => p.Methods).HasMaxLength(100);
        pending.Property(p => p.Need).HasMaxLength(16);
        pending.Property(p => p.SecurityStamp).HasMaxLength(64);
        pending.HasIndex(p => p.UserId);
        pending.HasIndex(p => p.CreatedAt);
    }
}

/// <summary>What a sign-in waits for.</summary>
internal enum PendingNeed
{
    /// <summary>A second factor that the person has.</summary>
    Factor,

    /// <summary>A second factor that the person sets up now.</summary>
    Enrolment,

    /// <summary>A passkey and nothing else.</summary>
    Passkey,

    /// <summary>The digits that were mailed to a person who has set no second factor up.</summary>
    MailedCode,
}
