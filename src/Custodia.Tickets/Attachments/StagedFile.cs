using Custodia.Tickets.Content;

namespace Custodia.Tickets.Attachments;

/// <summary>A file that came in and has no row yet. Disposing it deletes it, unless it was kept.</summary>
internal sealed class StagedFile(AttachmentFiles files, ContentPlace place, FileType type, string storedName) : IDisposable
{
    private string? _path = Path.Combine(files.Incoming, storedName);

    /// <summary>Where its name and parts are sealed; the row is the attachment's id.</summary>
    public ContentPlace Place { get; } = place;

    public FileType Type { get; } = type;

    public string StoredName { get; } = storedName;

    public required string FileName { get; set; }

    public long Size { get; set; }

    /// <summary>The text of a text file, to be examined.</summary>
    public string? Text { get; set; }

    public string IncomingPath => Path.Combine(files.Incoming, StoredName);

    /// <summary>Renames it into place; call when its row is about to commit.</summary>
    public void MoveIntoPlace()
    {
        var final = files.PathOf(StoredName);
        Directory.CreateDirectory(Path.GetDirectoryName(final)!);
        File.Move(IncomingPath, final);
        _path = final;
    }

    /// <summary>Its row has committed.</summary>
    public void Keep() => _path = null;

    public void Dispose()
    {
        if (_path is not null) File.Delete(_path);
        _path = null;
    }
}

/// <summary>Counts what is written through it.</summary>
internal sealed class CountingStream(Stream target) : Stream
{
    public long Written { get; private set; }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => Written;

    public override long Position { get => Written; set => throw new NotSupportedException(); }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await target.WriteAsync(buffer, cancellationToken);
        Written += buffer.Length;
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("Write asynchronously.");
}
