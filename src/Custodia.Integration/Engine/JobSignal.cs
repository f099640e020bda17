using System.Collections.Concurrent;

namespace Custodia.Integration.Engine;

/// <summary>Wakes workers when a job was stored, and callers who wait for one to end.</summary>
internal sealed class JobSignal : IDisposable
{
    private readonly SemaphoreSlim _raised = new(0, 1);
    private readonly ConcurrentDictionary<Guid, TaskCompletionSource> _waiting = new();

    public void Raise()
    {
        try
        {
            _raised.Release();
        }
        catch (SemaphoreFullException)
        {
            // Already raised: one wake-up looks at everything.
        }
    }

    public Task WaitAsync(CancellationToken cancellation) => _raised.WaitAsync(cancellation);

    /// <summary>Ends the wait of whoever waits for this job; it is over, parked or pausing.</summary>
    public void Finished(Guid job)
    {
        if (_waiting.TryRemove(job, out var waiting)) waiting.TrySetResult();
    }

    /// <summary>Completes when the job stops running, or after the limit.</summary>
    public async Task WaitForAsync(Guid job, Func<Task<bool>> over, TimeSpan limit, TimeProvider time, CancellationToken cancellation)
    {
        var source = _waiting.GetOrAdd(job, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        try
        {
            // The job may have ended before anybody waited.
            if (!await over()) await source.Task.WaitAsync(limit, time, cancellation);
        }
        catch (TimeoutException)
        {
            // The caller gets the job's id instead of its answer.
        }
        finally
        {
            _waiting.TryRemove(job, out _);
        }
    }

    public void Dispose() => _raised.Dispose();
}
