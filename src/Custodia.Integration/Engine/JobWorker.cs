using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Custodia.Integration.Engine;

/// <summary>Runs jobs, a bounded number at a time. Jobs that a killed worker held come back when their lease ends, or at the next start.</summary>
internal sealed class JobWorker(IServiceScopeFactory scopes, JobSignal signal, TimeProvider time, ILogger<JobWorker> log) : BackgroundService
{
    private const int AtOnce = 8;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = time.CreateTimer(_ => signal.Raise(), null, TimeSpan.Zero, Pause);
        using var places = new SemaphoreSlim(AtOnce, AtOnce);
        while (!stoppingToken.IsCancellationRequested)
        {
            await signal.WaitAsync(stoppingToken);
            while (true)
            {
                await places.WaitAsync(stoppingToken);
                if (await ClaimAsync(stoppingToken) is not { } lease)
                {
                    places.Release();
                    break;
                }

                _ = RunThenReleaseAsync(lease, places, stoppingToken);
            }
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
}
