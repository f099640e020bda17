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
public sealed partial class StartSequence(IEnumerable<IStartStep> steps, ILogger<StartSequence> logger) : IHostedLifecycleService
{
    private readonly Queue<IStartStep> _steps = new(steps.OrderBy(s => s.Order));

    public Task StartingAsync(CancellationToken cancellationToken) => RunAsync(StartOrder.FirstStart, cancellationToken);

    /// <summary>Runs the steps up to and with a rank that have not run yet; the command line needs the early ones only.</summary>
    /// <exception cref="StartRefusedException">The server must not start.</exception>
    public async Task RunAsync(StartOrder upTo, CancellationToken cancellation)
    {
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

internal sealed class DataLayoutStep(DataLayout layout) : IStartStep
{
    public StartOrder Order => StartOrder.DataLayout;

    public Task RunAsync(CancellationToken cancellation)
    {
        try
        {
            layout.Create();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"{CustodiaOptions.Section}:DataDirectory", $"the folder cannot be created ({e.GetType().Name}).", e);
        }

        return Task.CompletedTask;
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
