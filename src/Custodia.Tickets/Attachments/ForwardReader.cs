using System.Buffers;

namespace Custodia.Tickets.Attachments;

/// <summary>Reads an upload once, forward, through one pooled buffer, and counts what it has read.</summary>
/// <exception cref="UploadTooLargeException">More than <paramref name="limit"/> bytes came.</exception>
internal sealed class ForwardReader(Stream source, long limit) : IDisposable
{
    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
    private int _start;
    private int _end;
    private long _total;

    /// <summary>What has been read and not been taken.</summary>
    public ReadOnlySpan<byte> Buffered => _buffer.AsSpan(_start, _end - _start);

    /// <summary>Reads until at least <paramref name="count"/> bytes are buffered (at most 64 KiB) or the source ends.</summary>
    /// <returns>Whether so many are there.</returns>
    public async ValueTask<bool> FillAsync(int count, CancellationToken cancellation)
    {
        while (_end - _start < count)
        {
            if (_start > 0)
            {
                _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
                _end -= _start;
                _start = 0;
            }

            var read = await source.ReadAsync(_buffer.AsMemory(_end), cancellation);
            if (read == 0) return false;
            _end += read;
            _total += read;
            if (_total > limit) throw new UploadTooLargeException();
        }

        return true;
    }

    /// <summary>Takes buffered bytes away.</summary>
    public void Take(int count) => _start += count;

    /// <summary>Moves bytes to the target; false when the source ends before.</summary>
    public async ValueTask<bool> CopyAsync(long count, Stream? target, CancellationToken cancellation)
    {
        while (count > 0)
        {
            if (_start == _end && !await FillAsync(1, cancellation)) return false;
            var part = (int)Math.Min(count, _end - _start);
            if (target is not null) await target.WriteAsync(_buffer.AsMemory(_start, part), cancellation);
            _start += part;
            count -= part;
        }

        return true;
    }

    /// <summary>Moves everything that is left.</summary>
    public async ValueTask CopyRestAsync(Stream? target, CancellationToken cancellation)
    {
        while (_start < _end || await FillAsync(1, cancellation)) await CopyAsync(_end - _start, target, cancellation);
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer, clearArray: true);
}

/// <summary>An upload is larger than is allowed.</summary>
internal sealed class UploadTooLargeException() : IOException("The upload is larger than is allowed.");
