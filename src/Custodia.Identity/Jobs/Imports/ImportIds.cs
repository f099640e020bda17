using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Custodia.Identity.Jobs.Imports;

/// <summary>
/// The person id of a row's user: a version 7 UUID of the job's time whose other bits come from job and line. A batch that was
/// interrupted between making its keys and committing finds the same keys again and leaves none that nobody owns.
/// </summary>
internal static class ImportIds
{
    public static Guid Of(Job job, int line)
    {
        Span<byte> source = stackalloc byte[20];
        job.Id.TryWriteBytes(source, bigEndian: true, out _);
        BinaryPrimitives.WriteInt32BigEndian(source[16..], line);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(source, hash);
        Span<byte> id = stackalloc byte[16];
        Guid.CreateVersion7(job.CreatedAt).TryWriteBytes(id, bigEndian: true, out _);
        hash[..10].CopyTo(id[6..]);
        id[6] = (byte)((id[6] & 0x0f) | 0x70);
        id[8] = (byte)((id[8] & 0x3f) | 0x80);
        return new Guid(id, bigEndian: true);
    }
}
