using Custodia.Identity.Jobs.Exports;
using Custodia.Identity.Jobs.Imports;
using Custodia.Kernel.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Custodia.Identity.Jobs;

/// <summary>Does the jobs, one after the other, in processes that have the role <c>worker</c>.</summary>
internal sealed class JobWorker(IServiceScopeFactory scopes, JobSignal signal, IOptions<CustodiaOptions> options, TimeProvider time, ILogger<JobWorker> logger)
    : BackgroundService
{
    private static readonly TimeSpan TidyEvery = TimeSpan.FromMinutes(1);

    /// <summary>Failures of the same kind in a row after which a job is given up.</summary>
    private const int MaxFailures = 5;

    private readonly Guid _self = Guid.CreateVersion7();
    private readonly Dictionary<Guid, int> _failures = [];
    private DateTimeOffset _tidied;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Value.HasRole("worker")) return;
        await Task.Yield();
        var released = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (!released) await WithQueueAsync(queue => queue.ReleaseAsync(stoppingToken));
                released = true;
                if (!await LookAsync(stoppingToken) && await signal.WaitAsync(stoppingToken)) _tidied = default;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // A look that failed (the database is away) must not end the worker.
            catch (Exception e)
#pragma warning restore CA1031
            {
                JobLog.LookFailed(logger, e.GetType().Name);
                await Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System, stoppingToken);
            }
        }
    }

    private async Task<bool> LookAsync(CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        var now = time.GetUtcNow();
        var job = await scope.ServiceProvider.GetRequiredService<JobQueue>().TakeAsync(_self, cancellation);
        if (job is not null) await RunAsync(scope.ServiceProvider, job, cancellation);
        if (job is null && now - _tidied < TidyEvery && now >= _tidied) return false;
        await scope.ServiceProvider.GetRequiredService<JobTidying>().RunAsync(cancellation);
        _tidied = now;
        return job is not null;
    }

    private async Task RunAsync(IServiceProvider services, Job job, CancellationToken cancellation)
    {
        var database = services.GetRequiredService<IdentityContext>();
        var queue = services.GetRequiredService<JobQueue>();
        try
        {
            var directory = await database.Directories.AsNoTracking().SingleAsync(d => d.Id == job.DirectoryId, cancellation);
            var complete = job.Kind == JobKind.Import
                ? await services.GetRequiredService<ImportRun>().RunAsync(job, directory, cancellation)
                : await services.GetRequiredService<ExportRun>().RunAsync(job, directory, cancellation);
            if (!complete) return;
            await queue.EndAsync(job.Id, JobStatus.Done, null, job.Kind == JobKind.Export ? time.GetUtcNow() + ExportRun.Kept : null, cancellation);
            JobLog.Done(logger, job.Id, job.Position, job.Failed);
        }
        catch (ImportFileException e)
        {
            await queue.EndAsync(job.Id, JobStatus.Failed, e.Code, null, cancellation);
        }
#pragma warning disable CA1031 // Whatever went wrong, the job goes on from its last batch, some times.
        catch (Exception e) when (e is not OperationCanceledException || !cancellation.IsCancellationRequested)
#pragma warning restore CA1031
        {
            await AgainAsync(queue, job, e, cancellation);
        }
    }

    private async Task AgainAsync(JobQueue queue, Job job, Exception e, CancellationToken cancellation)
    {
        var failures = _failures[job.Id] = _failures.GetValueOrDefault(job.Id) + 1;
        JobLog.Interrupted(logger, job.Id, e.GetType().Name, failures);
        if (failures >= MaxFailures) await queue.EndAsync(job.Id, JobStatus.Failed, "internal", null, cancellation);
        else await queue.ReleaseAsync(job.Id, _self, cancellation);
        await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, cancellation);
    }

    private async Task WithQueueAsync(Func<JobQueue, Task> work)
    {
        await using var scope = scopes.CreateAsyncScope();
        await work(scope.ServiceProvider.GetRequiredService<JobQueue>());
    }
}

internal static partial class JobLog
{
    [LoggerMessage(1, LogLevel.Information, "Job {Job} is done: {Rows} rows, {Failed} failed")]
    public static partial void Done(ILogger logger, Guid job, int rows, int failed);

    [LoggerMessage(2, LogLevel.Warning, "Job {Job} was interrupted ({Error}), for the {Time}. time; it goes on from its last batch")]
    public static partial void Interrupted(ILogger logger, Guid job, string error, int time);

    [LoggerMessage(3, LogLevel.Warning, "Looking for jobs failed ({Error}); it is tried again in two seconds")]
    public static partial void LookFailed(ILogger logger, string error);
}
