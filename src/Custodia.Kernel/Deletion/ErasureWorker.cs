using System.Diagnostics.Metrics;
using Custodia.Kernel.Hosting;
using Custodia.Kernel.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Custodia.Kernel.Deletion;

/// <summary>
/// Carries out the deletion requests whose grace is over: at once when one is opened, else by looking every half minute.
/// A request that fails is tried again at the next look and stays visible with its clock running.
/// </summary>
internal sealed class ErasureWorker(IServiceScopeFactory scopes, ErasureSignal signal, TimeProvider time, ILogger<ErasureWorker> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);
    private static readonly Counter<long> Erasures = Telemetry.Meter.CreateCounter<long>("custodia.erasures", "{erasure}", "Deletion requests carried out, and tries that failed.");

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = time.CreateTimer(_ => signal.Raise(), null, TimeSpan.Zero, Pause);
        while (!stoppingToken.IsCancellationRequested)
        {
            await signal.WaitAsync(stoppingToken);
            await RunDueAsync(stoppingToken);
        }
    }

    private async Task RunDueAsync(CancellationToken cancellation)
    {
        try
        {
            foreach (var id in await DueAsync(cancellation)) await RunAsync(id, cancellation);
        }
#pragma warning disable CA1031 // A look that failed (the database is away) must not end the worker, and with it the server.
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellation.IsCancellationRequested)
#pragma warning restore CA1031
        {
            log.LookFailed(exception.GetType().Name);
        }
    }

    private async Task RunAsync(Guid id, CancellationToken cancellation)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            if (!await scope.ServiceProvider.GetRequiredService<Erasure>().RunAsync(id, cancellation)) return;
            Erasures.Add(1, new KeyValuePair<string, object?>("result", "done"));
            log.ErasureDone(id);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellation.IsCancellationRequested)
        {
            Erasures.Add(1, new KeyValuePair<string, object?>("result", "failed"));
            log.ErasureFailed(exception, id);
        }
    }

    private async Task<List<Guid>> DueAsync(CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<KernelContext>();
        var now = time.GetUtcNow();
        return await context.DeletionRequests.AsNoTracking()
            .Where(r => r.State == DeletionState.Erasing || (r.State == DeletionState.Grace && r.ExecuteAfter <= now))
            .OrderBy(r => r.DueAt)
            .Select(r => r.Id)
            .Take(100)
            .ToListAsync(cancellation);
    }
}
