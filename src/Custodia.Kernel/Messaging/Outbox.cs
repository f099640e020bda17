using System.Text.Json;
using Custodia.Kernel.Deletion;
using Custodia.Kernel.Policy;
using Custodia.Kernel.Storage;
using Custodia.Kernel.Vault;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Kernel.Messaging;

/// <summary>
/// Publishes events with the change that caused them: <c>await outbox.PublishAsync(context, …); await context.SaveChangesAsync();</c>.
/// The payload is sealed under the key of the person it is about (else of the account's day), so an erased person's events are gone too.
/// </summary>
public sealed class Outbox(DataVault vault, TimeProvider time)
{
    internal static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>Adds the event to the context; it leaves when the context's transaction has committed.</summary>
    /// <typeparam name="TEvent">A type with <see cref="EventAttribute"/>.</typeparam>
    public async Task PublishAsync<TEvent>(ModuleContext context, long account, Guid? person, TEvent message, CancellationToken cancellation)
        where TEvent : class
    {
        var shape = EventShapes<TEvent>.Shape;
        var now = time.GetUtcNow();
        var row = new OutboxMessage
        {
            Id = Guid.CreateVersion7(now),
            Type = shape.Type,
            Version = shape.Version,
            Account = account,
            Person = person,
            CreatedAt = now,
        };
        row.Payload = await vault.SealAsync(row.Place, JsonSerializer.SerializeToUtf8Bytes(message, Json), cancellation);
        context.Outbox.Add(row);
    }

    private static class EventShapes<TEvent>
    {
        public static readonly EventShape Shape = EventShape.Of(typeof(TEvent));
    }
}

/// <summary>An event on its way. Deleted when every subscriber has had it.</summary>
[Category("kernel.event")]
internal sealed class OutboxMessage
{
    public Guid Id { get; init; }

    public required string Type { get; init; }

    public int Version { get; init; }

    public long Account { get; init; }

    public Guid? Person { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public Sealed<byte[]> Payload { get; set; } = null!;

    public Place Place => new(
        Person is { } person ? KeyId.Subject(Account, person) : KeyId.Day(Account, "event", DateOnly.FromDateTime(CreatedAt.UtcDateTime)),
        "kernel.event",
        "payload",
        Id.ToString("N"));

    public static void Configure(ModelBuilder model, bool ownedHere)
    {
        var entity = model.Entity<OutboxMessage>();
        entity.ToTable("kernel_outbox", table => table.ExcludeFromMigrations(!ownedHere));
        entity.HasKey(m => m.Id);
        entity.Ignore(m => m.Place);
        ModuleContext.NameColumns(entity.Metadata);
    }
}
