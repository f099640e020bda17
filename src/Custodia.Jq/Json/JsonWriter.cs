using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Custodia.Jq.Json;

/// <summary>Writes values as jq prints them, in UTF-8.</summary>
internal sealed class JsonWriter(IBufferWriter<byte> into, JqFormat format)
{
    // Printable ASCII but the quote and the backslash goes as it is.
    private static readonly SearchValues<char> Special = SearchValues.Create([.. Enumerable.Range(0, 0x20).Append('"').Append('\\').Append(0x7F).Select(c => (char)c)]);
    private static readonly SearchValues<char> Safe = SearchValues.Create([.. Enumerable.Range(0x20, 0x5F).Where(c => c is not ('"' or '\\')).Select(c => (char)c)]);
    // As deep as the parser reads.
    private const int DeepestNesting = 10_000;
    private byte[] _buffer = new byte[4096];
    private int _used;

    /// <summary>Compact JSON; not much more than <paramref name="atMost"/> characters of it.</summary>
    public static string ToText(in JqValue value, int atMost = int.MaxValue)
    {
        var bytes = new ArrayBufferWriter<byte>();
        var writer = new JsonWriter(bytes, JqFormat.Compact) { Most = atMost };
        writer.Value(value, 0);
        writer.Flush();
        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    /// <summary>Bytes of compact JSON; not much more than <paramref name="atMost"/> are counted.</summary>
    public static long Length(in JqValue value, long atMost)
    {
        if (value.Kind is not (JqKind.Array or JqKind.Object or JqKind.String)) return 8;
        var writer = new JsonWriter(new Counter(), JqFormat.Compact) { Most = (int)Math.Min(atMost, int.MaxValue - 1) };
        writer.Value(value, 0);
        return (long)writer.Written + writer._used;
    }

    private int Most { get; init; } = int.MaxValue;

    private int Written { get; set; }

    public void Value(in JqValue value, int depth)
    {
        switch (value.Kind)
        {
            case JqKind.Null:
                Ascii("null");
                break;
            case JqKind.Boolean:
                Ascii(value.IsTruthy ? "true" : "false");
                break;
            case JqKind.Number:
                Number(value);
                break;
            case JqKind.String:
                Text(value.GetString());
                break;
            case JqKind.Array:
                Items(value.GetArray(), depth);
                break;
            default:
                Fields(value.GetObject(), depth);
                break;
        }
    }

    /// <summary>Characters as they are, without quotes.</summary>
    public void Raw(ReadOnlySpan<char> text)
    {
        while (text.Length > 0)
        {
            var piece = text[..Math.Min(text.Length, 1024)];
            if (piece.Length < text.Length && char.IsHighSurrogate(piece[^1])) piece = piece[..^1];
            Room(piece.Length * 3);
            Utf8.FromUtf16(piece, _buffer.AsSpan(_used), out _, out var written);
            _used += written;
            text = text[piece.Length..];
        }
    }

    public void Byte(byte value)
    {
        Room(1);
        _buffer[_used++] = value;
    }

    public void Flush()
    {
        into.Write(_buffer.AsSpan(0, _used));
        Written += _used;
        _used = 0;
    }

    private void Number(in JqValue value)
    {
        if (value.Literal is { } literal)
        {
            Ascii(literal.ToString());
            return;
        }

        Room(40);
        if (Numbers.TryWriteShort(value.GetDouble(), _buffer.AsSpan(_used), out var written))
        {
            _used += written;
            return;
        }

        Span<char> text = stackalloc char[40];
        Ascii(text[..Numbers.Write(value.GetDouble(), text)]);
    }

    private void Items(JqArray array, int depth)
    {
        Enter((byte)'[', depth);
        var items = array.Items;
        for (var i = 0; i < items.Length && !IsFull; i++)
        {
            if (i > 0) Byte((byte)',');
            Line(depth + 1);
            Value(items[i], depth + 1);
        }

        if (items.Length > 0) Line(depth);
        Byte((byte)']');
    }

    private void Fields(JqObject from, int depth)
    {
        Enter((byte)'{', depth);
        var fields = from.Fields;
        for (var i = 0; i < fields.Count && !IsFull; i++)
        {
            if (i > 0) Byte((byte)',');
            Line(depth + 1);
            Text(fields.KeyAt(i));
            Byte((byte)':');
            if (format.Indent > 0) Byte((byte)' ');
            Value(fields.ValueAt(i), depth + 1);
        }

        if (fields.Count > 0) Line(depth);
        Byte((byte)'}');
    }

    private bool IsFull => Written + _used > Most;

    private void Enter(byte bracket, int depth)
    {
        if (depth >= DeepestNesting || !System.Runtime.CompilerServices.RuntimeHelpers.TryEnsureSufficientExecutionStack()) throw new JqLimitException(JqLimit.Depth);
        Byte(bracket);
    }

    private void Line(int depth)
    {
        if (format.Indent == 0) return;
        var width = depth * format.Indent;
        Room(width + 1);
        _buffer[_used++] = (byte)'\n';
        _buffer.AsSpan(_used, width).Fill(format.IsTabs ? (byte)'\t' : (byte)' ');
        _used += width;
    }

    private void Text(ReadOnlySpan<char> text)
    {
        if (Most < int.MaxValue) text = text[..Math.Min(text.Length, Most)];
        Room(text.Length + 2);
        _buffer[_used++] = (byte)'"';
        var safe = text.IndexOfAnyExcept(Safe);
        if (safe < 0)
        {
            System.Text.Ascii.FromUtf16(text, _buffer.AsSpan(_used), out var written);
            _used += written;
            _buffer[_used++] = (byte)'"';
            return;
        }

        while (text.Length > 0)
        {
            var plain = format.IsAscii ? text.IndexOfAnyExceptInRange(' ', '~') : -1;
            var special = text.IndexOfAny(Special);
            if (special < 0) special = text.Length;
            if (plain >= 0 && plain < special) special = plain;
            Raw(text[..special]);
            text = text[special..];
            if (text.Length > 0) text = text[Escape(text)..];
        }

        Byte((byte)'"');
    }

    /// <summary>Writes what may not stand as it is; returns how many units it took.</summary>
    private int Escape(ReadOnlySpan<char> text)
    {
        Room(12);
        var letter = text[0] switch { '"' => '"', '\\' => '\\', '\n' => 'n', '\r' => 'r', '\t' => 't', '\b' => 'b', '\f' => 'f', _ => '\0' };
        if (letter != '\0')
        {
            _buffer[_used++] = (byte)'\\';
            _buffer[_used++] = (byte)letter;
            return 1;
        }

        Rune.DecodeFromUtf16(text, out var rune, out var taken);
        Span<char> units = stackalloc char[2];
        foreach (var unit in units[..rune.EncodeToUtf16(units)])
        {
            _buffer[_used++] = (byte)'\\';
            _buffer[_used++] = (byte)'u';
            ((ushort)unit).TryFormat(_buffer.AsSpan(_used), out var written, "x4");
            _used += written;
        }

        return taken;
    }

    private void Ascii(ReadOnlySpan<char> text)
    {
        Room(text.Length);
        Encoding.ASCII.GetBytes(text, _buffer.AsSpan(_used));
        _used += text.Length;
    }

    private sealed class Counter : IBufferWriter<byte>
    {
        private byte[] _bytes = new byte[4096];

        public void Advance(int count)
        {
            // Only the length is asked for.
        }

        public Memory<byte> GetMemory(int sizeHint = 0) => _bytes = _bytes.Length < sizeHint ? new byte[sizeHint] : _bytes;

        public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;
    }

    private void Room(int bytes)
    {
        if (_buffer.Length - _used >= bytes) return;
        Flush();
        if (_buffer.Length < bytes) _buffer = new byte[bytes];
    }
}
