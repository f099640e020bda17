namespace Custodia.Identity.Jobs;

/// <summary>Wakes this process's worker when a job waits. A lost signal costs two seconds and nothing else.</summary>
internal sealed class JobSignal : IDisposable
{
    private readonly SemaphoreSlim _waiting = new(0, 1);

    public void Raise()
    {
        try
        {
            _waiting.Release();
        }
        catch (SemaphoreFullException)
        {
            // Raised already.
        }
    }

    // By the system's clock: how long a worker idles is nothing that the server's own time decides.
    /// <returns>Whether it was raised.</returns>
    public Task<bool> WaitAsync(CancellationToken cancellation) => _waiting.WaitAsync(TimeSpan.FromSeconds(2), cancellation);

    public void Dispose() => _waiting.Dispose();
}
