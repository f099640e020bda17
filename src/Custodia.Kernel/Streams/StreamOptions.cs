namespace Custodia.Kernel.Streams;

/// <summary>The section <c>Custodia:Streams</c> of the configuration.</summary>
public sealed class StreamOptions
{
    public const string Section = "Custodia:Streams";

    /// <summary>A second folder that every signed checkpoint is copied to, best on another machine; default: none.</summary>
    public string? CheckpointCopy { get; set; }

    /// <summary>Records that a log holds in memory before appending waits; 1 to 1,000,000, default 16384.</summary>
    public int QueueLength { get; set; } = 16 * 1024;
}
