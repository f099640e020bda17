using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Custodia.Kernel.Hosting;

/// <summary>
/// Runs the steps of the start. The server runs them before it asks for its hosted services, because those open the key store and
/// the logs when they are made. A host that forgot is caught up with before the first hosted service starts.
/// </summary>
public sealed partial class StartSequence(DataLayoutStep layout, IServiceProvider services, ILogger<StartSequence> logger) : IHostedLifecycleService
{
    private Queue<IStartStep>? _steps;

    public Task StartingAsync(CancellationToken cancellationToken) => RunAsync(StartOrder.FirstStart, cancellationToken);

    /// <summary>Runs the steps up to and with a rank that have not run yet; the command line needs the early ones only.</summary>
    /// <exception cref="StartRefusedException">The server must not start.</exception>
    public async Task RunAsync(StartOrder upTo, CancellationToken cancellation)
    {
        if (_steps is null)
        {
            // Before the other steps are made, because some open files when they are.
            await layout.RunAsync(cancellation);
            _steps = new Queue<IStartStep>(services.GetServices<IStartStep>().OrderBy(s => s.Order));
        }

        while (_steps.TryPeek(out var step) && step.Order <= upTo)
        {
            var started = Stopwatch.GetTimestamp();
            await step.RunAsync(cancellation);
            _steps.Dequeue();
            Log.StepDone(logger, step.Order, (long)Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Debug, "Start step {Step} done in {Milliseconds} ms")]
        public static partial void StepDone(ILogger logger, StartOrder step, long milliseconds);
    }
}

/// <summary>Makes the folders of the data directory; the server also takes the directory for itself.</summary>
public sealed class DataLayoutStep
{
    private readonly DataLayout _layout;
    private readonly SingleServer? _single;

    internal DataLayoutStep(DataLayout layout, SingleServer? single) => (_layout, _single) = (layout, single);

    internal async Task RunAsync(CancellationToken cancellation)
    {
        try
        {
            _layout.Create();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"{CustodiaOptions.Section}:DataDirectory", $"the folder cannot be created ({e.GetType().Name}).", e);
        }

        if (_single is not null) await _single.RunAsync(cancellation);
    }
}

internal sealed class FirstStartStep(IServiceScopeFactory scopes, IOptions<CustodiaOptions> options, IHostEnvironment environment) : IStartStep
{
    public StartOrder Order => StartOrder.FirstStart;

    public async Task RunAsync(CancellationToken cancellation)
    {
        var start = new FirstStart(options.Value.SampleContent ?? environment.IsDevelopment());
        await using var scope = scopes.CreateAsyncScope();
        foreach (var part in scope.ServiceProvider.GetServices<IFirstStart>()) await part.RunAsync(start, cancellation);
    }
}
