namespace Custodia.Kernel.Streams;

/// <summary>All logs of the server: append, query, export. Append-only; a day is a segment with a key of its own.</summary>
/// <remarks>
/// Reading needs nothing but the files. The first append (or anything else that writes) takes the lock of the data directory; where
/// another process has it, that fails with <see cref="StreamsLockedException"/>.
/// </remarks>
public sealed class LogStreams : IAsyncDisposable
{
    private readonly StreamSet _streams;

    internal LogStreams(StreamSet streams) => _streams = streams;

    /// <summary>
    /// Appends one record. For <see cref="Durability.Audit"/> it is on disk when this completes; for <see cref="Durability.Batched"/>
    /// it is accepted, and this waits while the buffer is full.
    /// </summary>
    /// <exception cref="StreamUnavailableException">An audit record could not be written: nothing of it is stored.</exception>
    public ValueTask AppendAsync<TRecord>(TRecord record, CancellationToken cancellation)
        where TRecord : LogRecord
    {
        return _streams.TryGet(record.GetType()) is { } stream ? stream.Writer.AppendAsync(record, cancellation) : OpenAndAppendAsync();

        async ValueTask OpenAndAppendAsync() => await (await _streams.OpenAsync(record.GetType(), cancellation)).Writer.AppendAsync(record, cancellation);
    }

    /// <summary>One page, newest first.</summary>
    /// <exception cref="InvalidStreamQueryException">A condition cannot be asked; it names which.</exception>
    public Task<StreamPage> QueryAsync(StreamQuery query, CancellationToken cancellation) => _streams.Reader(query.Category).PageAsync(query, cancellation);

    /// <summary>Everything that matches, newest first, without holding it in memory. For export.</summary>
    /// <exception cref="InvalidStreamQueryException">A condition cannot be asked; it names which.</exception>
    public IAsyncEnumerable<StreamEntry> ReadAsync(StreamQuery query, CancellationToken cancellation) => _streams.Reader(query.Category).ReadAsync(query, cancellation);

    /// <summary>How many records of a person a log holds. The cost grows with the person's records and the days, not with the log.</summary>
    public async Task<long> CountAsync(string category, long account, Guid person, CancellationToken cancellation)
    {
        var count = 0L;
        await foreach (var (_, sequences) in _streams.Reader(category).OfPersonAsync(account, person, cancellation)) count += sequences.Length;
        return count;
    }

    /// <summary>Time of the oldest record held; null when the log is empty.</summary>
    public Task<DateTimeOffset?> OldestAsync(string category, CancellationToken cancellation) => _streams.Reader(category).OldestAsync(cancellation);

    /// <summary>What is held of the days before a day (null: of all), e.g. what a drop would delete.</summary>
    public Task<StreamHeld> HeldAsync(string category, DateOnly? before, CancellationToken cancellation) => _streams.Reader(category).HeldAsync(before, cancellation);

    /// <summary>Signs the state of every log that has grown since its last checkpoint.</summary>
    /// <param name="reason">A word for the record, e.g. <c>deletion</c>.</param>
    public async Task<IReadOnlyList<CheckpointReference>> CheckpointAsync(string reason, CancellationToken cancellation)
    {
        var signed = new List<CheckpointReference>();
        foreach (var stream in await _streams.OpenAllAsync(cancellation)) signed.AddRange(await stream.CheckpointAsync(reason, cancellation));
        return signed;
    }

    /// <summary>Drops the days before a day (null: all, today included) with their keys; the cost does not grow with the records.</summary>
    /// <param name="why">What led to it, e.g. <c>age P180D</c>; it is signed and must not name a person.</param>
    public async Task<DroppedSegments> DropSegmentsAsync(string category, DateOnly? before, string why, CancellationToken cancellation) =>
        await (await _streams.OpenAsync(category, cancellation)).DropAsync(before, why, cancellation);

    /// <summary>Removes all records of an account from a log.</summary>
    /// <param name="why">What led to it, e.g. <c>service-terminated</c>; it is signed and must not name a person.</param>
    public async Task<ErasedFromStream> EraseAccountAsync(string category, long account, string why, CancellationToken cancellation) =>
        await (await _streams.OpenAsync(category, cancellation)).EraseAccountAsync(account, why, cancellation);

    /// <summary>A person's part of a log: removed, or left to be shredded by the destruction of the person's key (the caller's part).</summary>
    /// <param name="why">What led to it, e.g. <c>account-deleted</c>; it is signed and must not name a person.</param>
    public async Task<ErasedFromStream> ErasePersonAsync(string category, long account, Guid person, PersonErasure mode, string why, CancellationToken cancellation) =>
        await (await _streams.OpenAsync(category, cancellation)).ErasePersonAsync(account, person, mode, why, cancellation);

    /// <summary>Writes what was accepted, signs a last checkpoint and gives the lock back.</summary>
    public ValueTask DisposeAsync() => _streams.DisposeAsync();
}

/// <summary>What to look for. All conditions must hold; null asks nothing.</summary>
/// <param name="Category">The stream, by its policy category.</param>
/// <param name="Account">The account's <c>uin</c>; a query never crosses accounts.</param>
public sealed record StreamQuery(string Category, long Account)
{
    public DateTimeOffset? From { get; init; }

    public DateTimeOffset? To { get; init; }

    public Guid? Person { get; init; }

    public string? Actor { get; init; }

    public string? ClientIp { get; init; }

    public string? RequestId { get; init; }

    public string? Result { get; init; }

    /// <summary>A text that must occur in some field (case-insensitive).</summary>
    public string? Text { get; init; }

    /// <summary>Further exact conditions by field name, e.g. <c>flow-name</c>; fields that are plain only.</summary>
    public IReadOnlyDictionary<string, string>? Fields { get; init; }

    /// <summary>Where the previous page ended; opaque.</summary>
    public string? Cursor { get; init; }

    /// <summary>1 to 500.</summary>
    public int Limit { get; init; } = 50;
}

/// <param name="NextCursor">Null on the last page.</param>
public sealed record StreamPage(IReadOnlyList<StreamEntry> Entries, string? NextCursor);

/// <summary>One record as stored.</summary>
/// <param name="Sequence">Position in its segment, from 0.</param>
/// <param name="Fields">Policy field name → value (text, number, or null when its key was destroyed), in the order of the policy.</param>
/// <param name="Shredded">Whether personal fields are gone because a key was destroyed.</param>
public sealed record StreamEntry(DateOnly Day, long Sequence, DateTimeOffset Time, Guid? Person, IReadOnlyList<KeyValuePair<string, object?>> Fields, bool Shredded);
