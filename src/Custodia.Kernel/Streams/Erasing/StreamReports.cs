namespace Custodia.Kernel.Streams;

/// <summary>What a stream holds.</summary>
/// <param name="Segments">Days (and parts of days).</param>
/// <param name="Oldest">Time of the oldest record; null when there is none.</param>
public sealed record StreamHeld(int Segments, long Records, DateTimeOffset? Oldest);

/// <summary>A signed checkpoint, as evidence quotes it.</summary>
/// <param name="Segment">Day of the segment, e.g. <c>2026-11-21</c>.</param>
/// <param name="Hash">SHA-256 of the checkpoint's line, hex; the line lies below <c>checkpoints/</c>.</param>
public sealed record CheckpointReference(string Category, string Segment, long Size, string Root, string Hash);

/// <summary>Segments that were dropped with their keys.</summary>
public sealed record DroppedSegments(int Segments, long Records, IReadOnlyList<CheckpointReference> Checkpoints);

public enum PersonErasure
{
    /// <summary>Records stay; their personal fields open no more once the person's key is destroyed (which is the caller's part).</summary>
    Shred,

    /// <summary>The person's records are removed.</summary>
    Remove,
}

/// <summary>What an erasure found and did in one stream.</summary>
/// <param name="Found">Records found.</param>
/// <param name="Removed">Records removed; the others are shredded.</param>
public sealed record ErasedFromStream(string Category, int Segments, long Found, long Removed, IReadOnlyList<CheckpointReference> Checkpoints);
