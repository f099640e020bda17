using Custodia.Jq.Json;

namespace Custodia.Jq;

/// <summary>Reads JSON texts one after the other from a stream, in memory that grows only with the largest. Whoever made the stream disposes of it.</summary>
/// <param name="stream">UTF-8, with or without a byte order mark; bytes that are no UTF-8 become U+FFFD.</param>
public sealed class JqReader(Stream stream)
{
    private readonly JsonParser _parser = new();
    private byte[] _buffer = new byte[256 * 1024];
    private int _from;
    private int _to;
    private bool _isAtStart = true;
    private bool _isAtEnd;

    /// <summary>Reads the next value; false at the end.</summary>
    /// <exception cref="JqJsonException">What comes is no JSON. Nothing more can be read then.</exception>
    public bool TryRead(out JqValue value)
    {
        while (true)
        {
            var outcome = _parser.Next(_buffer.AsSpan(_from, _to - _from), _isAtEnd, out value, out var taken);
            _from += taken;
            if (outcome == JsonParser.Outcome.Value) return true;
            if (outcome == JsonParser.Outcome.End) return false;
            Fill();
        }
    }

    private void Fill()
    {
        if (_from > 0)
        {
            _buffer.AsSpan(_from, _to - _from).CopyTo(_buffer);
            (_from, _to) = (0, _to - _from);
        }

        if (_to == _buffer.Length) Array.Resize(ref _buffer, checked(_buffer.Length * 2));
        var read = stream.Read(_buffer, _to, _buffer.Length - _to);
        _to += read;
        _isAtEnd = read == 0;
        if (!_isAtStart || (_to < 3 && !_isAtEnd)) return;
        _isAtStart = false;
        if (_buffer.AsSpan(0, _to).StartsWith("\uFEFF"u8)) _from = 3;
    }
}
