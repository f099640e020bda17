using System.Buffers.Binary;
using System.Text;

namespace Custodia.Jq.Json;

/// <summary>Names of fields come again and again: one string for each, found by its bytes. Of bounded size; a newcomer takes the place.</summary>
internal sealed class NameCache
{
    private const int Longest = 32;
    private const int Places = 1024;
    private readonly (byte[] Bytes, string Name)[] _names = new (byte[], string)[Places];

    public string Of(ReadOnlySpan<byte> bytes) => Of(bytes, out _);

    /// <param name="bytes">UTF-8.</param>
    /// <param name="hash">The same for the same bytes.</param>
    public string Of(ReadOnlySpan<byte> bytes, out uint hash)
    {
        hash = Hash(bytes);
        if (bytes.Length is 0 or > Longest) return Encoding.UTF8.GetString(bytes);
        ref var place = ref _names[hash % Places];
        if (place.Bytes is not null && bytes.SequenceEqual(place.Bytes)) return place.Name;
        place = (bytes.ToArray(), Encoding.UTF8.GetString(bytes));
        return place.Name;
    }

    private static uint Hash(ReadOnlySpan<byte> bytes)
    {
        var hash = (ulong)bytes.Length * 0x9E3779B97F4A7C15;
        for (; bytes.Length >= 8; bytes = bytes[8..]) hash = (hash ^ BinaryPrimitives.ReadUInt64LittleEndian(bytes)) * 0x9E3779B97F4A7C15;
        foreach (var b in bytes) hash = (hash ^ b) * 0x100000001B3;
        return (uint)(hash >> 32) ^ (uint)hash;
    }
}
