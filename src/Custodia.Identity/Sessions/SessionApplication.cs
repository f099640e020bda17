using Custodia.Kernel.Policy;
using Custodia.Kernel.Storage;
using Custodia.Kernel.Vault;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Sessions;

/// <summary>That an application which wants to hear of the end of sessions has signed somebody in with this one; gone when it was told.</summary>
[Category(Category)]
internal sealed class SessionApplication : IOwnedData
{
    public const string Category = "identity.session-application";

    public Guid SessionId { get; init; }

    public Guid ApplicationId { get; init; }

    /// <summary>The account's <c>uin</c>.</summary>
    public long Account { get; init; }

    public Guid UserId { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public KeyId OwnerKey => KeyId.Subject(Account, UserId);

    public string OwnedRow => $"{SessionId:N}-{ApplicationId:N}";

    public static void Configure(ModelBuilder model)
    {
        var use = model.Entity<SessionApplication>();
        use.ToTable("session_applications");
        use.HasKey(s => new { s.SessionId, s.ApplicationId });
        use.Ignore(s => s.OwnerKey);
        use.Ignore(s => s.OwnedRow);
        use.HasIndex(s => s.UserId);
        use.HasIndex(s => s.ApplicationId);
        use.HasIndex(s => s.CreatedAt);
    }
}
