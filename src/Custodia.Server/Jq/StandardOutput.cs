using Microsoft.Win32.SafeHandles;

namespace Custodia.Server.Jq;

/// <summary>
/// The standard output. The console's own stream drops what nobody reads any more and says nothing, so a program without end before
/// <c>| head -1</c> would never end; a pipe is therefore written to as a file.
/// </summary>
internal sealed class StandardOutput : Stream
{
    private const int BrokenPipe = 32;
    private readonly Stream _stream = Open();

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <exception cref="OutputClosedException">Nobody reads any more.</exception>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        try
        {
            _stream.Write(buffer);
        }
        catch (IOException exception) when (exception.HResult == BrokenPipe)
        {
            throw new OutputClosedException();
        }
    }

    public override void Flush() => _stream.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) _stream.Dispose();
        base.Dispose(disposing);
    }

    private static Stream Open()
    {
        if (!System.Console.IsOutputRedirected) return System.Console.OpenStandardOutput();
        try
        {
            var pipe = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
            // Into a file the console's stream writes where the file ends, also when the standard error goes there too.
            if (!pipe.CanSeek) return pipe;
            pipe.Dispose();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // The console's stream knows what to do with an output that is closed.
        }

        return System.Console.OpenStandardOutput();
    }
}

/// <summary>Whoever read the output has gone.</summary>
internal sealed class OutputClosedException : Exception;
