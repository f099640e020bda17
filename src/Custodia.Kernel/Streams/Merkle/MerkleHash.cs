using System.Security.Cryptography;

namespace Custodia.Kernel.Streams;

/// <summary>Hashes of RFC 9162 section 2.1.1: a leaf is prefixed with 0x00, a node with 0x01, so neither can pass for the other.</summary>
internal static class MerkleHash
{
    public const int Size = SHA256.HashSizeInBytes;
    public const byte LeafPrefix = 0x00;
    private const byte NodePrefix = 0x01;

    /// <summary>Root of the empty tree: the hash of nothing.</summary>
    public static byte[] Empty() => SHA256.HashData([]);

    public static byte[] Leaf(ReadOnlySpan<byte> data)
    {
        Span<byte> input = data.Length < 1024 ? stackalloc byte[data.Length + 1] : new byte[data.Length + 1];
        input[0] = LeafPrefix;
        data.CopyTo(input[1..]);
        return SHA256.HashData(input);
    }

    /// <summary><paramref name="output"/> may overlap the inputs.</summary>
    public static void Node(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, Span<byte> output)
    {
        Span<byte> input = stackalloc byte[1 + (2 * Size)];
        input[0] = NodePrefix;
        left.CopyTo(input[1..]);
        right.CopyTo(input[(1 + Size)..]);
        SHA256.HashData(input, output);
    }
}
