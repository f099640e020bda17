namespace Custodia.Kernel.Hosting;

/// <summary>
/// One server a data directory: a second would write the same logs. The lock dies with the process, so nothing is left after a
/// crash. Verbs work beside a running server and do not take it.
/// </summary>
internal sealed class SingleServer(DataLayout layout) : IDisposable
{
    private FileStream? _lock;

    public Task RunAsync(CancellationToken cancellation)
    {
        try
        {
            _lock = new FileStream(Path.Combine(layout.Root, "server.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1);
        }
        catch (IOException e)
        {
            throw new ConfigurationException($"{CustodiaOptions.Section}:DataDirectory", "another server works with this folder.", e);
        }

        return Task.CompletedTask;
    }

    public void Dispose() => _lock?.Dispose();
}
