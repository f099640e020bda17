using Custodia.Kernel.Policy;
using Custodia.Kernel.Vault;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Tickets.Contacts;

/// <summary>A contact that waits for its code. Becomes a contact or nothing.</summary>
[Category(Category)]
internal sealed class ContactCode : ITicketSecret
{
    public const string Category = "tickets.contact-code";
    public const int MostTries = 5;
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    public static string PolicyCategory => Category;

    public static string HeldSince => nameof(CreatedAt);

    public Guid Id { get; init; }

    public long Account { get; init; }

    public Guid TicketId { get; init; }

    public Guid Person { get; init; }

    public ContactKind Kind { get; init; }

    public Sealed<string> Contact { get; init; } = null!;

    public Sealed<string> Code { get; init; } = null!;

    public DateTimeOffset CreatedAt { get; init; }

    public int Tries { get; set; }

    public DateTimeOffset ExpiresAt => CreatedAt + Lifetime;

    public Place ContactPlace => SecretKeys.Place(this, "contact");

    public Place CodePlace => SecretKeys.Place(this, "code");

    public static void Configure(ModelBuilder model) => model.Entity<ContactCode>(code =>
    {
        code.Ignore(c => c.ContactPlace).Ignore(c => c.CodePlace).Ignore(c => c.ExpiresAt);
        code.HasIndex(c => new { c.TicketId, c.Kind });
        code.HasIndex(c => new { c.Account, c.Person, c.CreatedAt });
        code.HasIndex(c => c.CreatedAt);
    });
}
