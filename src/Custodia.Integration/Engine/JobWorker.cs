using Custodia.Kernel.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Custodia.Integration.Engine;

/// <summary>
/// Runs jobs, a bounded number at a time. Jobs that a killed worker held come back when their lease ends; on SQLite, which belongs
/// to one process, at the next start.
/// </summary>
internal sealed class JobWorker(IServiceScopeFactory scopes, JobSignal signal, TimeProvider time, IOptions<CustodiaOptions> options, ILogger<JobWorker> log) : BackgroundService
{
    /// <summary>Jobs that one process runs at a time.</summary>
    public const int AtOnce = 8;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = time.CreateTimer(_ => signal.Raise(), null, TimeSpan.Zero, Pause);
        using var places = new SemaphoreSlim(AtOnce, AtOnce);
        try
        {
            if (options.Value.Storage.Provider == StorageProvider.Sqlite) await ReleaseAsync(stoppingToken);
            while (true)
            {
                await signal.WaitAsync(stoppingToken);
                await StartDueAsync(places, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // What runs is told to stop by the same token; the places come back when it has.
            for (var i = 0; i < AtOnce; i++) await places.WaitAsync(CancellationToken.None);
        }
    }

    private async Task StartDueAsync(SemaphoreSlim places, CancellationToken cancellation)
    {
        while (true)
        {
            await places.WaitAsync(cancellation);
            Lease? lease = null;
            try
            {
                lease = await ClaimAsync(cancellation);
            }
            catch (Exception exception) when (exception is not OperationCanceledException || !cancellation.IsCancellationRequested)
            {
                log.ClaimFailed(exception.GetType().Name);
            }
            finally
            {
                if (lease is null) places.Release();
            }

            if (lease is null) return;
            _ = RunThenReleaseAsync(lease.Value, places, cancellation);
        }
    }

    private async Task RunThenReleaseAsync(Lease lease, SemaphoreSlim places, CancellationToken cancellation)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<JobRunner>().RunAsync(lease, cancellation);
        }
        catch (OperationCanceledException)
        {
            // The server stops; the lease ends by itself.
        }
        catch (Exception exception)
        {
            log.JobInterrupted(lease.Job, exception.GetType().Name);
        }
        finally
        {
            places.Release();
        }
    }

    private async Task<Lease?> ClaimAsync(CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<JobStore>().ClaimAsync(cancellation);
    }

    private async Task ReleaseAsync(CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<JobStore>().ReleaseAllAsync(cancellation);
    }
}
