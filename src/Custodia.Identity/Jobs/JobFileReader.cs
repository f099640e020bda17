using System.Buffers.Binary;
using Stream = System.IO.Stream;

namespace Custodia.Identity.Jobs;

/// <summary>Reads a job's file as if it were not sealed.</summary>
internal sealed class JobFileReader(JobFiles files, Job job, Stream source) : Stream
{
    private readonly byte[] _head = new byte[4];
    private byte[] _part = [];
    private int _read;
    private long _position;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_read == _part.Length && !await NextAsync(cancellationToken)) return 0;
        var count = Math.Min(buffer.Length, _part.Length - _read);
        _part.AsMemory(_read, count).CopyTo(buffer);
        _read += count;
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Read asynchronously.");

    public override void Flush()
    {
    }

    public override long Seek(long offset, System.IO.SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override ValueTask DisposeAsync()
    {
        Array.Clear(_part);
        return source.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) source.Dispose();
        base.Dispose(disposing);
    }

    private async ValueTask<bool> NextAsync(CancellationToken cancellation)
    {
        var read = await source.ReadAtLeastAsync(_head, 4, throwOnEndOfStream: false, cancellation);
        if (read == 0) return false;
        var length = BinaryPrimitives.ReadInt32BigEndian(_head);
        if (read < 4 || length is < 1 or > JobFiles.PartLength + 1024) throw new System.IO.InvalidDataException("A job's file is cut off.");
        var envelope = new byte[length];
        await source.ReadExactlyAsync(envelope, cancellation);
        if (await files.OpenPartAsync(job, _position, envelope, cancellation) is not { } part) return false;
        _position += 4 + length;
        (_part, _read) = (part, 0);
        return true;
    }
}
