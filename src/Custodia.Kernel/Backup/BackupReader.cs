using Custodia.Kernel.Hosting;

namespace Custodia.Kernel.Backup;

/// <summary>
/// Brings a backup back into an empty data directory. What belongs to a destroyed key stays gone; erasures that the backup does not
/// know are replayed from the ledger at the next start, before anything is served.
/// </summary>
internal sealed class BackupReader(DataLayout layout, DataCatalogue catalogue, OwnedColumnSeal seal)
{
    /// <exception cref="BackupException">Not a backup, changed since, or there is data already.</exception>
    public async Task<BackupManifest> RestoreAsync(string folder, IProgress<string> progress, CancellationToken cancellation)
    {
        folder = Path.GetFullPath(folder);
        progress.Report("verify");
        var manifest = await BackupManifest.ReadAsync(folder, cancellation);
        await manifest.VerifyAsync(folder, cancellation);
        if (File.Exists(layout.MainDatabase)) throw new BackupException($"{layout.Root} holds data already: move it away first.");
        foreach (var file in manifest.Files)
        {
            progress.Report(file.Path);
            var target = Path.Combine(layout.Root, file.Path);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(Path.Combine(folder, file.Path), IsDatabase(target) ? Staged : target, overwrite: true);
        }

        progress.Report("open");
        foreach (var registration in catalogue.Contexts)
        {
            await using var reader = DatabaseCopy.Open(registration, Staged);
            await using var writer = DatabaseCopy.Open(registration, Staged);
            await seal.OpenAsync(reader, writer, cancellation);
        }

        // The database appears under its name only when it is whole: an interrupted restore is simply run again.
        await DatabaseCopy.SnapshotAsync(Staged, Staged + ".whole", cancellation);
        File.Move(Staged + ".whole", layout.MainDatabase);
        foreach (var rest in new[] { Staged, Staged + "-wal", Staged + "-shm" }) File.Delete(rest);
        return manifest;
    }

    private string Staged => layout.MainDatabase + ".restore";

    private bool IsDatabase(string target) => Path.GetFullPath(target) == Path.GetFullPath(layout.MainDatabase);
}
