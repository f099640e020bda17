using System.Collections.Concurrent;

namespace Custodia.Kernel.Streams;

/// <summary>
/// A thread of its own for the commits of a stream. SQLite has no asynchronous commit, and a flush of the disk may take long: on the
/// pool it would hold a thread that requests wait for, and under load it would itself wait for one instead of running beside the sealing.
/// </summary>
internal sealed class CommitThread : IDisposable
{
    private readonly BlockingCollection<(Action Work, TaskCompletionSource Done)> _queue = [];
    private readonly Thread _thread;

    public CommitThread(string stream)
    {
        _thread = new Thread(Run) { IsBackground = true, Name = $"commit {stream}" };
        _thread.Start();
    }

    /// <summary>Runs the work after all that was given before; the task ends with it, or fails as it does.</summary>
    public Task RunAsync(Action work)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _queue.Add((work, done));
        return done.Task;
    }

    /// <summary>Ends after what was given.</summary>
    public void Dispose()
    {
        _queue.CompleteAdding();
        _thread.Join();
        _queue.Dispose();
    }

    private void Run()
    {
        foreach (var (work, done) in _queue.GetConsumingEnumerable())
        {
            try
            {
                work();
                done.SetResult();
            }
            catch (Exception failure)
            {
                done.SetException(failure);
            }
        }
    }
}
