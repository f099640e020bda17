using Custodia.Kernel.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Custodia.Kernel.Delivery;

/// <summary>Adds new messages to the month's count of their account, in the transaction that marks them counted.</summary>
internal sealed class MessageCounter(IServiceScopeFactory scopes, WorkSignals signals, TimeProvider time, ILogger<MessageCounter> logger)
    : LeasedWorker(scopes, signals.Messages, time, logger)
{
    private const int BatchSize = 500;

    protected override string Work => "message-counts";

    protected override TimeSpan Pause => TimeSpan.FromSeconds(5);

    protected override async Task<bool> RunOnceAsync(CancellationToken cancellation)
    {
        await using var scope = Scopes.CreateAsyncScope();
        var kernel = scope.ServiceProvider.GetRequiredService<KernelContext>();
        var rows = await kernel.OutgoingMessages
            .Where(m => !m.Counted)
            .OrderBy(m => m.Id)
            .Take(BatchSize)
            .Select(m => new { m.Id, m.Account, m.CreatedAt, m.Channel })
            .ToListAsync(cancellation);
        if (rows.Count == 0) return false;
        await kernel.InTransactionAsync(
            async token =>
            {
                foreach (var group in rows.GroupBy(m => (m.Account, Month: MessageCount.MonthOf(m.CreatedAt), m.Channel)))
                    await CountAsync(kernel, group.Key, [.. group.Select(m => m.Id)], token);
                await kernel.SaveChangesAsync(token);
            },
            cancellation);
        return rows.Count == BatchSize;
    }

    private static async Task CountAsync(KernelContext kernel, (long Account, string Month, Channel Channel) of, Guid[] messages, CancellationToken cancellation)
    {
        // Those that are gone with their person by now are not there to be marked.
        var marked = await kernel.OutgoingMessages
            .Where(m => messages.Contains(m.Id) && !m.Counted)
            .ExecuteUpdateAsync(set => set.SetProperty(m => m.Counted, true), cancellation);
        if (await kernel.MessageCounts.FindAsync([of.Account, of.Month, of.Channel], cancellation) is not { } count)
            kernel.MessageCounts.Add(count = new MessageCount { Account = of.Account, Month = of.Month, Channel = of.Channel });
        count.Count += marked;
    }
}
