using System.Security.Cryptography;

namespace Custodia.Kernel.Streams;

/// <summary>Verifies all logs of a data directory offline: no server, no keys but the public one.</summary>
/// <param name="root">The data directory.</param>
/// <param name="copy">The second place of checkpoints; null: none.</param>
internal sealed class AuditVerification(string root, ECDsa key, string? copy)
{
    private const int Attempts = 3;

    private readonly string _checkpoints = Path.Combine(root, "checkpoints");

    /// <param name="progress">Called with the share that is done, 0 to 1.</param>
    public AuditReport Run(Action<double> progress, CancellationToken cancellation)
    {
        var folders = Folders();
        var total = folders.Sum(f => f.Segments().Sum(id => SizeOf(f.PathOf(id)))) + 1.0;
        var (done, verdicts, findings) = (0.0, new List<SegmentVerdict>(), new List<string>());
        foreach (var folder in folders)
        {
            var here = done;
            var result = Verify(folder, bytes => progress((here + bytes) / total), cancellation);
            verdicts.AddRange(result.Segments);
            findings.AddRange(result.Findings.Select(f => $"{folder.Stream}: {f}"));
            done += folder.Segments().Sum(id => SizeOf(folder.PathOf(id)));
        }

        progress(1);
        return new AuditReport(verdicts, findings);
    }

    /// <summary>A server may be writing: what was found while checkpoints were added is looked at again.</summary>
    private AuditReport Verify(StreamFolder folder, Action<double> progress, CancellationToken cancellation)
    {
        var path = CheckpointLog.PathOf(_checkpoints, folder.Stream);
        for (var attempt = 1; ; attempt++)
        {
            var before = SizeOf(path);
            var report = VerifyOnce(folder, path, progress, cancellation);
            if (report.IsClean || attempt == Attempts || SizeOf(path) == before) return report;
        }
    }

    private AuditReport VerifyOnce(StreamFolder folder, string path, Action<double> progress, CancellationToken cancellation)
    {
        var chain = CheckpointChain.Read(folder.Stream, path, copy is null ? null : CheckpointLog.PathOf(copy, folder.Stream), key);
        var known = chain.Segments.Select(label => SegmentId.TryParse(folder.Stream, label, out var id) ? id : default).Where(id => id.Stream is not null);
        var verdicts = new List<SegmentVerdict>();
        var done = 0.0;
        foreach (var id in folder.Segments().Concat(known).Distinct().Order(SegmentId.ByDay))
        {
            cancellation.ThrowIfCancellationRequested();
            var file = folder.PathOf(id);
            var size = SizeOf(file);
            var here = done;
            verdicts.Add(new SegmentCheck(chain, id).Run(file, share => progress(here + (share * size))));
            done += size;
        }

        return new AuditReport(verdicts, chain.Findings);
    }

    /// <summary>Every stream that has files or checkpoints.</summary>
    private List<StreamFolder> Folders()
    {
        var folders = new SortedDictionary<string, StreamFolder>(StringComparer.Ordinal);
        foreach (var parent in new[] { Path.Combine(root, "streams"), Path.Combine(root, "main", "streams") })
        {
            if (!Directory.Exists(parent)) continue;
            foreach (var path in Directory.EnumerateDirectories(parent)) folders[Path.GetFileName(path)] = new StreamFolder(Path.GetFileName(path), path);
        }

        if (!Directory.Exists(_checkpoints)) return [.. folders.Values];
        foreach (var path in Directory.EnumerateFiles(_checkpoints, "*.jsonl"))
        {
            var stream = Path.GetFileNameWithoutExtension(path);
            folders.TryAdd(stream, new StreamFolder(stream, Path.Combine(root, "streams", stream)));
        }

        return [.. folders.Values];
    }

    private static long SizeOf(string path) => File.Exists(path) ? new FileInfo(path).Length : 0;
}
