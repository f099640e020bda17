namespace Custodia.Kernel.Streams;

/// <summary>Signs the state of segments; used by the stream's writer while nothing is being written.</summary>
internal sealed class SegmentSigning(StreamServices services)
{
    /// <summary>Signs every segment that has records beyond its last checkpoint.</summary>
    public List<SignedCheckpoint> SignNew(OpenSegments segments, string reason)
    {
        var signed = new List<SignedCheckpoint>();
        foreach (var id in Unfinished(segments))
        {
            Use(segments, id, writer =>
            {
                if (writer.Tree.Size > (segments.Checkpoints.Latest(id)?.Size ?? 0)) signed.Add(Sign(segments, writer, reason));
            });
        }

        return signed;
    }

    /// <summary>Signs off the segments of days that were over at <paramref name="before"/>; nothing is added to them any more.</summary>
    public int CloseEnded(OpenSegments segments, DateOnly before)
    {
        var closed = 0;
        foreach (var id in Unfinished(segments).Where(id => id.Day < before))
        {
            Use(segments, id, writer =>
            {
                Sign(segments, writer, CheckpointReason.Closed);
                SegmentFile.Truncate(writer.Connection);
                closed++;
            });
            segments.Release(id);
        }

        return closed;
    }

    public SignedCheckpoint Sign(OpenSegments segments, SegmentWriter writer, string reason, Func<Checkpoint, Checkpoint>? more = null)
    {
        var draft = Draft(segments, writer.Id, writer.Tree.Size, Convert.ToHexStringLower(writer.Tree.Root()), Convert.ToHexStringLower(writer.Header.Hash), reason);
        var signed = segments.Checkpoints.Append(more is null ? draft : more(draft));
        writer.NoteSigned(signed.Hash);
        return signed;
    }

    /// <summary>Signs that a segment goes.</summary>
    public SignedCheckpoint SignExpired(OpenSegments segments, SegmentId id, string why) =>
        SignAs(segments, id, CheckpointReason.Expired, draft => draft with { Why = why })

        // Damaged, or begun and never written: its name is all there is to say.
        ?? segments.Checkpoints.Append(Draft(segments, id, 0, Convert.ToHexStringLower(MerkleHash.Empty()), Checkpoint.First, CheckpointReason.Expired) with { Why = why });

    /// <summary>Signs the state of a segment, by what is known of it without opening it where that suffices. Null when it cannot be opened.</summary>
    public SignedCheckpoint? SignAs(OpenSegments segments, SegmentId id, string reason, Func<Checkpoint, Checkpoint> more)
    {
        if (segments.Checkpoints.IsClosed(id) && segments.Checkpoints.Latest(id) is { } known)
            return segments.Checkpoints.Append(more(Draft(segments, id, known.Size, known.Root, known.Header, reason)));
        SignedCheckpoint? signed = null;
        Use(segments, id, writer => signed = Sign(segments, writer, reason, more));
        return signed;
    }

    private Checkpoint Draft(OpenSegments segments, SegmentId id, long size, string root, string header, string reason)
    {
        var latest = segments.Checkpoints.Latest(id);
        return new Checkpoint(
            Checkpoint.CurrentVersion, id.Stream, id.Label, size, root, header, "", services.Clock.GetUtcNow(), reason, null, services.PolicyHash, latest?.Erased, null);
    }

    private static IEnumerable<SegmentId> Unfinished(OpenSegments segments) =>
        segments.Folder.Segments().Where(id => !segments.Checkpoints.IsClosed(id) && !segments.Checkpoints.IsExpired(id)).Reverse().ToArray();

    private static void Use(OpenSegments segments, SegmentId id, Action<SegmentWriter> work)
    {
        var writer = segments.Borrow(id, out var isOpen);
        if (writer is null) return;
        try
        {
            work(writer);
        }
        finally
        {
            if (!isOpen) writer.Dispose();
        }
    }
}
