using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Custodia.Kernel.Vault;

/// <summary>
/// What a sealed value is bound to: header, type, account and, each with its length in front so that no two places read the same,
/// key kind, key name, category, field and row.
/// </summary>
internal ref struct AssociatedData
{
    public const int OnStack = 256;
    public const byte Text = (byte)'T';
    public const byte Bytes = (byte)'B';

    private readonly Span<byte> _buffer;
    private readonly byte[]? _rented;
    private int _length;

    public AssociatedData(Span<byte> stack, ReadOnlySpan<byte> header, byte type, in Place place)
    {
        // At most three bytes a character and two for each length.
        var most = header.Length + 1 + sizeof(long) + 10
            + (3 * (place.Key.Kind.Length + place.Key.Name.Length + place.Category.Length + place.Field.Length + place.Row.Length));
        _buffer = most <= stack.Length ? stack : _rented = ArrayPool<byte>.Shared.Rent(most);
        header.CopyTo(_buffer);
        _length = header.Length;
        _buffer[_length++] = type;
        BinaryPrimitives.WriteInt64BigEndian(_buffer[_length..], place.Key.Account);
        _length += sizeof(long);
        Add(place.Key.Kind);
        Add(place.Key.Name);
        Add(place.Category);
        Add(place.Field);
        Add(place.Row);
    }

    public readonly ReadOnlySpan<byte> Written => _buffer[.._length];

    public readonly void Dispose()
    {
        if (_rented is not null) ArrayPool<byte>.Shared.Return(_rented);
    }

    private void Add(string part)
    {
        var written = Encoding.UTF8.GetBytes(part, _buffer[(_length + 2)..]);
        BinaryPrimitives.WriteUInt16BigEndian(_buffer[_length..], checked((ushort)written));
        _length += 2 + written;
    }
}
