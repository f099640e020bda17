using Microsoft.Extensions.Logging;

namespace Custodia.Kernel.Deletion;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Deletion request {Request} is done")]
    public static partial void ErasureDone(this ILogger logger, Guid request);

    [LoggerMessage(Level = LogLevel.Error, Message = "Deletion request {Request} was interrupted and will be resumed")]
    public static partial void ErasureFailed(this ILogger logger, Exception exception, Guid request);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Looking for due deletion requests failed ({Error}); it is tried again in half a minute")]
    public static partial void LookFailed(this ILogger logger, string error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Replayed {Count} erasures that the data did not know, after a restore")]
    public static partial void LedgerReplayed(this ILogger logger, int count);
}
