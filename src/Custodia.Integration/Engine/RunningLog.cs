using Custodia.Integration.Connectors;
using Custodia.Integration.Flows;
using Custodia.Kernel.Policy;
using Custodia.Kernel.Streams;
using Microsoft.Extensions.Logging;

namespace Custodia.Integration.Engine;

/// <summary>A record of the running log: exactly the policy's fields, so no free text and nothing of the message.</summary>
[Stream("integration.running-log", Durability.Batched)]
[Category("integration.running-log")]
internal sealed record RunningRecord : LogRecord
{
    [LogRole(LogRole.Time)]
    public required DateTimeOffset RunTime { get; init; }

    public required string LogLevel { get; init; }

    [LogRole(LogRole.RequestId)]
    public required string JobId { get; init; }

    public required string FlowName { get; init; }

    public required string ApplicationName { get; init; }

    public string? ConnectorName { get; init; }

    public string? OperationName { get; init; }

    [LogRole(LogRole.Result)]
    public required string LogCategory { get; init; }

    public required string RuntimeName { get; init; }
}

/// <summary>Writes the running log at the level that the flow asks for.</summary>
internal sealed class RunningLog(LogStreams streams, InstanceNames names, TimeProvider time, ILogger<RunningLog> logger)
{
    public ValueTask JobAsync(JobRun run, string category, FlowLogLevel level, CancellationToken cancellation) =>
        WriteAsync(run, level, category, null, cancellation);

    public ValueTask StepAsync(JobRun run, Step.Log entry, CancellationToken cancellation) =>
        WriteAsync(run, entry.Level, entry.Category, null, cancellation);

    public ValueTask CallAsync(JobRun run, OperationShape operation, bool succeeded, CancellationToken cancellation) =>
        WriteAsync(run, succeeded ? FlowLogLevel.Info : FlowLogLevel.Warning, succeeded ? "call-done" : "call-failed", operation, cancellation);

    public void OperationThrew(Exception exception, string operation) => logger.OperationThrew(exception.GetType().Name, operation);

    private async ValueTask WriteAsync(JobRun run, FlowLogLevel level, string category, OperationShape? operation, CancellationToken cancellation)
    {
        if (level < run.Program.Flow.LogLevel) return;
        var (project, runtime) = await names.OfAsync(run.Job, cancellation);
        await streams.AppendAsync(
            new RunningRecord
            {
                Account = run.Job.Account,
                RunTime = time.GetUtcNow(),
                LogLevel = level.ToString().ToLowerInvariant(),
                JobId = run.Job.Id.ToString("N"),
                FlowName = run.Job.FlowName,
                ApplicationName = project,
                ConnectorName = operation?.Connector,
                OperationName = operation?.Operation,
                LogCategory = category,
                RuntimeName = runtime,
            },
            cancellation);
    }
}

internal static partial class Log
{
    // The type only: what a connector throws may quote what it was given.
    [LoggerMessage(Level = LogLevel.Error, Message = "Operation {Operation} threw {Exception}")]
    public static partial void OperationThrew(this ILogger logger, string exception, string operation);

    [LoggerMessage(Level = LogLevel.Warning, Message = "No job could be claimed because of {Exception}; it is tried again")]
    public static partial void ClaimFailed(this ILogger logger, string exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "Job {Job} was interrupted by {Exception} and will be resumed")]
    public static partial void JobInterrupted(this ILogger logger, Guid job, string exception);
}
