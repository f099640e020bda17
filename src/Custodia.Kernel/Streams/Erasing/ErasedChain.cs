using System.Buffers.Binary;
using System.Security.Cryptography;
using Microsoft.Data.Sqlite;

namespace Custodia.Kernel.Streams;

/// <summary>The digest by which a checkpoint names the records that were removed from a segment (see <see cref="ErasedRecords"/>).</summary>
internal static class ErasedChain
{
    public static readonly ErasedRecords None = new(0, 0, Checkpoint.First);

    public static ErasedRecords Add(ErasedRecords before, IReadOnlyList<(long Sequence, byte[] Leaf)> batch)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> position = stackalloc byte[8];
        hash.AppendData(Convert.FromHexString(before.Digest));
        foreach (var (sequence, leaf) in batch)
        {
            BinaryPrimitives.WriteInt64BigEndian(position, sequence);
            hash.AppendData(position);
            hash.AppendData(leaf);
        }

        return new ErasedRecords(before.Count + batch.Count, before.Batches + 1, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    /// <summary>What the segment itself says was removed.</summary>
    public static ErasedRecords Of(SqliteConnection connection)
    {
        var chain = None;
        var batch = new List<(long, byte[])>();
        var number = 0L;
        using var command = connection.Prepare("SELECT batch, seq, leaf FROM erased ORDER BY batch, seq");
        using var rows = command.ExecuteReader();
        while (rows.Read())
        {
            if (rows.GetInt64(0) != number && batch.Count > 0)
            {
                chain = Add(chain, batch);
                batch.Clear();
            }

            number = rows.GetInt64(0);
            batch.Add((rows.GetInt64(1), rows.Bytes(2) ?? []));
        }

        return batch.Count > 0 ? Add(chain, batch) : chain;
    }
}
