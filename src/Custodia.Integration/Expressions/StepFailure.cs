using Custodia.Integration.Engine;
using Custodia.Jq;

namespace Custodia.Integration.Expressions;

/// <summary>What a job shows of a step that could not be computed: a code only, because an error's text may quote the message.</summary>
internal static class StepFailure
{
    /// <summary>An expression raised an error of its own, or met a value that it does not fit.</summary>
    public const string Expression = "expression-failed";

    /// <summary>An expression went beyond its limits.</summary>
    public const string Limit = "expression-limit";

    /// <summary>The code; null for what is no failure of the flow.</summary>
    public static string? CodeOf(Exception exception) => exception switch
    {
        JqException => Expression,
        JqLimitException { Limit: JqLimit.OutputSize } => MessageTooLargeException.Code,
        JqLimitException => Limit,
        MessageTooLargeException => MessageTooLargeException.Code,
        _ => null,
    };
}
