namespace Custodia.Jq;

/// <summary>What a run may use. Going beyond one ends it with a <see cref="JqLimitException"/>, which <c>try</c> does not catch.</summary>
public sealed record JqLimits
{
    /// <summary>For programs that the server does not trust: some tenths of a second on a quiet machine, some ten megabytes.</summary>
    public static JqLimits Default { get; } = new();

    /// <summary>For programs of who runs the process: only what protects it from a crash.</summary>
    public static JqLimits Generous { get; } = new()
    {
        Steps = long.MaxValue,
        Depth = 10_000_000,
        Outputs = long.MaxValue,
        OutputSize = long.MaxValue,
        TextLength = 512 * 1024 * 1024,
        Items = 256 * 1024 * 1024,
        Time = Timeout.InfiniteTimeSpan,
    };

    /// <summary>Steps of evaluation. Work that grows with data counts by its size, about one for 64 bytes.</summary>
    public long Steps { get; init; } = 5_000_000;

    /// <summary>Calls and choices that wait at once; calls in tail position take none.</summary>
    public int Depth { get; init; } = 100_000;

    /// <summary>Values that the program gives.</summary>
    public long Outputs { get; init; } = 100_000;

    /// <summary>Characters of compact JSON that they have together.</summary>
    public long OutputSize { get; init; } = 16 * 1024 * 1024;

    /// <summary>UTF-16 units of one string.</summary>
    public int TextLength { get; init; } = 8 * 1024 * 1024;

    /// <summary>Items of one array, fields of one object.</summary>
    public int Items { get; init; } = 1_000_000;

    /// <summary>Time on the wall, without the time between outputs; infinite for none.</summary>
    public TimeSpan Time { get; init; } = TimeSpan.FromSeconds(5);
}
