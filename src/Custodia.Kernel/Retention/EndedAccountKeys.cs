using Custodia.Kernel.Deletion;
using Custodia.Kernel.Storage;
using Custodia.Kernel.Vault;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Kernel.Retention;

/// <summary>
/// When an account has ended all its services, its keys go: what was sealed for it does not open any more, in a backup neither.
/// They go last: while a person's deletion is still under way, its keys are needed to find the person.
/// </summary>
internal sealed class EndedAccountKeys(KernelContext context, AccountServices services, KeyRing ring) : IRetentionRule
{
    public string Category => "kernel.key";

    public string Trigger => "service-terminated";

    public async Task<RetentionPreview> PreviewAsync(RetentionMoment moment, CancellationToken cancellation) =>
        new((await DueAsync(moment, cancellation)).Sum(ring.CountKeysOf), ring.OldestKey());

    public async Task<int> EnforceAsync(RetentionMoment moment, CancellationToken cancellation)
    {
        var all = 0L;
        foreach (var account in await DueAsync(moment, cancellation)) all += await ring.EndAccountAsync(account, Trigger, cancellation);
        return (int)Math.Min(all, int.MaxValue);
    }

    private async Task<List<long>> DueAsync(RetentionMoment moment, CancellationToken cancellation)
    {
        var ended = await services.TerminatedAsync(KernelContext.ModuleName, moment.Limit, cancellation);
        if (ended.Count == 0) return [];
        var waiting = await context.DeletionRequests
            .Where(r => ended.Contains(r.Account) && (r.State == DeletionState.Grace || r.State == DeletionState.Erasing))
            .Select(r => r.Account)
            .Distinct()
            .ToListAsync(cancellation);
        return [.. ended.Except(waiting)];
    }
}
