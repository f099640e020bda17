using Custodia.Kernel.Policy;
using Custodia.Kernel.Storage;
using Custodia.Kernel.Vault;
using Custodia.Tickets.Content;
using Custodia.Tickets.Tickets;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Tickets.Attachments;

/// <summary>
/// A file of a ticket. The bytes lie below <c>data/files/tickets</c> under a random name, always under the ticket's key: a backup copies
/// files as they lie, so only a key takes them out of old backups.
/// </summary>
[Category("tickets.record")]
internal sealed class Attachment : IOwnedData
{
    public Guid Id { get; init; }

    public long Account { get; init; }

    public Guid TicketId { get; init; }

    /// <summary>The message it came with; null: the description.</summary>
    public Guid? MessageId { get; init; }

    /// <summary>The ticket's, see <see cref="Ticket.ContentKey"/>.</summary>
    public Guid ContentKey { get; set; }

    /// <summary>Name as the uploader called it, without folders.</summary>
    [Field(TicketContent.Files, Category = TicketContent.Category, Switchable = true)]
    public StoredText FileName { get; set; } = null!;

    /// <summary>By content, never by name.</summary>
    public required string MediaType { get; init; }

    /// <summary>Bytes as served.</summary>
    public long Size { get; set; }

    /// <summary>Random; 32 hexadecimal digits.</summary>
    public required string StoredName { get; set; }

    public AuthorKind AuthorKind { get; init; }

    public Guid? Author { get; set; }

    public DateTimeOffset CreatedAt { get; init; }

    public ContentPlace NamePlace => new(Account, ContentKey, TicketContent.Files, Id);

    KeyId IOwnedData.OwnerKey => TicketKeys.Content(Account, ContentKey);

    string IOwnedData.OwnedRow => Id.ToString("N");

    public static void Configure(ModelBuilder model) => model.Entity<Attachment>(attachment =>
    {
        attachment.Ignore(a => a.NamePlace);
        attachment.Property(a => a.FileName).HasConversion<StoredTextConverter>();
        attachment.HasIndex(a => a.TicketId);
        attachment.HasIndex(a => a.StoredName).IsUnique();
        attachment.HasIndex(a => new { a.Account, a.Author });
    });
}
