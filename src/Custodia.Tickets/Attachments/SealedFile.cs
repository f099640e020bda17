using System.Buffers;
using System.Buffers.Binary;
using Custodia.Kernel.Vault;
using Custodia.Tickets.Content;

namespace Custodia.Tickets.Attachments;

/// <summary>
/// A file under the ticket's key: parts of 256 KiB, each sealed for its own position, each with its length in front (4 bytes,
/// big-endian). The row knows the file's size, so a part cut off at the end is found.
/// </summary>
internal static class SealedFile
{
    public const int PartLength = 256 * 1024;

    public static Place PartPlace(ContentPlace file, int part) =>
        file.Place with { Row = $"{file.Row:N}/{part}" };

    /// <summary>Opens the parts one after the other into the target.</summary>
    /// <returns>Bytes written; -1 when the key was destroyed.</returns>
    public static async Task<long> CopyToAsync(DataVault vault, ContentPlace file, Stream source, Stream target, CancellationToken cancellation)
    {
        var head = new byte[4];
        long total = 0;
        for (var part = 0; ; part++)
        {
            var read = await source.ReadAtLeastAsync(head, 4, throwOnEndOfStream: false, cancellation);
            if (read == 0) return total;
            var length = BinaryPrimitives.ReadInt32BigEndian(head);
            if (read < 4 || length is < 1 or > PartLength + 1024) throw new InvalidDataException("A sealed file is cut off.");
            var envelope = new byte[length];
            await source.ReadExactlyAsync(envelope, cancellation);
            var bytes = await vault.OpenAsync(PartPlace(file, part), new Sealed<byte[]>(envelope), TicketContent.UseHandling, cancellation);
            if (bytes is null) return -1;
            await target.WriteAsync(bytes, cancellation);
            total += bytes.Length;
        }
    }
}

/// <summary>Seals what is written to it; <see cref="FinishAsync"/> writes the last part.</summary>
internal sealed class SealingStream(DataVault vault, ContentPlace file, Stream target) : Stream
{
    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(SealedFile.PartLength);
    private int _length;
    private int _part;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty)
        {
            var part = Math.Min(buffer.Length, SealedFile.PartLength - _length);
            buffer[..part].CopyTo(_buffer.AsMemory(_length));
            _length += part;
            buffer = buffer[part..];
            if (_length == SealedFile.PartLength) await FinishAsync(cancellationToken);
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public async Task FinishAsync(CancellationToken cancellation)
    {
        if (_length == 0) return;
        var value = await vault.SealAsync(SealedFile.PartPlace(file, _part++), _buffer.AsSpan(0, _length).ToArray(), cancellation);
        var head = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(head, value.Envelope.Length);
        await target.WriteAsync(head, cancellation);
        await target.WriteAsync(value.Envelope, cancellation);
        _length = 0;
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("Write asynchronously.");

    protected override void Dispose(bool disposing)
    {
        if (disposing) ArrayPool<byte>.Shared.Return(_buffer, clearArray: true);
        base.Dispose(disposing);
    }
}
