namespace Custodia.Testing;

/// <summary>
/// A clock that runs with the machine's and can be moved forward: timers that come due on the way fire at once, in order.
/// With <c>frozen</c> it stands still between moves.
/// </summary>
public sealed class ManualTime(bool frozen = false) : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<Timer> _timers = [];
    private readonly long _start = System.GetTimestamp();
    private readonly DateTimeOffset _origin = System.GetUtcNow();
    private TimeSpan _offset;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    private TimeSpan Elapsed => (frozen ? TimeSpan.Zero : System.GetElapsedTime(_start)) + _offset;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock) return _origin + Elapsed;
    }

    public override long GetTimestamp()
    {
        lock (_lock) return Elapsed.Ticks;
    }

    /// <summary>Moves the clock. Moments in between are seen by timers only in their order, not as values of the clock.</summary>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        Timer[] due;
        lock (_lock)
        {
            _offset += by;
            var now = Elapsed;
            due = [.. _timers.Where(t => t.Due <= now).OrderBy(t => t.Due)];
            foreach (var timer in _timers.Except(due)) timer.Arm(now);
        }

        foreach (var timer in due) timer.Fire();
    }

    /// <summary>Moves the clock to a later moment.</summary>
    public void AdvanceTo(DateTimeOffset moment) => Advance(moment - GetUtcNow());

    /// <summary>
    /// Moves the clock to the next noon of the 15th. Before a server starts: so that no day and no month ends while a test counts by
    /// them, and so that a date some months on has a day of its own (30 November has none in February).
    /// </summary>
    public void AdvanceToMidMonth()
    {
        var now = GetUtcNow();
        var middle = new DateTimeOffset(now.Year, now.Month, 15, 12, 0, 0, TimeSpan.Zero);
        AdvanceTo(middle > now ? middle : middle.AddMonths(1));
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class Timer : ITimer
    {
        private readonly ManualTime _time;
        private readonly Action _callback;
        private readonly ITimer? _real;
        private TimeSpan _period = Timeout.InfiniteTimeSpan;

        public Timer(ManualTime time, Action callback)
        {
            _time = time;
            _callback = callback;
            _real = time.IsFrozen ? null : System.CreateTimer(_ => Fire(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        public TimeSpan Due { get; private set; } = TimeSpan.MaxValue;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            var atOnce = false;
            lock (_time._lock)
            {
                _time._timers.Remove(this);
                _period = period > TimeSpan.Zero ? period : Timeout.InfiniteTimeSpan;
                if (dueTime == Timeout.InfiniteTimeSpan)
                {
                    Due = TimeSpan.MaxValue;
                    _real?.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                    return true;
                }

                Due = _time.Elapsed + dueTime;
                _time._timers.Add(this);
                atOnce = _real is null && dueTime <= TimeSpan.Zero;
                Arm(_time.Elapsed);
            }

            if (atOnce) ThreadPool.QueueUserWorkItem(static timer => timer.Fire(), this, preferLocal: false);
            return true;
        }

        public void Arm(TimeSpan now)
        {
            // Real timers are limited to 49 days; a far one is armed again when the clock is moved.
            var wait = Due - now;
            if (wait < TimeSpan.FromDays(40)) _real?.Change(wait < TimeSpan.Zero ? TimeSpan.Zero : wait, Timeout.InfiniteTimeSpan);
        }

        public void Fire()
        {
            lock (_time._lock)
            {
                if (!_time._timers.Contains(this) || Due > _time.Elapsed + TimeSpan.FromMilliseconds(20)) return;
                if (_period == Timeout.InfiniteTimeSpan)
                {
                    _time._timers.Remove(this);
                    Due = TimeSpan.MaxValue;
                }
                else
                {
                    Due = _time.Elapsed + _period;
                    Arm(_time.Elapsed);
                }
            }

            _callback();
        }

        public void Dispose()
        {
            lock (_time._lock) _time._timers.Remove(this);
            _real?.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }

    private bool IsFrozen => frozen;
}
