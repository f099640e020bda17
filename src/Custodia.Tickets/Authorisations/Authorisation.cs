using Custodia.Kernel.Policy;
using Custodia.Kernel.Vault;
using Custodia.Tickets.Contacts;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Tickets.Authorisations;

/// <summary>What staff may do with the access they are lent.</summary>
internal enum AccessScope
{
    Look,
    Change,
    Administer,
}

/// <summary>
/// Time-boxed access to a system that a person grants to one named member of staff. It is deleted, key and all, with its ticket,
/// its date or its revocation; who opened it stays in the reveal log.
/// </summary>
[Category(Category)]
internal sealed class Authorisation : ITicketSecret
{
    public const string Category = "tickets.authorisation";
    public static readonly TimeSpan Longest = TimeSpan.FromDays(30);

    public static string PolicyCategory => Category;

    public static string HeldSince => nameof(ValidFrom);

    public Guid Id { get; init; }

    public long Account { get; init; }

    public Guid TicketId { get; init; }

    public Guid Person { get; init; }

    /// <summary>The one member of staff who may open it.</summary>
    public Guid GrantedTo { get; init; }

    public AccessScope Scope { get; init; }

    public Sealed<string> Host { get; init; } = null!;

    public Sealed<string> SystemAccount { get; init; } = null!;

    public Sealed<string> Password { get; init; } = null!;

    public DateTimeOffset ValidFrom { get; init; }

    public DateTimeOffset ValidUntil { get; init; }

    public static IReadOnlyList<string> Fields { get; } = ["host", "system-account", "password"];

    public Place Place(string field) => SecretKeys.Place(this, field);

    public Sealed<string> Value(string field) => field switch
    {
        "host" => Host,
        "system-account" => SystemAccount,
        "password" => Password,
        _ => throw new ArgumentOutOfRangeException(nameof(field)),
    };

    public static void Configure(ModelBuilder model) => model.Entity<Authorisation>(grant =>
    {
        grant.Property(g => g.Host).IsRequired(false);
        grant.Property(g => g.SystemAccount).IsRequired(false);
        grant.Property(g => g.Password).IsRequired(false);
        grant.HasIndex(g => g.TicketId);
        grant.HasIndex(g => g.ValidUntil);
        grant.HasIndex(g => new { g.Account, g.Person });
    });
}
