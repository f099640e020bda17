using System.Diagnostics.Metrics;
using System.Text.Json;
using Custodia.Kernel.Hosting;
using Custodia.Kernel.Storage;
using Custodia.Kernel.Vault;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Custodia.Kernel.Messaging;

/// <summary>Brings one event to everyone who wants it and remembers who has had it.</summary>
internal sealed partial class EventCourier(
    IServiceScopeFactory scopes,
    DataCatalogue catalogue,
    DataVault vault,
    TimeProvider time,
    ILogger<EventCourier> logger)
{
    /// <summary>Failed tries after which an event is parked.</summary>
    public const int MaxTries = 10;

    private const string Use = "event-delivery";
    private static readonly TimeSpan HandlingLimit = TimeSpan.FromSeconds(60);
    private static readonly Counter<long> Delivered = Telemetry.Meter.CreateCounter<long>("custodia.events.delivered");
    private static readonly Counter<long> Parked = Telemetry.Meter.CreateCounter<long>("custodia.events.parked");

    public async Task DeliverAsync(OutboxMessage message, CancellationToken cancellation)
    {
        var payload = await vault.OpenAsync(message.Place, message.Payload, Use, cancellation);
        if (payload is null)
        {
            // The person was erased while the event was on its way.
            await ForgetAsync(message, cancellation);
            return;
        }

        using var data = JsonDocument.Parse(payload);
        var envelope = new EventEnvelope(message.Id, message.Type, message.Version, message.Account, message.Person, message.CreatedAt, data.RootElement);
        if (await OfferAsync(envelope, cancellation)) await ForgetAsync(message, cancellation);
        else await PostponeAsync(message, cancellation);
    }

    /// <summary>Pause after a failed try: 1 s, 2 s, 4 s … up to 5 minutes.</summary>
    internal static TimeSpan PauseAfter(int tries) => TimeSpan.FromSeconds(Math.Min(300, 1 << Math.Min(tries - 1, 20)));

    /// <returns>Whether all who want the event have had it now.</returns>
    private async Task<bool> OfferAsync(EventEnvelope envelope, CancellationToken cancellation)
    {
        var waiting = await WaitingAsync(envelope, cancellation);
        var complete = true;
        for (var i = 0; i < waiting.Count; i++)
        {
            await using var scope = scopes.CreateAsyncScope();
            var subscriber = (IEventSubscriber)scope.ServiceProvider.GetRequiredService(waiting[i]);
            if (!await HandleAsync(subscriber, envelope, cancellation)) complete = false;
            // When all have had it the event itself goes, and nothing need be remembered of the last.
            else if (!complete || i < waiting.Count - 1) await RememberAsync(envelope.Id, subscriber.Name, cancellation);
        }

        return complete;
    }

    /// <summary>Types of the subscribers that want the event and have not had it.</summary>
    private async Task<List<Type>> WaitingAsync(EventEnvelope envelope, CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        var kernel = scope.ServiceProvider.GetRequiredService<KernelContext>();
        var served = await kernel.EventDeliveries.Where(d => d.Event == envelope.Id).Select(d => d.Subscriber).ToListAsync(cancellation);
        return catalogue.Subscribers.FindAll(type =>
            (IEventSubscriber)scope.ServiceProvider.GetRequiredService(type) is var subscriber
            && subscriber.Wants(envelope.Type)
            && !served.Contains(subscriber.Name));
    }

    private async Task<bool> HandleAsync(IEventSubscriber subscriber, EventEnvelope envelope, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(HandlingLimit);
        try
        {
            await subscriber.HandleAsync(envelope, limit.Token);
            Delivered.Add(1, new KeyValuePair<string, object?>("subscriber", subscriber.Name));
            return true;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            throw;
        }
        catch (KeyDestroyedException)
        {
            // The person was erased while the subscriber worked: there is nothing left to do for it.
            return true;
        }
#pragma warning disable CA1031 // Whatever a subscriber throws must not keep the event from the others.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Log.Failed(logger, e, envelope.Type, envelope.Id, subscriber.Name);
            return false;
        }
    }

    private async Task RememberAsync(Guid id, string subscriber, CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        var kernel = scope.ServiceProvider.GetRequiredService<KernelContext>();
        kernel.EventDeliveries.Add(new EventDelivery { Event = id, Subscriber = subscriber });
        await kernel.SaveChangesAsync(cancellation);
    }

    private async Task ForgetAsync(OutboxMessage message, CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        var kernel = scope.ServiceProvider.GetRequiredService<KernelContext>();
        await kernel.InTransactionAsync(
            async token =>
            {
                await kernel.EventDeliveries.Where(d => d.Event == message.Id).ExecuteDeleteAsync(token);
                await kernel.Outbox.Where(m => m.Sequence == message.Sequence).ExecuteDeleteAsync(token);
            },
            cancellation);
    }

    private async Task PostponeAsync(OutboxMessage message, CancellationToken cancellation)
    {
        var tries = message.Tries + 1;
        DateTimeOffset? next = tries < MaxTries ? time.GetUtcNow() + PauseAfter(tries) : null;
        await using var scope = scopes.CreateAsyncScope();
        var kernel = scope.ServiceProvider.GetRequiredService<KernelContext>();
        await kernel.InTransactionAsync(
            token => kernel.Outbox
                .Where(m => m.Sequence == message.Sequence)
                .ExecuteUpdateAsync(set => set.SetProperty(m => m.Tries, tries).SetProperty(m => m.NextTryAt, next), token),
            cancellation);
        if (next is not null) return;
        Parked.Add(1);
        Log.Parked(logger, message.Type, message.Id, tries);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Event {Type} {Event} failed in {Subscriber}")]
        public static partial void Failed(ILogger logger, Exception exception, string type, Guid @event, string subscriber);

        [LoggerMessage(2, LogLevel.Error, "Event {Type} {Event} is parked after {Tries} tries")]
        public static partial void Parked(ILogger logger, string type, Guid @event, int tries);
    }
}
