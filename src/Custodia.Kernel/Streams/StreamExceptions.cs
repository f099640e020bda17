namespace Custodia.Kernel.Streams;

/// <summary>A record could not be written (disk full, read-only, damaged). Nothing of it is stored; the next append tries again.</summary>
public sealed class StreamUnavailableException(string category, Exception cause)
    : IOException($"The log '{category}' cannot be written at the moment.", cause)
{
    public string Category { get; } = category;
}

/// <summary>Another process writes the logs of this data directory; this one may only read them.</summary>
public sealed class StreamsLockedException(string path)
    : IOException($"Another process writes the logs of this data directory (lock file {path}).");

/// <summary>A query cannot be answered as asked.</summary>
/// <param name="field">Name of the condition, e.g. <c>cursor</c> or <c>field.flow-name</c>.</param>
/// <param name="rule">What it must be.</param>
public sealed class InvalidStreamQueryException(string field, string rule) : ArgumentException($"{field}: {rule}")
{
    public string Field { get; } = field;

    public string Rule { get; } = rule;
}
