using System.Diagnostics;

namespace Custodia.Jq.Running;

internal sealed partial class Run
{
    // Between two looks at the clock and at the cancellation.
    private const int Slice = 4096;
    private readonly JqLimits _limits;
    private readonly CancellationToken _cancellation;
    private int _ticks;
    private int _slice;
    private long _steps;
    private long _started;
    private TimeSpan _spent;
    private long _printed;

    /// <summary>How the program is run: clock, zone, sink.</summary>
    public JqOptions Options { get; }

    /// <summary>Whose values may be changed in place.</summary>
    public object Owner { get; private set; } = new();

    /// <summary>A value leaves the run: what was made so far must not change any more.</summary>
    public void GiveAway() => Owner = new object();

    /// <summary>Counts a step.</summary>
    public void Tick()
    {
        if (--_ticks < 0) Look();
    }

    /// <summary>Counts work that grows with data: bytes or items taken or made.</summary>
    public void Charge(long size)
    {
        var steps = size >> 6;
        if (steps > Slice)
        {
            _steps += steps;
            steps = Slice;
        }

        _ticks -= (int)steps;
        if (_ticks < 0) Look();
    }

    /// <summary>Counts what was compared since the last time.</summary>
    public void ChargeComparisons()
    {
        if (Values.Comparing.Take() is > 0 and var work) Charge(work * 32);
    }

    /// <summary>A string as a value, if it is not too long.</summary>
    public JqValue Text(string text)
    {
        MustFitText(text.Length);
        return JqValue.Of(text);
    }

    /// <summary>Before a string of that many UTF-16 units is made.</summary>
    public void MustFitText(long length)
    {
        if (length > _limits.TextLength) throw new JqLimitException(JqLimit.TextLength);
        Charge(length * 2);
    }

    /// <summary>Before an array or object of that size is made.</summary>
    public void MustFitItems(long count)
    {
        if (count > _limits.Items) throw new JqLimitException(JqLimit.Items);
    }

    /// <summary>An array of these items as a value, made within the run.</summary>
    public JqValue ArrayOf(JqValue[] items, int count)
    {
        MustFitItems(count);
        Charge(count * 16L);
        return JqValue.Of(new JqArray(items, count, Owner));
    }

    /// <summary>An array of these items as a value, made within the run.</summary>
    public JqValue ArrayOf(List<JqValue> items) => ArrayOf([.. items], items.Count);

    /// <summary>How long a regular expression may still take.</summary>
    public TimeSpan TimeLeft() => _limits.Time == Timeout.InfiniteTimeSpan
        ? Timeout.InfiniteTimeSpan
        : _limits.Time - _spent - Stopwatch.GetElapsedTime(_started) is { Ticks: > 0 } left ? left : throw new JqLimitException(JqLimit.Time);

    private void ChargeOutput(in JqValue value)
    {
        if (_limits.OutputSize == long.MaxValue) return;
        var left = _limits.OutputSize - _printed;
        var length = Json.JsonWriter.Length(value, left);
        _printed += length;
        if (_printed > _limits.OutputSize) throw new JqLimitException(JqLimit.OutputSize);
        // Measuring is work too, and a character of it more than a byte that is copied.
        Charge(length * 4L);
    }

    private void Look()
    {
        _steps += _slice - _ticks;
        _slice = (int)Math.Clamp(_limits.Steps - _steps, 0, Slice);
        _ticks = _slice;
        _cancellation.ThrowIfCancellationRequested();
        if (_steps > _limits.Steps) throw new JqLimitException(JqLimit.Steps);
        if (_limits.Time != Timeout.InfiniteTimeSpan && _spent + Stopwatch.GetElapsedTime(_started) > _limits.Time) throw new JqLimitException(JqLimit.Time);
    }
}
