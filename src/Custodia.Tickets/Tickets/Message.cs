using Custodia.Kernel.Policy;
using Custodia.Kernel.Storage;
using Custodia.Kernel.Vault;
using Custodia.Tickets.Content;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Tickets.Tickets;

internal enum AuthorKind
{
    Customer,
    Staff,
    Application,
}

/// <summary>Something that was said in a ticket.</summary>
[Category("tickets.record")]
internal sealed class Message : IOwnedData
{
    public Guid Id { get; init; }

    public long Account { get; init; }

    public Guid TicketId { get; init; }

    /// <summary>The ticket's, see <see cref="Ticket.ContentKey"/>.</summary>
    public Guid ContentKey { get; set; }

    public AuthorKind AuthorKind { get; init; }

    /// <summary>Null for applications and once the author was erased.</summary>
    public Guid? Author { get; set; }

    /// <summary>A note among staff, not shown on the person's pages.</summary>
    public bool Internal { get; init; }

    [Field(TicketContent.Messages, Category = TicketContent.Category, Switchable = true)]
    public StoredText Body { get; set; } = null!;

    public DateTimeOffset CreatedAt { get; init; }

    public ContentPlace BodyPlace => new(Account, ContentKey, TicketContent.Messages, Id);

    KeyId IOwnedData.OwnerKey => TicketKeys.Content(Account, ContentKey);

    string IOwnedData.OwnedRow => Id.ToString("N");

    public static void Configure(ModelBuilder model) => model.Entity<Message>(message =>
    {
        message.Ignore(m => m.BodyPlace);
        message.Property(m => m.Body).HasConversion<StoredTextConverter>();
        message.HasIndex(m => new { m.TicketId, m.Id });
        message.HasIndex(m => new { m.Account, m.Author });
    });
}
