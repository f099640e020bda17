using Custodia.Kernel.Hosting;
using Custodia.Kernel.Policy;

namespace Custodia.Kernel.Streams;

/// <summary>The logs that the modules registered: readers at once, writers at first use, behind the lock of the data directory.</summary>
internal sealed class StreamSet : IAsyncDisposable
{
    private readonly Dictionary<Type, string> _byType = [];
    private readonly Dictionary<string, StreamShape> _shapes = new(StringComparer.Ordinal);
    private readonly System.Collections.Concurrent.ConcurrentDictionary<string, LogStream> _open = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _opening = new(1, 1);
    private readonly StreamEnvironment _environment;
    private readonly StreamServices _services;
    private CheckpointSigner? _signer;
    private WriterLock? _lock;
    private bool _closed;

    public StreamSet(DataCatalogue catalogue, StreamEnvironment environment, StreamServices services)
    {
        _environment = environment;
        _services = services;
        foreach (var shape in catalogue.Streams)
        {
            _byType[shape.RecordType] = shape.Category;
            _shapes[shape.Category] = shape;
        }

        services.Metrics.Watch(() => _open.Values.Select(s => new KeyValuePair<string, int>(s.Category, s.Writer.Queued)));
    }

    public IEnumerable<string> Categories => _shapes.Keys;

    public bool Has(string category) => _shapes.ContainsKey(category);

    /// <exception cref="InvalidStreamQueryException">There is no such log.</exception>
    public LogReader Reader(string category)
    {
        if (!_shapes.TryGetValue(category, out var shape)) throw new InvalidStreamQueryException("category", "must be the category of a log");
        var policy = _environment.Policy.Category(category);
        return new LogReader(StreamFolder.Of(_environment.Layout, policy), policy, shape, _services.Ring);
    }

    /// <summary>The stream of a record type if it is open already.</summary>
    public LogStream? TryGet(Type record) => _byType.TryGetValue(record, out var category) && !_closed ? _open.GetValueOrDefault(category) : null;

    public ValueTask<LogStream> OpenAsync(Type record, CancellationToken cancellation) =>
        _byType.TryGetValue(record, out var category)
            ? OpenAsync(category, cancellation)
            : throw new InvalidOperationException($"{record.Name} is not registered as a stream.");

    public ValueTask<LogStream> OpenAsync(string category, CancellationToken cancellation) =>
        _open.TryGetValue(category, out var stream) && !_closed ? new ValueTask<LogStream>(stream) : new ValueTask<LogStream>(OpenSlowlyAsync(category, cancellation));

    public async Task<IReadOnlyList<LogStream>> OpenAllAsync(CancellationToken cancellation)
    {
        var streams = new List<LogStream>();
        foreach (var category in _shapes.Keys) streams.Add(await OpenAsync(category, cancellation));
        return streams;
    }

    public async ValueTask DisposeAsync()
    {
        await _opening.WaitAsync();
        _closed = true;
        _opening.Release();
        foreach (var stream in _open.Values)
        {
            await stream.Writer.DrainAsync();
            await SignLastAsync(stream);
            await stream.DisposeAsync();
        }

        _open.Clear();
        _signer?.Dispose();
        _lock?.Dispose();
    }

    /// <summary>An audit trail that cannot be signed at the end is still an audit trail; the next start signs it.</summary>
    private async Task SignLastAsync(LogStream stream)
    {
        try
        {
            await stream.CheckpointAsync(CheckpointReason.Shutdown, CancellationToken.None);
        }
        catch (Exception failure) when (failure is IOException or Microsoft.Data.Sqlite.SqliteException)
        {
            StreamLog.LastCheckpointFailed(_services.Log, stream.Category, failure.HResult);
        }
    }

    private async Task<LogStream> OpenSlowlyAsync(string category, CancellationToken cancellation)
    {
        if (!_shapes.TryGetValue(category, out var shape)) throw new InvalidStreamQueryException("category", "must be the category of a log");
        await _opening.WaitAsync(cancellation);
        try
        {
            ObjectDisposedException.ThrowIf(_closed, typeof(LogStreams));
            if (_open.TryGetValue(category, out var known)) return known;
            _lock ??= await WriterLock.TakeAsync(_environment.Layout.Root, cancellation);
            _signer ??= await CheckpointSigner.OpenAsync(_services.Ring, cancellation);
            var stream = Open(_environment.Policy.Category(category), shape, _signer);
            await stream.RecoverAsync(cancellation);
            _open[category] = stream;
            return stream;
        }
        finally
        {
            _opening.Release();
        }
    }

    private LogStream Open(PolicyCategory policy, StreamShape shape, CheckpointSigner signer)
    {
        var folder = StreamFolder.Of(_environment.Layout, policy);
        var checkpoints = new CheckpointLog(_environment.Layout.Checkpoints, _environment.CheckpointCopy, policy.Id, signer);
        var segments = new OpenSegments(folder, new RecordLayout(shape, policy), checkpoints, _services.Ring, _services.Clock);
        return new LogStream(segments, new LogReader(folder, policy, shape, _services.Ring), _services);
    }
}

/// <summary>Where the logs lie and what the policy says of them.</summary>
/// <param name="CheckpointCopy">Second folder for checkpoints; null: none.</param>
internal sealed record StreamEnvironment(DataLayout Layout, LoadedPolicy Policy, string? CheckpointCopy);
