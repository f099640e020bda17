using Custodia.Kernel.Policy;
using Custodia.Kernel.Storage;
using Custodia.Kernel.Vault;
using Custodia.Tickets.Content;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Tickets.Tickets;

/// <summary>A support request.</summary>
[Category("tickets.record")]
internal sealed class Ticket : IOwnedData
{
    public Guid Id { get; init; }

    public long Account { get; init; }

    /// <summary>Counts up per account from 1; what people call the ticket by.</summary>
    public long Number { get; set; }

    /// <summary>The person's directory; empty for a ticket that staff opened for nobody.</summary>
    public required string Directory { get; init; }

    /// <summary>Whose ticket it is; null once the person was erased.</summary>
    public Guid? Person { get; set; }

    /// <summary>Names the key that owns title, messages and files. De-identification takes a new one and destroys the old, so that
    /// backups from before cannot be read.</summary>
    public Guid ContentKey { get; set; }

    public required string ProductCategory { get; init; }

    public required string ProblemType { get; init; }

    public Severity Severity { get; init; }

    public required string Region { get; init; }

    public TicketState State { get; set; }

    [Field(TicketContent.Description, Category = TicketContent.Category, Switchable = true)]
    public StoredText Title { get; set; } = null!;

    [Field(TicketContent.Description, Category = TicketContent.Category, Switchable = true)]
    public StoredText Description { get; set; } = null!;

    /// <summary>The member of staff who works on it.</summary>
    public Guid? Assignee { get; set; }

    /// <summary>The person ticked that progress may go to the registered contact.</summary>
    public bool UseRegisteredContact { get; set; }

    /// <summary>1 to 5 stars, after completion.</summary>
    public int? Rating { get; set; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; set; }

    public DateTimeOffset? ClosedAt { get; set; }

    /// <summary>Hash of caller and <c>Idempotency-Key</c>: a second submit finds the first one's ticket.</summary>
    public string? IdempotencyKey { get; set; }

    /// <summary>Counts changes; a change that read an older version is refused.</summary>
    public int Version { get; set; }

    public ContentPlace TitlePlace => new(Account, ContentKey, TicketContent.Description, TitleRow);

    public ContentPlace DescriptionPlace => new(Account, ContentKey, TicketContent.Description, Id);

    KeyId IOwnedData.OwnerKey => TicketKeys.Content(Account, ContentKey);

    string IOwnedData.OwnedRow => Id.ToString("N");

    // Two values of one field in one row need two places.
    private Guid TitleRow
    {
        get
        {
            Span<byte> bytes = stackalloc byte[16];
            Id.TryWriteBytes(bytes);
            bytes[15] ^= 0xFF;
            return new Guid(bytes);
        }
    }

    public static void Configure(ModelBuilder model) => model.Entity<Ticket>(ticket =>
    {
        ticket.Ignore(t => t.TitlePlace).Ignore(t => t.DescriptionPlace);
        ticket.Property(t => t.Title).HasConversion<StoredTextConverter>();
        ticket.Property(t => t.Description).HasConversion<StoredTextConverter>();
        ticket.HasIndex(t => new { t.Account, t.Number }).IsUnique();
        ticket.HasIndex(t => new { t.Account, t.IdempotencyKey }).IsUnique();
        ticket.HasIndex(t => new { t.Account, t.Person, t.Number });
        ticket.HasIndex(t => new { t.Account, t.State, t.Number });
        ticket.HasIndex(t => new { t.Account, t.Assignee, t.Number });
        ticket.HasIndex(t => new { t.Account, t.ProductCategory, t.Number });
        ticket.HasIndex(t => new { t.Account, t.Severity, t.Number });
        ticket.HasIndex(t => new { t.Account, t.ClosedAt });
    });
}
