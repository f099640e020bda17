using System.Buffers.Binary;

namespace Custodia.Kernel.Streams;

/// <summary>A record as its row holds it.</summary>
internal readonly record struct StoredRecord(long Time, long Account, byte[]? Person, byte[] Marks, byte[] Salt, byte[] Plain, byte[]? Sealed)
{
    public const int SaltSize = 16;
    public const int PersonSize = 16;
    public const int MarkSize = 8;

    /// <summary>Leaf hash of the record (see <see cref="LeafForm"/>).</summary>
    public byte[] Leaf()
    {
        var form = new ByteArena(128 + Plain.Length + (Sealed?.Length ?? 0));
        LeafForm.Begin(form, Salt, Time, Account, Person);
        LeafForm.AddPart(form, Marks);
        LeafForm.AddPart(form, Plain);
        form.Add(Sealed);
        return System.Security.Cryptography.SHA256.HashData(form.All());
    }

    public ulong Mark(int index) => BinaryPrimitives.ReadUInt64BigEndian(Marks.AsSpan(index * MarkSize, MarkSize));
}

/// <summary>
/// What a leaf commits to: everything that is stored of a record, in the form in which it is stored. Ciphertext, not plaintext, so
/// that destroying a key does not break the tree; a salt, so that the leaf of a removed record tells nothing about it.
/// <code>
///   0x00 | salt (16) | time (8) | account (8) | length of person (1) | person
///        | length of marks (4) | marks | length of plain (4) | plain | sealed
/// </code>
/// Numbers are big-endian.
/// </summary>
internal static class LeafForm
{
    public const int SaltAt = 1;
    public const int PersonAt = SaltAt + StoredRecord.SaltSize + 8 + 8 + 1;

    public static void Begin(ByteArena form, ReadOnlySpan<byte> salt, long time, long account, ReadOnlySpan<byte> person)
    {
        form.Add(MerkleHash.LeafPrefix);
        form.Add(salt);
        BinaryPrimitives.WriteInt64BigEndian(form.Take(8), time);
        BinaryPrimitives.WriteInt64BigEndian(form.Take(8), account);
        form.Add((byte)person.Length);
        form.Add(person);
    }

    public static void AddPart(ByteArena form, ReadOnlySpan<byte> part)
    {
        BinaryPrimitives.WriteInt32BigEndian(form.Take(4), part.Length);
        form.Add(part);
    }
}
