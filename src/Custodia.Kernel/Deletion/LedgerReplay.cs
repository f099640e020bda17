using Custodia.Kernel.Hosting;
using Custodia.Kernel.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Custodia.Kernel.Deletion;

/// <summary>
/// Before anything is served: erases again what the ledger lists and the data does not know, which is what a restored backup (or a
/// database file put back by hand) brings with it.
/// </summary>
internal sealed class LedgerReplay(IServiceScopeFactory scopes, ErasureLedger ledger, TimeProvider time, ILogger<LedgerReplay> log) : IStartStep
{
    private const int Batch = 500;

    public StartOrder Order => StartOrder.Replay;

    public async Task RunAsync(CancellationToken cancellation)
    {
        var replayed = 0;
        await foreach (var batch in BatchesAsync(cancellation))
        {
            await using var scope = scopes.CreateAsyncScope();
            var context = scope.ServiceProvider.GetRequiredService<KernelContext>();
            var ids = batch.ConvertAll(e => e.Request);
            var known = await context.DeletionRequests.Where(r => ids.Contains(r.Id) && r.State == DeletionState.Done).Select(r => r.Id).ToHashSetAsync(cancellation);
            foreach (var entry in batch.Where(e => !known.Contains(e.Request)))
            {
                await ReplayAsync(entry, cancellation);
                replayed++;
            }
        }

        if (replayed > 0) log.LedgerReplayed(replayed);
    }

    private async Task ReplayAsync(LedgerEntry entry, CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<Erasure>().ReplayAsync(entry, cancellation);
        var context = scope.ServiceProvider.GetRequiredService<KernelContext>();
        var now = time.GetUtcNow();
        await context.InTransactionAsync(
            async token =>
            {
                // A crash between ledger and "done" leaves a row that is still erasing: its worker writes the evidence, not the replay.
                if (await context.DeletionRequests.AnyAsync(r => r.Id == entry.Request && r.State == DeletionState.Erasing, token)) return;
                await context.DeletionRequests.Where(r => r.Standing == entry.Person).ExecuteDeleteAsync(token);
                context.DeletionRequests.Add(new DeletionRequestRow
                {
                    Id = entry.Request,
                    Account = entry.Account,
                    Person = entry.Person,
                    Standing = entry.Person,
                    RequestedBy = "ledger",
                    RequestedAt = entry.At,
                    ExecuteAfter = entry.At,
                    DueAt = DeletionClock.DueAt(entry.At),
                    State = DeletionState.Done,
                    DoneAt = now,
                });
                await context.SaveChangesAsync(token);
            },
            cancellation);
    }

    private async IAsyncEnumerable<List<LedgerEntry>> BatchesAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        var batch = new List<LedgerEntry>(Batch);
        await foreach (var entry in ledger.ReadAsync(cancellation))
        {
            batch.Add(entry);
            if (batch.Count < Batch) continue;
            yield return batch;
            batch = new List<LedgerEntry>(Batch);
        }

        if (batch.Count > 0) yield return batch;
    }
}
