using System.Buffers;

namespace Custodia.Jq;

/// <summary>Prints values to a stream, buffered. Whoever made the stream disposes of it.</summary>
/// <param name="stream">Where to.</param>
/// <param name="format">How.</param>
public sealed class JqWriter(Stream stream, JqFormat format)
{
    private readonly Json.JsonWriter _json = new(new StreamBuffer(stream), format);

    /// <summary>Prints a value, without a line end.</summary>
    /// <exception cref="JqLimitException">It is nested deeper than the stack allows.</exception>
    public void Write(JqValue value) => _json.Value(value, 0);

    /// <summary>Prints characters as they are.</summary>
    public void WriteRaw(string text) => _json.Raw(text);

    /// <summary>Ends the line.</summary>
    public void WriteLine() => _json.Byte((byte)'\n');

    /// <summary>Hands everything on to the stream, and flushes it.</summary>
    public void Flush()
    {
        _json.Flush();
        stream.Flush();
    }

    private sealed class StreamBuffer(Stream stream) : IBufferWriter<byte>
    {
        private byte[] _bytes = new byte[64 * 1024];

        public void Advance(int count) => stream.Write(_bytes, 0, count);

        public Memory<byte> GetMemory(int sizeHint = 0)
        {
            if (_bytes.Length < sizeHint) _bytes = new byte[sizeHint];
            return _bytes;
        }

        public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;
    }
}
