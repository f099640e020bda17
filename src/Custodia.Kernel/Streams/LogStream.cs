namespace Custodia.Kernel.Streams;

/// <summary>One log, open for writing: its writer and what is done to its segments.</summary>
internal sealed class LogStream : IAsyncDisposable
{
    private readonly LogReader _reader;
    private readonly SegmentDrop _drop;
    private readonly RecordRemoval _removal;
    private readonly SegmentSigning _signing;
    private readonly StreamServices _services;

    public LogStream(OpenSegments segments, LogReader reader, StreamServices services)
    {
        _reader = reader;
        _services = services;
        Category = segments.Folder.Stream;
        Writer = new LogWriter(segments, services);
        _drop = new SegmentDrop(Writer, services);
        _removal = new RecordRemoval(Writer, services);
        _signing = new SegmentSigning(services);
    }

    public string Category { get; }

    public LogWriter Writer { get; }

    public Task RecoverAsync(CancellationToken cancellation) => _drop.RecoverAsync(cancellation);

    public async Task<List<CheckpointReference>> CheckpointAsync(string reason, CancellationToken cancellation)
    {
        var signed = await Writer.AloneAsync(open => Task.FromResult(_signing.SignNew(open, reason)), cancellation);
        return signed.ConvertAll(s => s.Reference());
    }

    /// <summary>Signs off the days before a day.</summary>
    public Task<int> CloseEndedAsync(DateOnly before, CancellationToken cancellation) =>
        Writer.AloneAsync(open => Task.FromResult(_signing.CloseEnded(open, before)), cancellation);

    public Task<DroppedSegments> DropAsync(DateOnly? before, string why, CancellationToken cancellation) => _drop.DropAsync(before, why, cancellation);

    /// <summary>Why the last copy of a checkpoint failed; null when it did not.</summary>
    public Task<Exception?> CopyFailureAsync(CancellationToken cancellation) =>
        Writer.AloneAsync(open => Task.FromResult(open.Checkpoints.CopyFailure), cancellation);

    public async Task<ErasedFromStream> ErasePersonAsync(long account, Guid person, PersonErasure mode, string why, CancellationToken cancellation)
    {
        await FlushAsync(cancellation);
        var (segments, found, removed, signed) = (0, 0L, 0L, new List<CheckpointReference>());
        await foreach (var (id, sequences) in _reader.OfPersonAsync(account, person, cancellation))
        {
            segments++;
            found += sequences.Length;
            if (mode == PersonErasure.Remove) removed += await _removal.RemoveAsync(id, sequences, why, signed, cancellation);
            else await SignShreddedAsync(id, sequences.Length, why, signed, cancellation);
        }

        return new ErasedFromStream(Category, segments, found, removed, signed);
    }

    /// <summary>Removes all records of an account: whole segments where it is alone in them, else its records.</summary>
    public async Task<ErasedFromStream> EraseAccountAsync(long account, string why, CancellationToken cancellation)
    {
        await FlushAsync(cancellation);
        var (segments, removed, signed) = (0, 0L, new List<CheckpointReference>());
        await foreach (var (id, alone, records, batches) in _reader.OfAccountAsync(account, cancellation))
        {
            segments++;
            if (alone)
            {
                signed.Add((await _drop.DropAsync(id, why, cancellation)).Reference());
                removed += records;
                continue;
            }

            foreach (var batch in batches) removed += await _removal.RemoveAsync(id, batch, why, signed, cancellation);
        }

        return new ErasedFromStream(Category, segments, removed, removed, signed);
    }

    public async ValueTask DisposeAsync() => await Writer.DisposeAsync();

    private Task FlushAsync(CancellationToken cancellation) => Writer.AloneAsync(static _ => Task.FromResult(true), cancellation);

    private Task SignShreddedAsync(SegmentId id, long count, string why, List<CheckpointReference> signed, CancellationToken cancellation) =>
        Writer.AloneAsync(
            open =>
            {
                if (_signing.SignAs(open, id, CheckpointReason.Shredded, draft => draft with { Why = why, Shredded = count }) is { } checkpoint) signed.Add(checkpoint.Reference());
                return Task.FromResult(true);
            },
            cancellation);
}
