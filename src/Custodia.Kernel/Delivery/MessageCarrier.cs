using System.Diagnostics.Metrics;
using Custodia.Kernel.Hosting;
using Custodia.Kernel.Storage;
using Custodia.Kernel.Vault;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Custodia.Kernel.Delivery;

/// <summary>Opens one message, hands it to the provider of its channel and notes what became of it.</summary>
internal sealed partial class MessageCarrier(
    IMessageProvider provider,
    IServiceScopeFactory scopes,
    DataVault vault,
    TimeProvider time,
    ILogger<MessageCarrier> logger)
{
    /// <summary>The policy's use under which seals are opened.</summary>
    public const string Use = "message-delivery";

    /// <summary>Failed tries after which a message is given up.</summary>
    public const int MaxTries = 10;

    private static readonly Counter<long> Messages = Telemetry.Meter.CreateCounter<long>("custodia.messages");

    public Channel Channel => provider.Channel;

    public async Task CarryAsync(MessageRow row, CancellationToken cancellation)
    {
        if (await OpenAsync(vault, row, cancellation) is not { } message)
        {
            // The person was erased meanwhile.
            await DeleteAsync(row, cancellation);
            return;
        }

        var outcome = await CarryAsync(message, cancellation);
        var tries = row.Tries + 1;
        var (state, next) = outcome switch
        {
            CarriedOutcome.Sent => (MessageState.Sent, (DateTimeOffset?)null),
            CarriedOutcome.TryLater when tries < MaxTries => (MessageState.Waiting, time.GetUtcNow() + PauseAfter(tries)),
            _ => (MessageState.Failed, null),
        };
        await NoteAsync(row, state, tries, next, cancellation);
        Messages.Add(1, new("channel", row.Channel.ToString()), new("state", state.ToString()), new("origin", row.Origin));
        if (state == MessageState.Sent) return;
        var reason = outcome switch { CarriedOutcome.TryLater later => later.Reason, CarriedOutcome.Refused refused => refused.Reason, _ => "" };
        Log.NotSent(logger, row.Id, row.Channel, reason, state, tries);
    }

    /// <summary>Opens the seals of a message; null when its person was erased.</summary>
    public static async Task<OpenMessage?> OpenAsync(DataVault vault, MessageRow row, CancellationToken cancellation)
    {
        var recipient = await vault.OpenAsync(row.Place("recipient"), row.Recipient, Use, cancellation);
        var subject = row.Subject is null ? "" : await vault.OpenAsync(row.Place("subject"), row.Subject, Use, cancellation);
        var text = await vault.OpenAsync(row.Place("text"), row.Text, Use, cancellation);
        var html = row.Html is null ? null : await vault.OpenAsync(row.Place("html"), row.Html, Use, cancellation);
        return recipient is null || subject is null || text is null ? null : new OpenMessage(row.Id, recipient, subject, text, html);
    }

    /// <summary>Pause after a failed try: 30 s, 1 min, 2 min … up to 2 hours; ten tries take most of a working day.</summary>
    internal static TimeSpan PauseAfter(int tries) => TimeSpan.FromSeconds(Math.Min(7_200, 30 << Math.Min(tries - 1, 20)));

    private async Task<CarriedOutcome> CarryAsync(OpenMessage message, CancellationToken cancellation)
    {
        try
        {
            return await provider.CarryAsync(message, cancellation);
        }
#pragma warning disable CA1031 // Whatever a server outside answers must not end the worker, and with it all other messages.
        catch (Exception e) when (!cancellation.IsCancellationRequested)
#pragma warning restore CA1031
        {
            return new CarriedOutcome.TryLater(e.GetType().Name);
        }
    }

    private async Task NoteAsync(MessageRow row, MessageState state, int tries, DateTimeOffset? next, CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        var kernel = scope.ServiceProvider.GetRequiredService<KernelContext>();
        await kernel.InTransactionAsync(
            token => kernel.OutgoingMessages
                .Where(m => m.Id == row.Id)
                .ExecuteUpdateAsync(set => set.SetProperty(m => m.State, state).SetProperty(m => m.Tries, tries).SetProperty(m => m.NextTryAt, next), token),
            cancellation);
    }

    private async Task DeleteAsync(MessageRow row, CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        var kernel = scope.ServiceProvider.GetRequiredService<KernelContext>();
        await kernel.InTransactionAsync(token => kernel.OutgoingMessages.Where(m => m.Id == row.Id).ExecuteDeleteAsync(token), cancellation);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Message {Message} ({Channel}) was not sent: {Reason}; {State} after {Tries} tries")]
        public static partial void NotSent(ILogger logger, Guid message, Channel channel, string reason, MessageState state, int tries);
    }
}
