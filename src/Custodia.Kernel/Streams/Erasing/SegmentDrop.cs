namespace Custodia.Kernel.Streams;

/// <summary>
/// Drops whole segments: signs that they go, destroys their keys, deletes their files. The cost does not grow with the records.
/// Writers are held up for one signature; readers finish what they read or find the day gone.
/// </summary>
internal sealed class SegmentDrop(LogWriter writer, StreamServices services)
{
    private readonly SegmentSigning _signing = new(services);

    /// <param name="before">Days before this one; null: all, today included.</param>
    public async Task<DroppedSegments> DropAsync(DateOnly? before, string why, CancellationToken cancellation)
    {
        var segments = await writer.AloneAsync(open => Task.FromResult(open.Folder.Segments()), cancellation);
        var (records, signed) = (0L, new List<CheckpointReference>());
        foreach (var id in segments.Where(id => before is null || id.Day < before).Reverse())
        {
            var checkpoint = await DropAsync(id, why, cancellation);
            records += checkpoint.Checkpoint.Size - (checkpoint.Checkpoint.Erased?.Count ?? 0);
            signed.Add(checkpoint.Reference());
        }

        return new DroppedSegments(signed.Count, records, signed);
    }

    public async Task<SignedCheckpoint> DropAsync(SegmentId id, string why, CancellationToken cancellation)
    {
        var (checkpoint, path) = await writer.AloneAsync(
            open =>
            {
                var signed = _signing.SignExpired(open, id, why);
                open.Release(id);
                return Task.FromResult((signed, open.Folder.PathOf(id)));
            },
            cancellation);
        await FinishAsync(id, path, why);
        return checkpoint;
    }

    /// <summary>Finishes drops that were interrupted after they were signed.</summary>
    public async Task RecoverAsync(CancellationToken cancellation)
    {
        var unfinished = await writer.AloneAsync(
            open => Task.FromResult(open.Folder.Segments().Where(open.Checkpoints.IsExpired).Select(id => (Id: id, Path: open.Folder.PathOf(id))).ToList()),
            cancellation);
        foreach (var (id, path) in unfinished) await FinishAsync(id, path, "interrupted drop");
    }

    private async Task FinishAsync(SegmentId id, string path, string why)
    {
        // What is signed is done: no cancellation between the signature and the last file.
        await services.Ring.DestroyAsync(id.Key, why, CancellationToken.None);
        SegmentFile.Delete(path);
    }
}
