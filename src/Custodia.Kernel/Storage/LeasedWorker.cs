using Custodia.Kernel.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Custodia.Kernel.Storage;

/// <summary>
/// Work on tables that one process does at a time: at once after a commit of this process that brings some, otherwise by looking
/// after a pause.
/// </summary>
internal abstract partial class LeasedWorker(IServiceScopeFactory scopes, WorkSignal signal, TimeProvider time, ILogger logger) : BackgroundService
{
    private static readonly TimeSpan PauseAfterTrouble = TimeSpan.FromSeconds(1);

    /// <summary>Name of the work, the same in all processes.</summary>
    protected abstract string Work { get; }

    /// <summary>The longest time between two looks.</summary>
    protected abstract TimeSpan Pause { get; }

    protected IServiceScopeFactory Scopes => scopes;

    protected TimeProvider Time => time;

    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        await using var lease = new WorkLease(scope.ServiceProvider.GetRequiredService<IOptions<CustodiaOptions>>(), Work);
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                var next = signal.Next;
                if (!await LookAsync(lease, stoppingToken)) await WorkSignal.WaitAsync(next, Pause, time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops; what waits is done after its next start.
        }
    }

    /// <summary>Does one batch.</summary>
    /// <returns>Whether there may be more at once.</returns>
    protected abstract Task<bool> RunOnceAsync(CancellationToken cancellation);

    private async Task<bool> LookAsync(WorkLease lease, CancellationToken cancellation)
    {
        try
        {
            return await lease.HoldsAsync(cancellation) && await RunOnceAsync(cancellation);
        }
#pragma warning disable CA1031 // One look that failed must not end the worker, and with it the whole server.
        catch (Exception e) when (e is not OperationCanceledException || !cancellation.IsCancellationRequested)
#pragma warning restore CA1031
        {
            // Busy or away: the next look finds the same work. By the system's clock, as it is the system that is in trouble.
            Interrupted(logger, Work, e.GetType().Name);
            await Task.Delay(PauseAfterTrouble, TimeProvider.System, cancellation);
            return true;
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "The work {Work} was interrupted ({Error}); it goes on in a second")]
    private static partial void Interrupted(ILogger logger, string work, string error);
}
