namespace Custodia.Kernel.Streams;

/// <summary>All logs of the server: append, query, export. Append-only; a day is a segment with a key of its own.</summary>
public sealed class LogStreams
{
    /// <summary>
    /// Appends one record. For <see cref="Durability.Audit"/> it is on disk when this completes; for <see cref="Durability.Batched"/>
    /// it is accepted, and this waits while the buffer is full.
    /// </summary>
    public ValueTask AppendAsync<TRecord>(TRecord record, CancellationToken cancellation)
        where TRecord : LogRecord => throw new NotImplementedException();

    /// <summary>One page, newest first.</summary>
    public Task<StreamPage> QueryAsync(StreamQuery query, CancellationToken cancellation) => throw new NotImplementedException();

    /// <summary>Everything that matches, newest first, without holding it in memory. For export.</summary>
    public IAsyncEnumerable<StreamEntry> ReadAsync(StreamQuery query, CancellationToken cancellation) => throw new NotImplementedException();
}

/// <summary>What to look for. All conditions must hold; null asks nothing.</summary>
/// <param name="Category">The stream, by its policy category.</param>
/// <param name="Account">The account's <c>uin</c>; a query never crosses accounts.</param>
/// <param name="Text">Words that must occur in any field (case-insensitive).</param>
/// <param name="Cursor">Where the previous page ended; opaque.</param>
/// <param name="Limit">1 to 500.</param>
public sealed record StreamQuery(string Category, long Account)
{
    public DateTimeOffset? From { get; init; }

    public DateTimeOffset? To { get; init; }

    public Guid? Person { get; init; }

    public string? Actor { get; init; }

    public string? ClientIp { get; init; }

    public string? RequestId { get; init; }

    public string? Result { get; init; }

    public string? Text { get; init; }

    /// <summary>Further exact conditions by field name, e.g. <c>flow-name</c>; fields that are plain only.</summary>
    public IReadOnlyDictionary<string, string>? Fields { get; init; }

    public string? Cursor { get; init; }

    public int Limit { get; init; } = 50;
}

/// <param name="NextCursor">Null on the last page.</param>
public sealed record StreamPage(IReadOnlyList<StreamEntry> Entries, string? NextCursor);

/// <summary>One record as stored.</summary>
/// <param name="Sequence">Position in its segment, from 0.</param>
/// <param name="Fields">Policy field name → value (text, number, or null when its key was destroyed), in the order of the policy.</param>
/// <param name="Shredded">Whether personal fields are gone because a key was destroyed.</param>
public sealed record StreamEntry(DateOnly Day, long Sequence, DateTimeOffset Time, Guid? Person, IReadOnlyList<KeyValuePair<string, object?>> Fields, bool Shredded);
