using System.Buffers.Binary;

namespace Custodia.Kernel.Streams;

/// <summary>
/// The marks of one block, sorted into 64 buckets by their first 6 bits. In a bucket each pair is the next 32 bits of the mark and the
/// record's position in the block (big-endian, 4 and 2 bytes); a hit is confirmed by the mark in the record.
/// </summary>
internal sealed class BlockMarks
{
    public const int Buckets = 64;
    public const int PairSize = 6;

    private const int PositionBits = MerkleFrontier.BlockLevel;
    private const int MarkShift = 64 - 38;

    private readonly List<ulong> _pairs = [];

    public void Add(ulong mark, int position)
    {
        if (mark != 0) _pairs.Add(((mark >> MarkShift) << PositionBits) | (uint)position);
    }

    public void Clear() => _pairs.Clear();

    /// <summary>The non-empty buckets with their row id.</summary>
    public IEnumerable<(long Id, byte[] Entries)> Sorted(long block)
    {
        _pairs.Sort();
        for (var start = 0; start < _pairs.Count;)
        {
            var bucket = _pairs[start] >> (PositionBits + 32);
            var end = start;
            while (end < _pairs.Count && _pairs[end] >> (PositionBits + 32) == bucket) end++;
            yield return (RowId(block, (int)bucket), Entries(start, end));
            start = end;
        }
    }

    public static long RowId(long block, ulong mark) => RowId(block, (int)(mark >> 58));

    /// <summary>Positions in the block that carry the mark (or, seldom, one that begins alike), latest first.</summary>
    public static List<int> Find(ReadOnlySpan<byte> entries, ulong mark)
    {
        var wanted = (uint)(mark >> MarkShift);
        var (low, high) = (0, entries.Length / PairSize);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (BinaryPrimitives.ReadUInt32BigEndian(entries[(middle * PairSize)..]) < wanted) low = middle + 1;
            else high = middle;
        }

        var found = new List<int>();
        for (var at = low * PairSize; at < entries.Length && BinaryPrimitives.ReadUInt32BigEndian(entries[at..]) == wanted; at += PairSize)
            found.Add(BinaryPrimitives.ReadUInt16BigEndian(entries[(at + 4)..]));
        found.Reverse();
        return found;
    }

    /// <summary>The bucket without the pairs of some positions.</summary>
    public static byte[] Without(ReadOnlySpan<byte> entries, HashSet<int> positions)
    {
        var left = new byte[entries.Length];
        var length = 0;
        for (var at = 0; at < entries.Length; at += PairSize)
        {
            var pair = entries.Slice(at, PairSize);
            if (positions.Contains(BinaryPrimitives.ReadUInt16BigEndian(pair[4..]))) continue;
            pair.CopyTo(left.AsSpan(length));
            length += PairSize;
        }

        return left[..length];
    }

    private static long RowId(long block, int bucket) => (block * Buckets) + bucket;

    private byte[] Entries(int start, int end)
    {
        var entries = new byte[(end - start) * PairSize];
        for (var i = start; i < end; i++)
        {
            var pair = entries.AsSpan((i - start) * PairSize);
            BinaryPrimitives.WriteUInt32BigEndian(pair, (uint)(_pairs[i] >> PositionBits));
            BinaryPrimitives.WriteUInt16BigEndian(pair[4..], (ushort)(_pairs[i] & ((1 << PositionBits) - 1)));
        }

        return entries;
    }
}
