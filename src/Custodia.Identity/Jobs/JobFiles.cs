using System.Buffers.Binary;
using Custodia.Kernel.Hosting;
using Custodia.Kernel.Vault;
using FileStream = System.IO.FileStream;
using Path = System.IO.Path;
using Stream = System.IO.Stream;

namespace Custodia.Identity.Jobs;

/// <summary>
/// Files of jobs, in a folder that no backup has: <c>data/jobs/ID</c>, parts of up to 256 KiB, each sealed for its position under the
/// job's key, each with its length in front (4 bytes, big-endian). Deleting one destroys the key too.
/// </summary>
internal sealed class JobFiles(DataLayout layout, DataVault vault)
{
    public const int PartLength = 256 * 1024;

    private string Root => Path.Combine(layout.Root, "jobs");

    public Stream Create(Job job)
    {
        System.IO.Directory.CreateDirectory(Root);
        return new FileStream(PathOf(job.Id), System.IO.FileMode.Create, System.IO.FileAccess.Write, System.IO.FileShare.None, 64 * 1024, useAsync: true);
    }

    /// <summary>Opens it to write on behind <paramref name="position"/>; what was written behind it before is cut off.</summary>
    public Stream Continue(Job job, long position)
    {
        System.IO.Directory.CreateDirectory(Root);
        var file = new FileStream(PathOf(job.Id), System.IO.FileMode.OpenOrCreate, System.IO.FileAccess.Write, System.IO.FileShare.Read, 64 * 1024, useAsync: true);
        file.SetLength(position);
        file.Seek(position, System.IO.SeekOrigin.Begin);
        return file;
    }

    public Stream Open(Job job) => new JobFileReader(this, job, new FileStream(
        PathOf(job.Id), System.IO.FileMode.Open, System.IO.FileAccess.Read, System.IO.FileShare.ReadWrite | System.IO.FileShare.Delete, 64 * 1024, useAsync: true));

    /// <summary>Seals one part and writes it at the end.</summary>
    /// <param name="position">Bytes written before it; bound into the part, so parts cannot be taken out or moved.</param>
    /// <returns>Bytes written so far.</returns>
    public async Task<long> AppendAsync(Job job, Stream file, long position, ReadOnlyMemory<byte> content, CancellationToken cancellation)
    {
        var part = await vault.SealAsync(PlaceOf(job, position), content.ToArray(), cancellation);
        var head = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(head, part.Envelope.Length);
        await file.WriteAsync(head, cancellation);
        await file.WriteAsync(part.Envelope, cancellation);
        return position + head.Length + part.Envelope.Length;
    }

    /// <summary>Down to the disk, before the row that counts on it commits; there is no asynchronous call for it.</summary>
    public static async Task FlushAsync(Stream file, CancellationToken cancellation)
    {
        await file.FlushAsync(cancellation);
        System.IO.RandomAccess.FlushToDisk(((FileStream)file).SafeFileHandle);
    }

    /// <summary>The content of the part at this position; null when the key was destroyed.</summary>
    internal ValueTask<byte[]?> OpenPartAsync(Job job, long position, byte[] envelope, CancellationToken cancellation) =>
        vault.OpenAsync(PlaceOf(job, position), new Sealed<byte[]>(envelope), JobFilePart.UseWork, cancellation);

    /// <summary>Deletes the file and destroys its key. Idempotent.</summary>
    public async Task DeleteAsync(Job job, string reason, CancellationToken cancellation)
    {
        await vault.DestroyAsync(job.Key, reason, cancellation);
        DeleteFile(job.Id);
    }

    /// <summary>Files of uploads that never became a job, older than an hour.</summary>
    public IReadOnlyList<Guid> Stale(DateTimeOffset now)
    {
        if (!System.IO.Directory.Exists(Root)) return [];
        var before = now.UtcDateTime.AddHours(-1);
        return [.. System.IO.Directory.EnumerateFiles(Root)
            .Where(f => System.IO.File.GetLastWriteTimeUtc(f) < before)
            .Select(f => Guid.TryParseExact(Path.GetFileName(f), "N", out var id) ? id : Guid.Empty)
            .Where(id => id != Guid.Empty)];
    }

    public void DeleteFile(Guid id) => System.IO.File.Delete(PathOf(id));

    private string PathOf(Guid id) => Path.Combine(Root, id.ToString("N"));

    private static Place PlaceOf(Job job, long position) => new(job.Key, JobFilePart.Category, JobFilePart.Field, $"{job.Id:N}/{position}");
}
