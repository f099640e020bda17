using Custodia.Kernel.Hosting;
using Custodia.Kernel.Policy;
using Custodia.Kernel.Storage;
using Custodia.Kernel.Vault;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Custodia.Kernel.Retention;

/// <summary>
/// Before anything is served: an account that a restored backup has brought back, although its keys were destroyed, has ended its
/// services again, so long ago that the first round of retention deletes what came back with it.
/// </summary>
internal sealed class EndedAccountReplay(IServiceScopeFactory scopes, KeyRing ring, LoadedPolicy policy, TimeProvider time, ILogger<EndedAccountReplay> log) : IStartStep
{
    public StartOrder Order => StartOrder.Replay;

    public async Task RunAsync(CancellationToken cancellation)
    {
        var ended = ring.EndedAccounts();
        if (ended.Count == 0) return;
        await using var scope = scopes.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<KernelContext>();
        var keys = policy.Category("kernel.key").DeleteOn.OfType<DeletionTrigger.Event>().Single(t => t.Kind == "service-terminated");
        var before = keys.Within.Before(time.GetUtcNow());
        var again = 0;
        foreach (var some in ended.Chunk(500))
        {
            again += await context.InTransactionAsync(
                token => context.Services.Where(s => some.Contains(s.Account) && s.TerminatedAt == null)
                    .ExecuteUpdateAsync(set => set.SetProperty(s => s.TerminatedAt, before), token),
                cancellation);
        }

        if (again > 0) log.TerminatedAgain(again);
    }
}
