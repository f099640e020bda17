using System.Text.Json;
using Custodia.Kernel.Storage;
using Custodia.Kernel.Vault;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Kernel.Deletion;

/// <summary>
/// Carries out one deletion request, step by step. A step's report commits before the next step begins, every step can be repeated,
/// and only the last one says done: interrupted anywhere it goes on where it was.
/// <code>
/// services → identity → kernel tables → logs → key destroyed → ledger → evidence → done
/// </code>
/// </summary>
internal sealed class Erasure(KernelContext context, IServiceProvider services, EvidenceWriter evidence, ErasureLedger ledger, TimeProvider time)
{
    private const string Identity = "identity";

    /// <summary>Runs the request to its end; false when it does not stand or its grace is not over.</summary>
    public async Task<bool> RunAsync(Guid requestId, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        await context.DeletionRequests
            .Where(r => r.Id == requestId && r.State == DeletionState.Grace && r.ExecuteAfter <= now)
            .ExecuteUpdateAsync(set => set.SetProperty(r => r.State, DeletionState.Erasing), cancellation);
        var row = await context.DeletionRequests.AsNoTracking().FirstOrDefaultAsync(r => r.Id == requestId, cancellation);
        if (row is not { State: DeletionState.Erasing }) return false;

        await EraseAsync(new Subject(row.Account, row.Person), requestId, cancellation);
        var destroyed = await services.GetRequiredService<DataVault>()
            .DestroyAsync(KeyId.Subject(row.Account, row.Person), $"deletion request {requestId:N}", cancellation);
        await ledger.AppendAsync(new LedgerEntry(requestId, row.Account, row.Person, destroyed.DestroyedAt), cancellation);
        await context.TruncateWalAsync(cancellation);

        var steps = await context.ErasureSteps.AsNoTracking().Where(s => s.RequestId == requestId).OrderBy(s => s.At).ToListAsync(cancellation);
        var doneAt = time.GetUtcNow();
        var file = await evidence.WriteAsync(row.ToRequest() with { State = DeletionState.Done, DoneAt = doneAt }, steps, destroyed, cancellation);
        await context.DeletionRequests.Where(r => r.Id == requestId).ExecuteUpdateAsync(
            set => set.SetProperty(r => r.State, DeletionState.Done).SetProperty(r => r.DoneAt, doneAt).SetProperty(r => r.EvidenceFile, file),
            cancellation);
        return true;
    }

    /// <summary>Erases again what a restored backup has brought back; the key is gone already.</summary>
    public async Task ReplayAsync(LedgerEntry entry, CancellationToken cancellation)
    {
        foreach (var part in Parts()) await part.EraseAsync(new Subject(entry.Account, entry.Person), cancellation);
    }

    private async Task EraseAsync(Subject subject, Guid requestId, CancellationToken cancellation)
    {
        var done = await context.ErasureSteps.Where(s => s.RequestId == requestId).Select(s => s.Step).ToListAsync(cancellation);
        foreach (var part in Parts()) await StepAsync(part.Module, part);

        // Until Identity had forgotten the person they could still write something: once more, for what came in between.
        foreach (var part in Parts().Where(p => p.Module != Identity)) await StepAsync($"{part.Module} again", part);

        async Task StepAsync(string step, ISubjectData part)
        {
            if (done.Contains(step, StringComparer.Ordinal)) return;
            var report = await part.EraseAsync(subject, cancellation);
            context.ErasureSteps.Add(new ErasureStepRow
            {
                RequestId = requestId,
                Step = step,
                At = time.GetUtcNow(),
                Report = JsonSerializer.Serialize(report with { Categories = [.. report.Categories.Where(c => c.Found > 0)] }, JsonSerializerOptions.Web),
            });
            await context.SaveChangesAsync(cancellation);
        }
    }

    /// <summary>
    /// The services first, while the person is still known: they need names and addresses to find them in texts. Then Identity, which
    /// tells all others that the person is gone; then what the kernel holds; the logs last, so that they have everybody's last words.
    /// </summary>
    private IEnumerable<ISubjectData> Parts() => services.GetServices<ISubjectData>()
        .OrderBy(p => p.Module switch { "streams" => 3, KernelContext.ModuleName => 2, Identity => 1, _ => 0 })
        .ThenBy(p => p.Module, StringComparer.Ordinal);
}
