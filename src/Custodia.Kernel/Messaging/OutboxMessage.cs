using Custodia.Kernel.Policy;
using Custodia.Kernel.Storage;
using Custodia.Kernel.Vault;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Kernel.Messaging;

/// <summary>An event on its way. Deleted when every subscriber has had it.</summary>
[Category("kernel.event")]
internal sealed class OutboxMessage
{
    /// <summary>Order of publication.</summary>
    public long Sequence { get; init; }

    public Guid Id { get; init; }

    public required string Type { get; init; }

    public int Version { get; init; }

    public long Account { get; init; }

    public Guid? Person { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public Sealed<byte[]> Payload { get; set; } = null!;

    /// <summary>How often it was delivered to all that wanted it without success.</summary>
    public int Tries { get; set; }

    /// <summary>When it is delivered (again); null when it is parked.</summary>
    public DateTimeOffset? NextTryAt { get; set; }

    public Place Place => new(
        Person is { } person ? KeyId.Subject(Account, person) : KeyId.Day(Account, DayKey, DateOnly.FromDateTime(CreatedAt.UtcDateTime)),
        "kernel.event",
        "payload",
        Id.ToString("N"));

    public const string DayKey = "event";

    public static void Configure(ModelBuilder model, bool ownedHere)
    {
        var entity = model.Entity<OutboxMessage>();
        entity.ToTable("kernel_outbox", table => table.ExcludeFromMigrations(!ownedHere));
        entity.HasKey(m => m.Sequence);
        entity.Property(m => m.Sequence).ValueGeneratedOnAdd();
        entity.HasIndex(m => m.Id).IsUnique();
        entity.HasIndex(m => m.NextTryAt);
        entity.HasIndex(m => new { m.Account, m.Person });
        entity.Ignore(m => m.Place);
        ModuleContext.NameColumns(entity.Metadata);
    }
}

/// <summary>That a subscriber has had an event which others still wait for. Deleted with the event.</summary>
[Category("kernel.event")]
internal sealed class EventDelivery
{
    public Guid Event { get; init; }

    public required string Subscriber { get; init; }

    public static void Configure(ModelBuilder model)
    {
        var entity = model.Entity<EventDelivery>();
        entity.ToTable("event_deliveries");
        entity.HasKey(d => new { d.Event, d.Subscriber });
    }
}
