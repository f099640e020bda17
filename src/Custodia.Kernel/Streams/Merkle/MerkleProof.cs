namespace Custodia.Kernel.Streams;

/// <summary>Checks proofs without the log, by the iterative algorithms of RFC 9162.</summary>
internal static class MerkleProof
{
    /// <summary>Section 2.1.3.2.</summary>
    public static bool Includes(byte[] leaf, long index, long size, IReadOnlyList<byte[]> path, byte[] root)
    {
        if (index < 0 || index >= size) return false;
        var (fn, sn) = (index, size - 1);
        var hash = (byte[])leaf.Clone();
        foreach (var part in path)
        {
            if (sn == 0) return false;
            if ((fn & 1) == 1 || fn == sn)
            {
                MerkleHash.Node(part, hash, hash);
                SkipRight(ref fn, ref sn);
            }
            else
            {
                MerkleHash.Node(hash, part, hash);
            }

            fn >>= 1;
            sn >>= 1;
        }

        return sn == 0 && hash.AsSpan().SequenceEqual(root);
    }

    /// <summary>Section 2.1.4.2: the tree of size <paramref name="second"/> begins with that of size <paramref name="first"/>.</summary>
    public static bool Extends(long first, byte[] firstRoot, long second, byte[] secondRoot, IReadOnlyList<byte[]> proof)
    {
        if (first < 1 || first > second) return false;
        if (first == second) return proof.Count == 0 && firstRoot.AsSpan().SequenceEqual(secondRoot);

        // 1. A first tree that is a complete subtree stands at the head of the path itself.
        var parts = long.IsPow2(first) ? [firstRoot, .. proof] : proof;
        if (parts.Count == 0) return false;

        // 2. Go to where the two trees part.
        var (fn, sn) = (first - 1, second - 1);
        for (; (fn & 1) == 1; fn >>= 1) sn >>= 1;

        // 3. Hash upwards for both.
        var (fr, sr) = ((byte[])parts[0].Clone(), (byte[])parts[0].Clone());
        foreach (var part in parts.Skip(1))
        {
            if (sn == 0) return false;
            if ((fn & 1) == 1 || fn == sn)
            {
                MerkleHash.Node(part, fr, fr);
                MerkleHash.Node(part, sr, sr);
                SkipRight(ref fn, ref sn);
            }
            else
            {
                MerkleHash.Node(sr, part, sr);
            }

            fn >>= 1;
            sn >>= 1;
        }

        return sn == 0 && fr.AsSpan().SequenceEqual(firstRoot) && sr.AsSpan().SequenceEqual(secondRoot);
    }

    /// <summary>On the right edge the missing levels are skipped until the node is a right child (or the root).</summary>
    private static void SkipRight(ref long fn, ref long sn)
    {
        while ((fn & 1) == 0 && fn != 0)
        {
            fn >>= 1;
            sn >>= 1;
        }
    }
}
