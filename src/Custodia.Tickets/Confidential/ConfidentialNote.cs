using Custodia.Kernel.Policy;
using Custodia.Kernel.Vault;
using Custodia.Tickets.Contacts;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Tickets.Confidential;

/// <summary>What a person wrote into the confidential field.</summary>
[Category(Category)]
internal sealed class ConfidentialNote : ITicketSecret
{
    public const string Category = "tickets.confidential";
    public const string Field = "text";
    public const int MostCharacters = 4_000;

    public static string PolicyCategory => Category;

    public static string HeldSince => nameof(CreatedAt);

    public Guid Id { get; init; }

    public long Account { get; init; }

    public Guid TicketId { get; init; }

    public Guid Person { get; init; }

    public Sealed<string> Text { get; init; } = null!;

    public DateTimeOffset CreatedAt { get; init; }

    public Place Place => SecretKeys.Place(this, Field);

    public static void Configure(ModelBuilder model) => model.Entity<ConfidentialNote>(note =>
    {
        note.Ignore(n => n.Place);
        note.Property(n => n.Text).IsRequired(false);
        note.HasIndex(n => n.TicketId);
        note.HasIndex(n => new { n.Account, n.Person });
    });
}
