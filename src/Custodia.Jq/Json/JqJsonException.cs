namespace Custodia.Jq;

/// <summary>A text is not JSON as jq reads it.</summary>
/// <param name="reason">What is wrong, without the place.</param>
/// <param name="line">From 1.</param>
/// <param name="column">From 0, as jq counts.</param>
public sealed class JqJsonException(string reason, long line, long column) : Exception($"{reason} at line {line}, column {column}")
{
    /// <summary>From 1.</summary>
    public long Line { get; } = line;

    /// <summary>From 0, as jq counts.</summary>
    public long Column { get; } = column;
}
