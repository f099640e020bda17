namespace Custodia.Kernel.Streams;

/// <summary>
/// The bounded queue of a stream. The writer takes all of it at once, and whoever waits for room is woken then, together: a channel
/// would wake a writer for each record, and that would cost more than sealing it.
/// </summary>
internal sealed class RecordQueue(int capacity)
{
    private readonly Lock _gate = new();
    private List<PendingRecord> _items = [];
    private TaskCompletionSource? _room;
    private TaskCompletionSource<bool>? _some;
    private bool _ended;

    public int Count
    {
        get
        {
            lock (_gate) return _items.Count;
        }
    }

    /// <summary>Waits while the queue is full.</summary>
    /// <exception cref="ObjectDisposedException">The queue has ended.</exception>
    public ValueTask AddAsync(PendingRecord record, CancellationToken cancellation) =>
        TryAdd(record, out var room) ? ValueTask.CompletedTask : new ValueTask(AddWhenRoomAsync(record, room, cancellation));

    /// <summary>False when the queue has ended and is empty. For one reader.</summary>
    public ValueTask<bool> WaitAsync()
    {
        lock (_gate)
        {
            if (_items.Count > 0) return new ValueTask<bool>(true);
            if (_ended) return new ValueTask<bool>(false);
            _some = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            return new ValueTask<bool>(_some.Task);
        }
    }

    /// <summary>Takes everything.</summary>
    /// <param name="empty">The list that is filled from now on.</param>
    public List<PendingRecord> Take(List<PendingRecord> empty)
    {
        lock (_gate)
        {
            var taken = _items;
            _items = empty;
            _room?.TrySetResult();
            _room = null;
            return taken;
        }
    }

    /// <summary>Takes nothing more; what is queued can still be taken.</summary>
    public void End()
    {
        lock (_gate)
        {
            _ended = true;
            _room?.TrySetResult();
            _room = null;
            _some?.TrySetResult(_items.Count > 0);
            _some = null;
        }
    }

    private bool TryAdd(in PendingRecord record, out Task room)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_ended, typeof(LogStreams));
            if (_items.Count >= capacity)
            {
                _room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                room = _room.Task;
                return false;
            }

            _items.Add(record);
            room = Task.CompletedTask;
            _some?.TrySetResult(true);
            _some = null;
            return true;
        }
    }

    private async Task AddWhenRoomAsync(PendingRecord record, Task room, CancellationToken cancellation)
    {
        do
        {
            await room.WaitAsync(cancellation);
        }
        while (!TryAdd(record, out room));
    }
}
