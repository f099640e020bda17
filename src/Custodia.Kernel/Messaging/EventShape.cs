using System.Reflection;
using Custodia.Kernel.Policy;

namespace Custodia.Kernel.Messaging;

/// <summary>Names an event type and the version of its shape, e.g. <c>[Event("identity.user.registered", 1)]</c>.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class EventAttribute(string type, int version) : Attribute
{
    public string Type { get; } = type;

    public int Version { get; } = version;
}

/// <summary>An event type as its class declares it.</summary>
public sealed record EventShape(string Type, int Version, Type ClrType)
{
    public static EventShape Of(Type type)
    {
        var attribute = type.GetCustomAttribute<EventAttribute>()
            ?? throw new InvalidOperationException($"{type.Name} has no [Event] attribute.");
        if (type.GetCustomAttribute<CategoryAttribute>() is null)
            throw new InvalidOperationException($"{type.Name} has no [Category] attribute.");
        return new EventShape(attribute.Type, attribute.Version, type);
    }
}

/// <summary>An event as subscribers receive it.</summary>
/// <param name="Id">Same at each delivery: the key to handle it once.</param>
/// <param name="Account">The account's <c>uin</c>.</param>
/// <param name="Person">The person it is about; its data was sealed under that person's key on the way.</param>
/// <param name="Data">The event's properties, camelCase.</param>
public sealed record EventEnvelope(Guid Id, string Type, int Version, long Account, Guid? Person, DateTimeOffset Time, System.Text.Json.JsonElement Data);

/// <summary>
/// Receives events after the publisher's transaction has committed: at least once each, in order of publication for one person
/// while nothing fails. A subscriber that throws is called again with growing pauses; after 10 tries the delivery is parked.
/// </summary>
public interface IEventSubscriber
{
    /// <summary>Stable name; deliveries are remembered under it.</summary>
    string Name { get; }

    bool Wants(string eventType);

    Task HandleAsync(EventEnvelope message, CancellationToken cancellation);
}
