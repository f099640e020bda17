namespace Custodia.Jq;

/// <summary>How a program is run.</summary>
public sealed record JqOptions
{
    /// <summary>Limits of <see cref="JqLimits.Default"/>, UTC, no variables, debug messages dropped.</summary>
    public static JqOptions Default { get; } = new();

    /// <summary>What it may use.</summary>
    public JqLimits Limits { get; init; } = JqLimits.Default;

    /// <summary>Values of the variables that the program was compiled with, without the dollar sign; one that is missing is null.</summary>
    public IReadOnlyDictionary<string, JqValue> Variables { get; init; } = new Dictionary<string, JqValue>(StringComparer.Ordinal);

    /// <summary>The clock behind <c>now</c>.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>The zone of <c>localtime</c>, <c>strflocaltime</c> and local times in <c>mktime</c>.</summary>
    public TimeZoneInfo TimeZone { get; init; } = TimeZoneInfo.Utc;

    /// <summary>Takes what <c>debug</c> and <c>stderr</c> say; null drops it.</summary>
    public Action<JqMessage>? Messages { get; init; }
}

/// <summary>What a program said aside.</summary>
/// <param name="Value">The value.</param>
/// <param name="IsRaw">Whether it came from <c>stderr</c>, which prints without the word DEBUG.</param>
public readonly record struct JqMessage(JqValue Value, bool IsRaw);
