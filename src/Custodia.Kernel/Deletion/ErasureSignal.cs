namespace Custodia.Kernel.Deletion;

/// <summary>Wakes the erasure worker as soon as there may be something to do.</summary>
internal sealed class ErasureSignal : IDisposable
{
    private readonly SemaphoreSlim _raised = new(0, 1);

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

    public void Dispose() => _raised.Dispose();
}
