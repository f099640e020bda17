using Custodia.Kernel.Policy;
using Custodia.Kernel.Vault;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Tickets.Contacts;

internal enum ContactKind
{
    Email,
    Mobile,
}

/// <summary>A mail address that was given on the ticket page and verified by a code. One a ticket.</summary>
[Category(Category)]
internal sealed class ContactEmail : ITicketSecret
{
    public const string Category = "tickets.contact-email";
    public const string Field = "email";

    public static string PolicyCategory => Category;

    public static string HeldSince => nameof(VerifiedAt);

    public Guid Id { get; init; }

    public long Account { get; init; }

    public Guid TicketId { get; init; }

    public Guid Person { get; init; }

    public Sealed<string> Email { get; init; } = null!;

    /// <summary>Keyed index for exact lookup.</summary>
    public byte[] EmailIndex { get; init; } = [];

    public DateTimeOffset VerifiedAt { get; init; }

    public Place Place => SecretKeys.Place(this, Field);

    public static void Configure(ModelBuilder model) => model.Entity<ContactEmail>(contact =>
    {
        contact.Ignore(c => c.Place);
        contact.Property(c => c.Email).IsRequired(false);
        contact.HasIndex(c => c.TicketId).IsUnique();
        contact.HasIndex(c => c.VerifiedAt);
        contact.HasIndex(c => new { c.Account, c.Person });
        contact.HasIndex(c => new { c.Account, c.EmailIndex });
    });
}

/// <summary>A mobile number that was given on the ticket page and verified by a code. One a ticket.</summary>
[Category(Category)]
internal sealed class ContactMobile : ITicketSecret
{
    public const string Category = "tickets.contact-mobile";
    public const string Field = "mobile";

    public static string PolicyCategory => Category;

    public static string HeldSince => nameof(VerifiedAt);

    public Guid Id { get; init; }

    public long Account { get; init; }

    public Guid TicketId { get; init; }

    public Guid Person { get; init; }

    public Sealed<string> Mobile { get; init; } = null!;

    /// <summary>Keyed index for exact lookup.</summary>
    public byte[] MobileIndex { get; init; } = [];

    public DateTimeOffset VerifiedAt { get; init; }

    public Place Place => SecretKeys.Place(this, Field);

    public static void Configure(ModelBuilder model) => model.Entity<ContactMobile>(contact =>
    {
        contact.Ignore(c => c.Place);
        contact.Property(c => c.Mobile).IsRequired(false);
        contact.HasIndex(c => c.TicketId).IsUnique();
        contact.HasIndex(c => new { c.Account, c.Person });
        contact.HasIndex(c => new { c.Account, c.MobileIndex });
    });
}
