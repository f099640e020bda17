using System.Buffers;
using System.Text;
using Custodia.Jq.Values;

namespace Custodia.Jq.Json;

/// <summary>
/// Reads values one after the other from UTF-8, with jq's tolerance (nan, infinity, leading zeros) and its words for mistakes. Not
/// recursive, so depth costs no stack. Names of fields are shared.
/// </summary>
internal sealed class JsonParser
{
    private const int DeepestNesting = 10_000;
    private static readonly SearchValues<byte> Delimiters = SearchValues.Create(" \t\r\n[]{}:,\""u8);
    private readonly NameCache _names = new();
    private readonly QuickParser _quick = new();
    private Level[] _levels = new Level[16];
    private JqValue[] _items = new JqValue[64];
    private int _depth;
    private int _itemCount;
    private JqValue _next;
    private bool _hasNext;

    // How much of a string that is not all there was looked through.
    private int _scanned;
    private long _line = 1;
    private long _lineBytes;

    public enum Outcome
    {
        Value,

        /// <summary>The bytes end within a value, or there are only blanks.</summary>
        NeedMore,
        End,
    }

    /// <summary>Reads a value. When it needs more, it has taken what it understood; give it the rest again with more behind.</summary>
    /// <param name="bytes">What was not taken before, and more.</param>
    /// <param name="isLast">Whether nothing comes after these bytes.</param>
    /// <param name="value">The value.</param>
    /// <param name="taken">How many bytes it took.</param>
    /// <exception cref="JqJsonException">It is no JSON.</exception>
    public Outcome Next(ReadOnlySpan<byte> bytes, bool isLast, out JqValue value, out int taken)
    {
        if (_depth == 0 && _scanned == 0 && _quick.TryRead(bytes, out value, out taken))
        {
            Count(bytes[..taken]);
            return Outcome.Value;
        }

        var at = 0;
        while (at < bytes.Length)
        {
            var first = bytes[at];
            switch (first)
            {
                case (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n':
                    at++;
                    break;
                case (byte)'"':
                    var length = Text(bytes, at, isLast);
                    if (length == 0) return NeedMore(bytes[..at], out value, out taken);
                    at += length;
                    break;
                case (byte)'[' or (byte)']' or (byte)'{' or (byte)'}' or (byte)':' or (byte)',':
                    if (Mark(first) is { } mistake) throw Fail(mistake, bytes[..(at + 1)]);
                    at++;
                    break;
                default:
                    var end = bytes[at..].IndexOfAny(Delimiters);
                    if (end < 0 && !isLast) return NeedMore(bytes[..at], out value, out taken);
                    end = end < 0 ? bytes.Length : at + end;
                    Literal(bytes, at, end);
                    at = end;
                    break;
            }

            if (_depth == 0 && _hasNext) return Found(bytes[..at], out value, out taken);
        }

        if (!isLast) return NeedMore(bytes, out value, out taken);
        if (_depth > 0) throw Fail("Unfinished JSON term at EOF", bytes);
        (value, taken) = (default, bytes.Length);
        return Outcome.End;
    }

    private Outcome Found(ReadOnlySpan<byte> bytes, out JqValue value, out int taken)
    {
        (value, taken) = (_next, bytes.Length);
        _next = default;
        _hasNext = false;
        Count(bytes);
        return Outcome.Value;
    }

    private Outcome NeedMore(ReadOnlySpan<byte> understood, out JqValue value, out int taken)
    {
        (value, taken) = (default, understood.Length);
        Count(understood);
        return Outcome.NeedMore;
    }

    private string? Mark(byte mark)
    {
        switch (mark)
        {
            case (byte)'[' or (byte)'{':
                if (_depth >= DeepestNesting) return "Exceeds depth limit for parsing";
                if (_hasNext) return "Expected separator between values";
                if (_depth == _levels.Length) Array.Resize(ref _levels, _depth * 2);
                _levels[_depth++] = new Level { ItemsFrom = _itemCount, Fields = mark == '{' ? new FieldTable(4) : null };
                return null;
            case (byte)':':
                return Colon();
            case (byte)',':
                return Comma();
            case (byte)']':
                return CloseArray();
            default:
                return CloseObject();
        }
    }

    private string? Colon()
    {
        if (!_hasNext) return "Expected string key before ':'";
        if (_depth == 0 || _levels[_depth - 1] is { Fields: null } or { Key: not null }) return "':' not as part of an object";
        if (!_next.TryGetString(out var key)) return "Object keys must be strings";
        _levels[_depth - 1].Key = key;
        _hasNext = false;
        return null;
    }

    private string? Comma()
    {
        if (!_hasNext) return "Expected value before ','";
        if (_depth == 0) return "',' not as part of an object or array";
        ref var level = ref _levels[_depth - 1];
        if (level.Fields is null) AddItem();
        else if (!AddField(ref level)) return "Objects must consist of key:value pairs";
        return null;
    }

    private string? CloseArray()
    {
        if (_depth == 0 || _levels[_depth - 1].Fields is not null) return "Unmatched ']'";
        ref var level = ref _levels[_depth - 1];
        if (_hasNext) AddItem();
        else if (_itemCount > level.ItemsFrom) return "Expected another array element";
        var count = _itemCount - level.ItemsFrom;
        _next = JqValue.Of(count == 0 ? JqArray.Empty : new JqArray(_items.AsSpan(level.ItemsFrom, count).ToArray(), count));
        _items.AsSpan(level.ItemsFrom, count).Clear();
        _itemCount = level.ItemsFrom;
        Close();
        return null;
    }

    private string? CloseObject()
    {
        if (_depth == 0) return "Unmatched '}'";
        ref var level = ref _levels[_depth - 1];
        if (_hasNext)
        {
            if (level.Fields is null || !AddField(ref level)) return "Objects must consist of key:value pairs";
        }
        else if (level.Fields is null || level.Key is not null)
        {
            return "Unmatched '}'";
        }
        else if (level.Fields.Count > 0)
        {
            return "Expected another key-value pair";
        }

        _next = JqValue.Of(new JqObject(level.Fields!));
        Close();
        return null;
    }

    private void Close()
    {
        _levels[--_depth] = default;
        _hasNext = true;
    }

    private void AddItem()
    {
        if (_itemCount == _items.Length) Array.Resize(ref _items, _itemCount * 2);
        _items[_itemCount++] = _next;
        _hasNext = false;
    }

    private bool AddField(ref Level level)
    {
        if (level.Key is null) return false;
        level.Fields!.Set(level.Key, _next);
        level.Key = null;
        _hasNext = false;
        return true;
    }

    /// <summary>Whether a string here would be the name of a field, and so is worth sharing.</summary>
    private bool IsName => _depth > 0 && _levels[_depth - 1] is { Fields: not null, Key: null };

    /// <summary>How many bytes the string takes; 0 when it does not end here.</summary>
    private int Text(ReadOnlySpan<byte> bytes, int at, bool isLast)
    {
        var body = bytes[(at + 1)..];
        var end = JsonEscapes.End(body, ref _scanned);
        if (end < 0) return isLast ? throw Fail("Unfinished string at EOF", bytes) : 0;
        _scanned = 0;
        var isPlain = body[..end].IndexOf((byte)'\\') < 0;
        var whole = bytes[..(at + end + 2)];
        if (body[..end].IndexOfAnyInRange((byte)0, (byte)0x1F) >= 0) throw Fail("Invalid string: control characters from U+0000 through U+001F must be escaped", whole);
        var text = isPlain ? IsName ? _names.Of(body[..end]) : Encoding.UTF8.GetString(body[..end]) : Unescape(body[..end], whole);
        if (_hasNext) throw Fail("Expected separator between values", whole);
        _next = JqValue.Of(text);
        _hasNext = true;
        return end + 2;
    }

    private string Unescape(ReadOnlySpan<byte> body, ReadOnlySpan<byte> whole) => JsonEscapes.Resolve(body, out var mistake) ?? throw Fail(mistake!, whole);

    private void Literal(ReadOnlySpan<byte> bytes, int at, int end)
    {
        var token = bytes[at..end];
        if (JsonLiterals.Read(token, out var mistake) is not { } value) throw At(mistake!, bytes, end);
        if (_hasNext) throw At("Expected separator between values", bytes, end);
        _next = value;
        _hasNext = true;
    }

    // jq finds the mistake with the character after the token, or at the end.
    private JqJsonException At(string mistake, ReadOnlySpan<byte> bytes, int end) =>
        end == bytes.Length ? Fail($"{mistake} at EOF", bytes) : Fail(mistake, bytes[..(end + 1)]);

    private JqJsonException Fail(string mistake, ReadOnlySpan<byte> read)
    {
        Count(read);
        return new JqJsonException($"{mistake} at line {_line}, column {_lineBytes}", _line, _lineBytes);
    }

    private void Count(ReadOnlySpan<byte> bytes)
    {
        var lines = bytes.Count((byte)'\n');
        _line += lines;
        _lineBytes = lines > 0 ? bytes.Length - bytes.LastIndexOf((byte)'\n') - 1 : _lineBytes + bytes.Length;
    }

    private struct Level
    {
        public int ItemsFrom;
        public FieldTable? Fields;
        public string? Key;
    }
}
