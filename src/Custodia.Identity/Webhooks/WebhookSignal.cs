namespace Custodia.Identity.Webhooks;

/// <summary>Wakes this process's worker when something is to be sent. A lost signal costs a second and nothing else.</summary>
internal sealed class WebhookSignal : IDisposable
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
    public Task WaitAsync(CancellationToken cancellation) => _waiting.WaitAsync(TimeSpan.FromSeconds(1), cancellation);

    public void Dispose() => _waiting.Dispose();
}
