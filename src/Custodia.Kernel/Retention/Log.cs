using Microsoft.Extensions.Logging;

namespace Custodia.Kernel.Retention;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Retention deleted {Count} of {Category} by {Trigger}")]
    public static partial void Enforced(this ILogger logger, string category, string trigger, long count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} services of accounts whose keys are destroyed came back, after a restore, and are ended again")]
    public static partial void TerminatedAgain(this ILogger logger, int count);

    [LoggerMessage(Level = LogLevel.Error, Message = "Retention of {Category} by {Trigger} failed and will be tried again")]
    public static partial void RuleFailed(this ILogger logger, Exception exception, string category, string trigger);
}
