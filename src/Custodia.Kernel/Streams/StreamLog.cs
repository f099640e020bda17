using Microsoft.Extensions.Logging;

namespace Custodia.Kernel.Streams;

internal static partial class StreamLog
{
    [LoggerMessage(EventId = 10, Level = LogLevel.Error, Message = "The last checkpoint of the log {Stream} could not be signed (code {Code}); the next start signs it.")]
    public static partial void LastCheckpointFailed(ILogger logger, string stream, int code);

    [LoggerMessage(EventId = 11, Level = LogLevel.Error, Message = "The upkeep of the log {Stream} failed ({Kind}, code {Code}); tried again in a minute.")]
    public static partial void UpkeepFailed(ILogger logger, string stream, string kind, int code);

    [LoggerMessage(EventId = 12, Level = LogLevel.Warning, Message = "Checkpoints of the log {Stream} could not be copied to the second place (code {Code}); the next checkpoint copies what is missing.")]
    public static partial void CopyFailed(ILogger logger, string stream, int code);
}
