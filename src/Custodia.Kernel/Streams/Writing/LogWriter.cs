using Microsoft.Extensions.Logging;

namespace Custodia.Kernel.Streams;

/// <summary>
/// The one writer of a stream. Records wait in a bounded queue; what has gathered while the previous batch was on its way to the disk
/// becomes the next batch, sealed meanwhile:
/// <code>
///   seal 1 │ seal 2      │ seal 3
///          │ commit 1    │ commit 2    │ commit 3
/// </code>
/// When the queue is full, appending waits; nothing is dropped.
/// </summary>
internal sealed partial class LogWriter : IAsyncDisposable
{
    private const int LargestBatch = 4096;
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(40);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(250);

    private readonly RecordQueue _queue;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly CancellationTokenSource _giveUp = new();
    private readonly Stack<SealedBatch> _spare = new();
    private readonly OpenSegments _segments;
    private readonly StreamServices _services;
    private readonly CommitThread _commits;
    private readonly Task _loop;
    private List<PendingRecord> _empty = [];
    private volatile bool _closing;
    private int _wantAlone;

    public LogWriter(OpenSegments segments, StreamServices services)
    {
        _segments = segments;
        _services = services;
        _queue = new RecordQueue(services.QueueLength);
        _commits = new CommitThread(segments.Folder.Stream);
        _loop = Task.Run(RunAsync);
    }

    public int Queued => _queue.Count;

    private string Stream => _segments.Folder.Stream;

    private bool IsAudit => _segments.Layout.Durability == Durability.Audit;

    /// <exception cref="StreamUnavailableException">Only for audit streams: it could not be written.</exception>
    public async ValueTask AppendAsync(LogRecord record, CancellationToken cancellation)
    {
        var moment = _segments.Layout.TimeOf(record);
        if (!IsAudit)
        {
            await _queue.AddAsync(new PendingRecord(record, moment, null), cancellation);
            return;
        }

        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await _queue.AddAsync(new PendingRecord(record, moment, done), cancellation);

        // No cancellation from here on: the record will be written, and whoever appended it must know.
        await done.Task;
    }

    /// <summary>Runs while nothing is being written, after everything that was accepted before.</summary>
    public async Task<T> AloneAsync<T>(Func<OpenSegments, Task<T>> work, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _wantAlone);
        try
        {
            await _turn.WaitAsync(cancellation);
        }
        finally
        {
            Interlocked.Decrement(ref _wantAlone);
        }

