using System.Numerics;

namespace Custodia.Kernel.Streams;

/// <summary>
/// A growing Merkle tree of which only the roots of the complete subtrees are kept, one a set bit of the size:
/// <code>
///   size 6 = 110b        level 2: root of leaves 0-3
///                        level 1: root of leaves 4-5
/// </code>
/// Appending costs about one hash, the root at most 63.
/// </summary>
internal sealed class MerkleFrontier
{
    /// <summary>Height of the subtrees whose roots a segment stores, so that it opens without hashing everything again.</summary>
    public const int BlockLevel = 12;

    /// <summary>Leaves of such a subtree.</summary>
    public const int BlockSize = 1 << BlockLevel;

    private readonly byte[] _roots = new byte[64 * MerkleHash.Size];
    private readonly byte[] _block = new byte[MerkleHash.Size];

    public long Size { get; private set; }

    /// <summary>Root of the block that the last append completed; meaningful when <see cref="AtBlockEnd"/>.</summary>
    public ReadOnlySpan<byte> LastBlock => _block;

    public bool AtBlockEnd => Size > 0 && Size % BlockSize == 0;

    public void Append(ReadOnlySpan<byte> leaf) => Add(leaf, 0);

    /// <summary>Adds a whole block by its root.</summary>
    public void AppendBlock(ReadOnlySpan<byte> root)
    {
        if (Size % BlockSize != 0) throw new InvalidOperationException("A block can only follow complete blocks.");
        Add(root, BlockLevel);
    }

    public void Root(Span<byte> output)
    {
        if (Size == 0)
        {
            MerkleHash.Empty().CopyTo(output);
            return;
        }

        var level = BitOperations.TrailingZeroCount(Size);
        At(level).CopyTo(output);
        for (level++; Size >> level != 0; level++)
        {
            if (((Size >> level) & 1) == 1) MerkleHash.Node(At(level), output, output);
        }
    }

    public byte[] Root()
    {
        var root = new byte[MerkleHash.Size];
        Root(root);
        return root;
    }

    /// <summary>Takes over the state of another, e.g. to go back after a commit that failed.</summary>
    public void CopyFrom(MerkleFrontier other)
    {
        other._roots.CopyTo(_roots, 0);
        other._block.CopyTo(_block, 0);
        Size = other.Size;
    }

    private void Add(ReadOnlySpan<byte> hash, int level)
    {
        Span<byte> carry = stackalloc byte[MerkleHash.Size];
        hash.CopyTo(carry);
        var added = 1L << level;
        if (level == BlockLevel) carry.CopyTo(_block);
        for (; ((Size >> level) & 1) == 1; level++)
        {
            MerkleHash.Node(At(level), carry, carry);
            if (level + 1 == BlockLevel) carry.CopyTo(_block);
        }

        carry.CopyTo(At(level));
        Size += added;
    }

    private Span<byte> At(int level) => _roots.AsSpan(level * MerkleHash.Size, MerkleHash.Size);
}
