namespace Custodia.Kernel.Streams;

/// <summary>Roots and proofs over a list of leaf hashes, as RFC 9162 section 2.1 defines them.</summary>
internal sealed class MerkleTree(IReadOnlyList<byte[]> leaves)
{
    /// <summary>MTH(D[0:n]), section 2.1.1.</summary>
    public byte[] Root(int size) => size == 0 ? MerkleHash.Empty() : Subtree(0, size);

    /// <summary>PATH(m, D[0:n]), section 2.1.3.1: what it takes to get from a leaf to the root.</summary>
    public IReadOnlyList<byte[]> Inclusion(int index, int size)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, size);
        var path = new List<byte[]>();
        Path(index, 0, size, path);
        return path;
    }

    /// <summary>PROOF(m, D[0:n]), section 2.1.4.1: what it takes to see that the first m leaves are unchanged.</summary>
    public IReadOnlyList<byte[]> Consistency(int first, int second)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(first, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first, second);
        var proof = new List<byte[]>();
        Subproof(first, 0, second, known: true, proof);
        return proof;
    }

    private void Path(int index, int from, int count, List<byte[]> path)
    {
        if (count == 1) return;
        var left = LargestPowerBelow(count);
        if (index < left)
        {
            Path(index, from, left, path);
            path.Add(Subtree(from + left, count - left));
        }
        else
        {
            Path(index - left, from + left, count - left, path);
            path.Add(Subtree(from, left));
        }
    }

    private void Subproof(int first, int from, int count, bool known, List<byte[]> proof)
    {
        if (first == count)
        {
            if (!known) proof.Add(Subtree(from, count));
            return;
        }

        var left = LargestPowerBelow(count);
        if (first <= left)
        {
            Subproof(first, from, left, known, proof);
            proof.Add(Subtree(from + left, count - left));
        }
        else
        {
            Subproof(first - left, from + left, count - left, known: false, proof);
            proof.Add(Subtree(from, left));
        }
    }

    private byte[] Subtree(int from, int count)
    {
        if (count == 1) return leaves[from];
        var left = LargestPowerBelow(count);
        var hash = new byte[MerkleHash.Size];
        MerkleHash.Node(Subtree(from, left), Subtree(from + left, count - left), hash);
        return hash;
    }

    /// <summary>The largest power of two that is smaller than <paramref name="count"/>.</summary>
    private static int LargestPowerBelow(int count) => 1 << System.Numerics.BitOperations.Log2((uint)(count - 1));
}
