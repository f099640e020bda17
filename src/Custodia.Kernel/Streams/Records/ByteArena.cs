using System.Security.Cryptography;

namespace Custodia.Kernel.Streams;

/// <summary>A growing buffer that is filled, read by offset and used again. Spans are valid until the next addition.</summary>
internal sealed class ByteArena(int capacity)
{
    private byte[] _bytes = new byte[capacity];

    public int Length { get; private set; }

    public void Add(byte value) => Take(1)[0] = value;

    public void Add(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Take(bytes.Length));

    /// <summary>Room for <paramref name="count"/> more bytes, not cleared.</summary>
    public Span<byte> Take(int count)
    {
        var start = Length;
        if (start + count > _bytes.Length) Grow(start + count);
        Length = start + count;
        return _bytes.AsSpan(start, count);
    }

    public Span<byte> Slice(int start, int count) => _bytes.AsSpan(0, Length).Slice(start, count);

    public Span<byte> All() => _bytes.AsSpan(0, Length);

    /// <summary>Empties it; what it held is overwritten.</summary>
    public void Clear()
    {
        CryptographicOperations.ZeroMemory(All());
        Length = 0;
    }

    private void Grow(int needed)
    {
        var larger = new byte[Math.Max(needed, _bytes.Length * 2)];
        All().CopyTo(larger);
        CryptographicOperations.ZeroMemory(_bytes);
        _bytes = larger;
    }
}
