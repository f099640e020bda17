namespace Custodia.Kernel.Streams;

/// <summary>One process writes the logs of a data directory. The lock is the system's: it goes with the process, however that ends.</summary>
internal sealed class WriterLock : IDisposable
{
    public const string FileName = "streams.lock";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private readonly FileStream _file;

    private WriterLock(FileStream file) => _file = file;

    /// <summary>Waits a moment for a process that is just ending.</summary>
    /// <exception cref="StreamsLockedException">Another process has it.</exception>
    public static async Task<WriterLock> TakeAsync(string root, CancellationToken cancellation)
    {
        Directory.CreateDirectory(root);
        var path = Path.Combine(root, FileName);
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                return new WriterLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            }
            catch (IOException) when (File.Exists(path))
            {
                if (TimeProvider.System.GetElapsedTime(started) > Patience) throw new StreamsLockedException(path);
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, cancellation);
            }
        }
    }

    public void Dispose() => _file.Dispose();
}
