namespace Custodia.Jq;

/// <summary>A text is not JSON as jq reads it.</summary>
/// <param name="message">What is wrong, and where, in jq's words.</param>
/// <param name="line">From 1.</param>
/// <param name="column">Bytes of the line that were read, as jq counts.</param>
public sealed class JqJsonException(string message, long line, long column) : Exception(message)
{
    /// <summary>From 1.</summary>
    public long Line { get; } = line;

    /// <summary>Bytes of the line that were read, as jq counts.</summary>
    public long Column { get; } = column;
}
