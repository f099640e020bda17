namespace Custodia.Jq;

/// <summary>A run went beyond one of its <see cref="JqLimits"/>.</summary>
/// <param name="limit">Which.</param>
public sealed class JqLimitException(JqLimit limit) : Exception($"The program went beyond its limit of {Name(limit)}.")
{
    /// <summary>Which limit it was.</summary>
    public JqLimit Limit { get; } = limit;

    private static string Name(JqLimit limit) => limit switch
    {
        JqLimit.Steps => "steps",
        JqLimit.Depth => "depth",
        JqLimit.Outputs => "outputs",
        JqLimit.OutputSize => "output size",
        JqLimit.TextLength => "string length",
        JqLimit.Items => "array and object size",
        _ => "time",
    };
}

/// <summary>The limits of <see cref="JqLimits"/>.</summary>
public enum JqLimit
{
    Steps,

    /// <summary>Also values nested so deep that the stack does not suffice for them.</summary>
    Depth,
    Outputs,
    OutputSize,
    TextLength,
    Items,

    /// <summary>Also a regular expression that takes too long.</summary>
    Time,
}
