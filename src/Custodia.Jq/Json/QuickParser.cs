using System.Buffers;
using System.Text;
using Custodia.Jq.Values;

namespace Custodia.Jq.Json;

/// <summary>
/// The short way for JSON as it mostly is: recursive, and of the strict grammar. Whatever is unusual, wrong or not all there is left
/// to <see cref="JsonParser"/>, which begins the value anew.
/// </summary>
internal sealed class QuickParser
{
    private const int Deepest = 64;
    private static readonly SearchValues<byte> TextEnds = SearchValues.Create([.. Enumerable.Range(0, 0x20).Append('"').Append('\\').Select(b => (byte)b)]);
    private readonly NameCache _names = new();
    private JqValue[] _values = new JqValue[128];
    private string[] _keys = new string[128];
    private uint[] _hashes = new uint[128];
    private int _count;

    /// <summary>The value that the bytes begin with, blanks aside; false leaves it to the other.</summary>
    public bool TryRead(ReadOnlySpan<byte> bytes, out JqValue value, out int taken)
    {
        _count = 0;
        taken = 0;
        var isRead = TryValue(bytes, ref taken, 0, out value);
        // A number at the end may go on.
        return isRead && (taken < bytes.Length || value.IsArray || value.IsObject || value.IsString);
    }

    private bool TryValue(ReadOnlySpan<byte> bytes, ref int at, int depth, out JqValue value)
    {
        value = default;
        if (!TrySkip(bytes, ref at)) return false;
        switch (bytes[at])
        {
            case (byte)'"':
                if (!TryText(bytes, ref at, out var text)) return false;
                value = JqValue.Of(text);
                return true;
            case (byte)'{':
                return depth < Deepest && TryObject(bytes, ref at, depth + 1, out value);
            case (byte)'[':
                return depth < Deepest && TryArray(bytes, ref at, depth + 1, out value);
            case (byte)'t':
                value = JqValue.True;
                return TryWord(bytes, "true"u8, ref at);
            case (byte)'f':
                value = JqValue.False;
                return TryWord(bytes, "false"u8, ref at);
            case (byte)'n':
                return TryWord(bytes, "null"u8, ref at);
            default:
                return JsonLiterals.TryQuick(bytes, ref at, out value);
        }
    }

    private bool TryObject(ReadOnlySpan<byte> bytes, ref int at, int depth, out JqValue value)
    {
        value = default;
        var from = _count;
        at++;
        if (!TrySkip(bytes, ref at)) return false;
        if (bytes[at] != '}')
        {
            while (true)
            {
                if (bytes[at] != '"' || !TryName(bytes, ref at, out var key, out var hash) || !TrySkip(bytes, ref at) || bytes[at] != ':') return false;
                at++;
                if (!TryValue(bytes, ref at, depth, out var part)) return false;
                Push(key, hash, part);
                if (!TrySkip(bytes, ref at)) return false;
                if (bytes[at] == '}') break;
                if (bytes[at] != ',') return false;
                at++;
                if (!TrySkip(bytes, ref at)) return false;
            }
        }

        at++;
        var count = _count - from;
        _count = from;
        value = JqValue.Of(new JqObject(new FieldTable(_keys.AsSpan(from, count), _hashes.AsSpan(from, count), _values.AsSpan(from, count))));
        return true;
    }

    private bool TryArray(ReadOnlySpan<byte> bytes, ref int at, int depth, out JqValue value)
    {
        value = default;
        var from = _count;
        at++;
        if (!TrySkip(bytes, ref at)) return false;
        if (bytes[at] != ']')
        {
            while (true)
            {
                if (!TryValue(bytes, ref at, depth, out var item)) return false;
                Push("", 0, item);
                if (!TrySkip(bytes, ref at)) return false;
                if (bytes[at] == ']') break;
                if (bytes[at] != ',') return false;
                at++;
            }
        }

        at++;
        var count = _count - from;
        _count = from;
        value = JqValue.Of(count == 0 ? JqArray.Empty : new JqArray(_values.AsSpan(from, count).ToArray(), count));
        return true;
    }

    private void Push(string key, uint hash, in JqValue value)
    {
        if (_count == _values.Length)
        {
            Array.Resize(ref _values, _count * 2);
            Array.Resize(ref _keys, _count * 2);
            Array.Resize(ref _hashes, _count * 2);
        }

        _values[_count] = value;
        _keys[_count] = key;
        _hashes[_count++] = hash;
    }

    private bool TryName(ReadOnlySpan<byte> bytes, ref int at, out string name, out uint hash)
    {
        var body = bytes[(at + 1)..];
        var length = body.IndexOfAny(TextEnds);
        (name, hash) = ("", 0);
        if (length < 0 || body[length] != '"') return false;
        name = _names.Of(body[..length], out hash);
        at += length + 2;
        return true;
    }

    private static bool TryText(ReadOnlySpan<byte> bytes, ref int at, out string text)
    {
        var body = bytes[(at + 1)..];
        var length = body.IndexOfAny(TextEnds);
        text = "";
        if (length < 0) return false;
        if (body[length] == '"')
        {
            text = Encoding.UTF8.GetString(body[..length]);
            at += length + 2;
            return true;
        }

        var from = length;
        length = body[length] == '\\' ? JsonEscapes.End(body, ref from) : -1;
        if (length < 0 || JsonEscapes.Resolve(body[..length], out _) is not { } resolved) return false;
        text = resolved;
        at += length + 2;
        return !body[..length].ContainsAnyInRange((byte)0, (byte)0x1F);
    }

    private static bool TryWord(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> word, ref int at)
    {
        if (!bytes[at..].StartsWith(word)) return false;
        at += word.Length;
        // Anything else behind it makes another token of it.
        return at < bytes.Length && bytes[at] is (byte)',' or (byte)'}' or (byte)']' or (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t';
    }

    private static bool TrySkip(ReadOnlySpan<byte> bytes, ref int at)
    {
        while (at < bytes.Length)
        {
            if (bytes[at] > ' ') return true;
            if (bytes[at] is not ((byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')) return false;
            at++;
        }

        return false;
    }
}
