using System.Text.Json;
using Custodia.Kernel.Storage;
using Custodia.Kernel.Vault;

namespace Custodia.Kernel.Messaging;

/// <summary>
/// Publishes events with the change that caused them: <c>await outbox.PublishAsync(context, …); await context.SaveChangesAsync();</c>.
/// The payload is sealed under the key of the person it is about (else of the account's day), so an erased person's events are gone too.
/// </summary>
public sealed class Outbox(DataVault vault, TimeProvider time)
{
    internal static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>
    /// Adds the event to the context; it leaves when the context's transaction has committed. An account that has ended, so that its
    /// keys are destroyed, has nobody left to hear: an event of it that is about no person is dropped.
    /// </summary>
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
            NextTryAt = now,
        };
        try
        {
            row.Payload = await vault.SealAsync(row.Place, JsonSerializer.SerializeToUtf8Bytes(message, Json), cancellation);
        }
        catch (KeyDestroyedException) when (person is null)
        {
            return;
        }

        context.Outbox.Add(row);
        context.HasNewEvents = true;
    }

    private static class EventShapes<TEvent>
    {
        public static readonly EventShape Shape = EventShape.Of(typeof(TEvent));
    }
}
