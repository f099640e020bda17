using Custodia.Kernel.Hosting;
using Custodia.Kernel.Policy;
using Microsoft.Extensions.Options;

namespace Custodia.Kernel.Backup;

/// <summary>
/// Takes a backup while the server runs: the main database with its plain personal columns sealed, the log segments that the policy
/// calls backed up, files, checkpoints and evidence. Keys are never in it.
/// </summary>
internal sealed class BackupWriter(DataLayout layout, DataCatalogue catalogue, LoadedPolicy policy, OwnedColumnSeal seal, BackupClock clock)
{
    /// <param name="folder">A new or empty folder.</param>
    /// <param name="progress">Told the name of each part when it begins.</param>
    /// <exception cref="BackupException">The folder is not empty.</exception>
    public async Task<BackupManifest> WriteAsync(string folder, IProgress<string> progress, CancellationToken cancellation)
    {
        folder = Path.GetFullPath(folder);
        if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any()) throw new BackupException($"{folder} is not empty.");
        Directory.CreateDirectory(folder);
        var takenAt = clock.Now;
        progress.Report("database");
        var sealedValues = await DatabaseAsync(folder, cancellation);
        foreach (var category in policy.Categories.Where(c => c.Backup))
        {
            foreach (var source in Segments(category.Id))
            {
                progress.Report($"{category.Id} {Path.GetFileNameWithoutExtension(source)}");
                var target = Target(folder, source);
                await DatabaseCopy.SnapshotAsync(source, target, cancellation);
            }
        }

        progress.Report("files");
        foreach (var source in Plain()) await CopyAsync(source, Target(folder, source), cancellation);
        var files = new List<BackupFile>();
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
            files.Add(await BackupFile.OfAsync(folder, file, cancellation));
        var manifest = new BackupManifest(1, takenAt, clock.Region, policy.Version, policy.Sha256, sealedValues, files);
        await manifest.WriteAsync(folder, cancellation);
        return manifest;
    }

    private async Task<long> DatabaseAsync(string folder, CancellationToken cancellation)
    {
        // Sealing happens on a copy beside the data, and only its compacted result goes to the backup: no plain byte ever lies there.
        var work = Path.Combine(layout.Root, "work", Guid.CreateVersion7().ToString("N"));
        Directory.CreateDirectory(work);
        try
        {
            var copy = Path.Combine(work, "custodia.db");
            await DatabaseCopy.SnapshotAsync(layout.MainDatabase, copy, cancellation);
            var sealedValues = 0L;
            foreach (var registration in catalogue.Contexts)
            {
                await using var reader = DatabaseCopy.Open(registration, copy);
                await using var writer = DatabaseCopy.Open(registration, copy);
                sealedValues += await seal.SealAsync(reader, writer, cancellation);
            }

            await DatabaseCopy.SnapshotAsync(copy, Target(folder, layout.MainDatabase), cancellation);
            return sealedValues;
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    private IEnumerable<string> Segments(string category) =>
        new[] { layout.MainStreams, layout.Streams }
            .Select(root => Path.Combine(root, category))
            .Where(Directory.Exists)
            .SelectMany(root => Directory.EnumerateFiles(root, "*.db"));

    private IEnumerable<string> Plain() =>
        new[] { layout.Files, layout.Evidence, layout.Checkpoints, Path.Combine(layout.Root, "policy") }
            .Where(Directory.Exists)
            .SelectMany(root => Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories));

    private string Target(string folder, string source)
    {
        var target = Path.Combine(folder, Path.GetRelativePath(layout.Root, source));
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        return target;
    }

    private static async Task CopyAsync(string source, string target, CancellationToken cancellation)
    {
        await using var from = new FileStream(source, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        await using var to = File.Create(target);
        await from.CopyToAsync(to, cancellation);
    }
}

/// <summary>When and where a backup is taken.</summary>
internal sealed class BackupClock(TimeProvider time, IOptions<CustodiaOptions> options)
{
    public DateTimeOffset Now => time.GetUtcNow();

    public string Region => options.Value.Region;
}
