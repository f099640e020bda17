using System.Text;
using Custodia.Kernel.Vault;

namespace Custodia.Kernel.Streams;

/// <summary>
/// The signed checkpoints of one stream, a line each, chained by hash. For the one writer of the stream; what it returns is on disk.
/// </summary>
internal sealed class CheckpointLog
{
    private readonly Dictionary<SegmentId, Checkpoint> _latest = [];
    private readonly HashSet<SegmentId> _closed = [];
    private readonly HashSet<SegmentId> _expired = [];
    private readonly CheckpointSigner _signer;
    private readonly string? _copy;
    private string _previous = Checkpoint.First;

    public CheckpointLog(string folder, string? copyFolder, string stream, CheckpointSigner signer)
    {
        _signer = signer;
        Path = PathOf(folder, stream);
        _copy = copyFolder is null ? null : PathOf(copyFolder, stream);
        signer.Publish(folder);
        if (copyFolder is not null) TryCopy(() => signer.Publish(copyFolder));
        Load();
    }

    public string Path { get; }

    /// <summary>Why the last copy to the second place failed; null when it did not. The next checkpoint copies what is missing.</summary>
    public Exception? CopyFailure { get; private set; }

    /// <summary>Hash of the last line, hex.</summary>
    public string Head => _previous;

    public IEnumerable<SegmentId> Known => _latest.Keys;

    public static string PathOf(string folder, string stream) => System.IO.Path.Combine(folder, stream + ".jsonl");

    public bool IsClosed(SegmentId id) => _closed.Contains(id);

    public bool IsExpired(SegmentId id) => _expired.Contains(id);

    public Checkpoint? Latest(SegmentId id) => _latest.GetValueOrDefault(id);

    public SignedCheckpoint Append(Checkpoint draft)
    {
        var signed = SignedCheckpoint.Sign(draft with { Previous = _previous }, _signer);
        var isNew = !File.Exists(Path);
        AppendDurably(Path, Encoding.UTF8.GetBytes(signed.Line + "\n"));
        if (isNew) DurableFile.FlushFolder(System.IO.Path.GetDirectoryName(Path)!);
        Take(signed);
        if (_copy is not null) TryCopy(() => CopyMissing(_copy));
        return signed;
    }

    private void Load()
    {
        if (!File.Exists(Path)) return;
        CutTornLine();
        foreach (var line in File.ReadLines(Path))
        {
            // A line that does not parse is for verification to report; the chain goes on behind it.
            if (SignedCheckpoint.Parse(line) is { } signed) Take(signed);
        }
    }

    private void Take(SignedCheckpoint signed)
    {
        _previous = signed.HashText;
        if (signed.Checkpoint.Id is not { } id) return;
        _latest[id] = signed.Checkpoint;
        if (signed.Checkpoint.Reason == CheckpointReason.Closed) _closed.Add(id);
        if (signed.Checkpoint.Reason == CheckpointReason.Expired) _expired.Add(id);
    }

    /// <summary>A crash while writing leaves a last line without its end; nobody was told of it.</summary>
    private void CutTornLine()
    {
        using var file = new FileStream(Path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read);
        var end = file.Length;
        while (end > 0)
        {
            file.Position = end - 1;
            if (file.ReadByte() == '\n') break;
            end--;
        }

        if (end == file.Length) return;
        file.SetLength(end);
        file.Flush(flushToDisk: true);
    }

    private void CopyMissing(string copy)
    {
        var length = File.Exists(copy) ? new FileInfo(copy).Length : 0;
        using var file = new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        if (length >= file.Length) return;
        file.Position = length;
        var missing = new byte[file.Length - length];
        file.ReadExactly(missing);
        AppendDurably(copy, missing);
    }

    private void TryCopy(Action copy)
    {
        try
        {
            copy();
            CopyFailure = null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            CopyFailure = failure;
        }
    }

    private static void AppendDurably(string path, ReadOnlySpan<byte> bytes)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        using var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read);
        file.Write(bytes);
        file.Flush(flushToDisk: true);
    }
}
