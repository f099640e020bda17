using System.Security.Cryptography;
using System.Text;
using Custodia.Kernel.Streams;
using FsCheck;
using FsCheck.Fluent;

namespace Custodia.Kernel.Tests.Streams;

public sealed class MerkleTests
{
    private static readonly byte[][] Leaves =
        Enumerable.Range(0, 200).Select(i => MerkleHash.Leaf(Encoding.UTF8.GetBytes($"record {i}"))).ToArray();

    private static readonly MerkleTree Tree = new(Leaves);

    private static readonly Config Many = Config.QuickThrowOnFailure.WithMaxTest(300);

    [Fact]
    public void The_hashes_are_those_of_the_RFC()
    {
        // Test vectors of the reference implementation of Certificate Transparency.
        Convert.ToHexStringLower(MerkleHash.Empty()).ShouldBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        Convert.ToHexStringLower(MerkleHash.Leaf([])).ShouldBe("6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
        byte[][] inputs = [[], [0x00], [0x10], [0x20, 0x21], [0x30, 0x31], [0x40, 0x41, 0x42, 0x43], [0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57], [0x60, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x6b, 0x6c, 0x6d, 0x6e, 0x6f]];
        var tree = new MerkleTree(inputs.Select(i => MerkleHash.Leaf(i)).ToArray());
        Convert.ToHexStringLower(tree.Root(2)).ShouldBe("fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125");
        Convert.ToHexStringLower(tree.Root(8)).ShouldBe("5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");
    }

    [Fact]
    public void The_frontier_has_the_same_root_as_the_whole_tree_at_every_size()
    {
        var frontier = new MerkleFrontier();
        for (var size = 0; size <= Leaves.Length; size++)
        {
            frontier.Root().ShouldBe(Tree.Root(size), $"size {size}");
            if (size < Leaves.Length) frontier.Append(Leaves[size]);
        }
    }

    [Fact]
    public void A_frontier_made_of_block_roots_equals_one_made_of_leaves()
    {
        var byLeaf = new MerkleFrontier();
        var byBlock = new MerkleFrontier();
        Span<byte> leaf = stackalloc byte[MerkleHash.Size];
        for (var i = 0; i < (3 * MerkleFrontier.BlockSize) + 5; i++)
        {
            SHA256.HashData(BitConverter.GetBytes(i), leaf);
            byLeaf.Append(leaf);
            if (i >= 3 * MerkleFrontier.BlockSize) byBlock.Append(leaf);
            else if (byLeaf.AtBlockEnd) byBlock.AppendBlock(byLeaf.LastBlock);
        }

        byBlock.Size.ShouldBe(byLeaf.Size);
        byBlock.Root().ShouldBe(byLeaf.Root());
    }

    [Fact]
    public void Every_record_proves_that_it_is_included() => Check.One(Many, Prop.ForAll(
        Gen.Choose(1, Leaves.Length).SelectMany(size => Gen.Choose(0, size - 1).Select(index => (index, size))).ToArbitrary(),
        pair => MerkleProof.Includes(Leaves[pair.index], pair.index, pair.size, Tree.Inclusion(pair.index, pair.size), Tree.Root(pair.size))));

    [Fact]
    public void A_record_does_not_prove_another_place_another_leaf_or_another_root() => Check.One(Many, Prop.ForAll(
        Gen.Choose(2, Leaves.Length).SelectMany(size => Gen.Choose(0, size - 2).Select(index => (index, size))).ToArbitrary(),
        pair =>
        {
            var path = Tree.Inclusion(pair.index, pair.size);
            var root = Tree.Root(pair.size);
            return !MerkleProof.Includes(Leaves[pair.index + 1], pair.index, pair.size, path, root)
                && !MerkleProof.Includes(Leaves[pair.index], pair.index + 1, pair.size, path, root)
                && !MerkleProof.Includes(Leaves[pair.index], pair.index, pair.size, path, Tree.Root(pair.size - 1))
                && !MerkleProof.Includes(Leaves[pair.index], pair.index, pair.size, [.. path, root], root)
                && !MerkleProof.Includes(Leaves[pair.index], pair.index, pair.size, path.Skip(1).ToArray(), root);
        }));

    [Fact]
    public void Every_later_tree_proves_that_it_extends_the_earlier() => Check.One(Many, Prop.ForAll(
        Gen.Choose(1, Leaves.Length).SelectMany(second => Gen.Choose(1, second).Select(first => (first, second))).ToArbitrary(),
        pair => MerkleProof.Extends(pair.first, Tree.Root(pair.first), pair.second, Tree.Root(pair.second), Tree.Consistency(pair.first, pair.second))));

    [Fact]
    public void A_tree_whose_past_was_changed_cannot_prove_that_it_extends_it() => Check.One(Many, Prop.ForAll(
        Gen.Choose(2, 60).SelectMany(second => Gen.Choose(1, second - 1).SelectMany(first => Gen.Choose(0, first - 1).Select(index => (first, second, index)))).ToArbitrary(),
        pick =>
        {
            var changed = (byte[][])Leaves.Clone();
            changed[pick.index] = MerkleHash.Leaf("changed"u8);
            var other = new MerkleTree(changed);
            return !MerkleProof.Extends(pick.first, Tree.Root(pick.first), pick.second, other.Root(pick.second), other.Consistency(pick.first, pick.second))
                && !MerkleProof.Extends(pick.first, Tree.Root(pick.first), pick.second, other.Root(pick.second), Tree.Consistency(pick.first, pick.second));
        }));
}
