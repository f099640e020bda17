using System.Globalization;
using Custodia.Kernel.Policy;
using Custodia.Kernel.Storage;
using Custodia.Kernel.Vault;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Kernel.Delivery;

internal enum MessageState
{
    /// <summary>To be sent, or kept because there is no provider.</summary>
    Waiting,

    Sent,

    /// <summary>Given up: refused by the provider, or tried too often.</summary>
    Failed,
}

/// <summary>A stored mail or SMS.</summary>
[Category("kernel.outgoing-message")]
internal sealed class MessageRow
{
    public Guid Id { get; init; }

    public long Account { get; init; }

    public Guid Person { get; init; }

    public Channel Channel { get; init; }

    public Sealed<string> Recipient { get; set; } = null!;

    public Sealed<string>? Subject { get; set; }

    public Sealed<string> Text { get; set; } = null!;

    /// <summary>The same as HTML, for mails that have it.</summary>
    public Sealed<string>? Html { get; set; }

    public required string Origin { get; init; }

    public MessageState State { get; set; }

    public DateTimeOffset CreatedAt { get; init; }

    public int Tries { get; set; }

    /// <summary>When it is sent (again); null when it is sent or given up.</summary>
    public DateTimeOffset? NextTryAt { get; set; }

    /// <summary>Whether it is in <see cref="MessageCount"/>.</summary>
    public bool Counted { get; set; }

    public Place Place(string field) => new(KeyId.Subject(Account, Person), "kernel.outgoing-message", field, Id.ToString("N"));

    public static void Configure(ModelBuilder model, bool ownedHere)
    {
        var entity = model.Entity<MessageRow>();
        entity.ToTable("kernel_outgoing_messages", table => table.ExcludeFromMigrations(!ownedHere));
        entity.HasKey(m => m.Id);
        entity.HasIndex(m => new { m.Channel, m.NextTryAt });
        entity.HasIndex(m => m.CreatedAt);
        entity.HasIndex(m => new { m.Account, m.Person });
        entity.HasIndex(m => new { m.Counted, m.Account });
        ModuleContext.NameColumns(entity.Metadata);
    }
}

/// <summary>How many messages an account has had sent in a month.</summary>
[Category("kernel.message-count")]
internal sealed class MessageCount
{
    public long Account { get; init; }

    /// <summary>Calendar month in UTC, e.g. <c>2026-11</c>.</summary>
    public required string Month { get; init; }

    public Channel Channel { get; init; }

    public long Count { get; set; }

    public static string MonthOf(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM", CultureInfo.InvariantCulture);

    public static void Configure(ModelBuilder model)
    {
        var entity = model.Entity<MessageCount>();
        entity.ToTable("message_counts");
        entity.HasKey(c => new { c.Account, c.Month, c.Channel });
    }
}
