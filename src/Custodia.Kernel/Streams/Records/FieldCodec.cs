using System.Buffers.Binary;
using System.Text;

namespace Custodia.Kernel.Streams;

/// <summary>
/// How the values of a record are stored: one after the other in the order of the policy, each with a tag of one byte.
/// <code>
///   0                          nothing
///   1  length (varint)  UTF-8  text
///   2  zigzag varint           whole number
///   3  8 bytes, little-endian  number (IEEE 754)
/// </code>
/// Names are not stored: they stand once in the header of the segment.
/// </summary>
internal static class FieldCodec
{
    private const byte Nothing = 0;
    private const byte Text = 1;
    private const byte Whole = 2;
    private const byte Number = 3;

    public static void Write(ByteArena to, object? stored)
    {
        switch (stored)
        {
            case null:
                to.Add(Nothing);
                break;
            case string text:
                var bytes = Encoding.UTF8.GetByteCount(text);
                to.Add(Text);
                WriteVarint(to, (ulong)bytes);
                Encoding.UTF8.GetBytes(text, to.Take(bytes));
                break;
            case long whole:
                to.Add(Whole);
                WriteVarint(to, (ulong)((whole << 1) ^ (whole >> 63)));
                break;
            case double number:
                to.Add(Number);
                BinaryPrimitives.WriteDoubleLittleEndian(to.Take(8), number);
                break;
            default:
                throw new NotSupportedException($"A log field cannot hold {stored.GetType().Name}.");
        }
    }

    /// <exception cref="FormatException">The bytes are not what <see cref="Write"/> makes.</exception>
    public static object?[] Read(ReadOnlySpan<byte> bytes, int count)
    {
        var values = new object?[count];
        for (var i = 0; i < count; i++) values[i] = ReadOne(ref bytes);
        return bytes.IsEmpty ? values : throw Damaged();
    }

    private static object? ReadOne(ref ReadOnlySpan<byte> bytes)
    {
        var tag = Cut(ref bytes, 1)[0];
        switch (tag)
        {
            case Nothing:
                return null;
            case Text:
                var length = ReadVarint(ref bytes);
                return length <= (ulong)bytes.Length ? Encoding.UTF8.GetString(Cut(ref bytes, (int)length)) : throw Damaged();
            case Whole:
                var zigzag = ReadVarint(ref bytes);
                return (long)(zigzag >> 1) ^ -(long)(zigzag & 1);
            case Number:
                return BinaryPrimitives.ReadDoubleLittleEndian(Cut(ref bytes, 8));
            default:
                throw Damaged();
        }
    }

    private static void WriteVarint(ByteArena to, ulong value)
    {
        for (; value >= 0x80; value >>= 7) to.Add((byte)(value | 0x80));
        to.Add((byte)value);
    }

    private static ulong ReadVarint(ref ReadOnlySpan<byte> bytes)
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var part = Cut(ref bytes, 1)[0];
            value |= (ulong)(part & 0x7f) << shift;
            if (part < 0x80) return value;
        }

        throw Damaged();
    }

    private static ReadOnlySpan<byte> Cut(ref ReadOnlySpan<byte> bytes, int count)
    {
        if (bytes.Length < count) throw Damaged();
        var cut = bytes[..count];
        bytes = bytes[count..];
        return cut;
    }

    private static FormatException Damaged() => new("A log record is damaged.");
}