        try
        {
            await WriteQueuedAsync(once: true);
            return await work(_segments);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Takes nothing more and writes what is queued.</summary>
    public async Task DrainAsync()
    {
        _closing = true;
        _queue.End();
        if (!_loop.IsCompleted) _giveUp.CancelAfter(TimeSpan.FromSeconds(20));
        await _loop.WaitAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await DrainAsync();
        _commits.Dispose();
        _segments.Dispose();
        _turn.Dispose();
        _giveUp.Dispose();
    }

    private async Task RunAsync()
    {
        while (await _queue.WaitAsync())
        {
            if (!IsAudit) await GatherAsync();
            await _turn.WaitAsync();
            try
            {
                await WriteQueuedAsync(once: false);
            }
            finally
            {
                _turn.Release();
            }
        }
    }

    /// <summary>
    /// Lets a batch form, unless there is one already or the queue has ended. By the system's clock: how long a disk is spared has
    /// nothing to do with the time that records are about.
    /// </summary>
    private async Task GatherAsync()
    {
        var started = TimeProvider.System.GetTimestamp();
        while (_queue.Count < LargestBatch / 2 && !_closing && TimeProvider.System.GetElapsedTime(started) < Gathering)
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
    }

    /// <param name="once">Only what is queued now; else also what comes meanwhile, as long as there is enough of it and nobody wants to be alone.</param>
    private async Task WriteQueuedAsync(bool once)
    {
        Flight? flight = null;
        do
        {
            var taken = _queue.Take(_empty);
            for (var start = 0; start < taken.Count; start += LargestBatch)
            {
                foreach (var batch in Batches(taken, start, Math.Min(taken.Count, start + LargestBatch))) flight = await SendAsync(batch, flight);
            }

            taken.Clear();
            _empty = taken;
        }
        while (!once && Volatile.Read(ref _wantAlone) == 0 && _queue.Count >= (IsAudit ? 1 : LargestBatch / 2));

        await LandAsync(flight);
    }

    /// <summary>Part of what was taken, by day; nearly always one.</summary>
    private List<SealedBatch> Batches(List<PendingRecord> taken, int start, int end)
    {
        var batches = new List<SealedBatch>(1);
        SealedBatch? current = null;
        for (var i = start; i < end; i++)
        {
            var day = taken[i].Time.UtcDateTime.Date;
            if (current is null || current.Waiting[0].Time.UtcDateTime.Date != day) current = batches.Find(b => b.Waiting[0].Time.UtcDateTime.Date == day);
            if (current is null) batches.Add(current = _spare.TryPop(out var spare) ? spare : new SealedBatch());
            current.Waiting.Add(taken[i]);
        }

        return batches;
    }

    /// <summary>Seals a batch while the previous one is being committed, then sends it after it.</summary>
    private async Task<Flight?> SendAsync(SealedBatch batch, Flight? previous)
    {
        try
        {
            var segment = _segments.TryGet(batch.Waiting[0].Time);
            if (segment is not null) await SealAsync(batch, segment);
            if (!await LandAsync(previous)) segment = null;
            previous = null;
            if (segment is null)
            {
                segment = await _segments.ForAsync(batch.Waiting[0].Time, CancellationToken.None);
                await SealAsync(batch, segment);
            }

            return new Flight(batch, _commits.RunAsync(() => Commit(batch, segment)));
        }
        catch (Exception failure)
        {
            await LandAsync(previous);
            await FailAsync(batch, failure);
            return null;
        }
    }

    /// <summary>Waits for a commit and tells those who wait for its records. False when it failed: then all handles are closed.</summary>
    private async Task<bool> LandAsync(Flight? flight)
    {
        if (flight is null) return true;
        try
        {
            await flight.Commit;
            Finish(flight.Batch);
            return true;
        }
        catch (Exception failure)
        {
            await FailAsync(flight.Batch, failure);
            return false;
        }
    }

    private ValueTask SealAsync(SealedBatch batch, OpenSegment segment) =>
        batch.SealAsync(_services.Ring, segment.Writer.Header, segment.Cipher, _segments.Layout, CancellationToken.None);

    private void Commit(SealedBatch batch, OpenSegment segment)
    {
        var started = TimeProvider.System.GetTimestamp();
        segment.Writer.Commit(batch);
        _services.Metrics.Committed(Stream, batch.Entries.Count, TimeProvider.System.GetElapsedTime(started));
    }

    /// <summary>Audit records fail, and whoever waits for them decides; other records were accepted, so they are tried until they are stored.</summary>
    private async Task FailAsync(SealedBatch batch, Exception failure)
    {
        NoteFailure(failure);
        if (IsAudit)
        {
            foreach (var pending in batch.Waiting) pending.Done?.TrySetException(new StreamUnavailableException(Stream, failure));
            Recycle(batch);
            return;
        }

        while (!_giveUp.IsCancellationRequested)
        {
            await Task.Delay(RetryAfter, TimeProvider.System);
            try
            {
                var segment = await _segments.ForAsync(batch.Waiting[0].Time, CancellationToken.None);
                await SealAsync(batch, segment);
                await _commits.RunAsync(() => Commit(batch, segment));
                Finish(batch);
                return;
            }
            catch (Exception again)
            {
                NoteFailure(again);
            }
        }

        LostAtShutdown(_services.Log, Stream, batch.Waiting.Count);
        Recycle(batch);
    }

    private void NoteFailure(Exception failure)
    {
        _segments.ReleaseAll();
        _services.Metrics.Failed(Stream);
        WriteFailed(_services.Log, Stream, failure.GetType().Name, (failure as Microsoft.Data.Sqlite.SqliteException)?.SqliteErrorCode ?? failure.HResult);
    }

    private void Finish(SealedBatch batch)
    {
        foreach (var pending in batch.Waiting) pending.Done?.TrySetResult();
        Recycle(batch);
    }

    private void Recycle(SealedBatch batch)
    {
        batch.Clear();
        if (_spare.Count < 3) _spare.Push(batch);
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Error, Message = "The log {Stream} could not be written ({Kind}, code {Code}); its handles are opened again.")]
    private static partial void WriteFailed(ILogger logger, string stream, string kind, int code);

    [LoggerMessage(EventId = 2, Level = LogLevel.Critical, Message = "At shutdown {Count} records of the log {Stream} could not be written.")]
    private static partial void LostAtShutdown(ILogger logger, string stream, int count);

    private sealed record Flight(SealedBatch Batch, Task Commit);
}
