using Custodia.Identity.Directories;
using Custodia.Kernel.Access;
using Custodia.Kernel.Http;
using Microsoft.AspNetCore.Http;

namespace Custodia.Identity.Jobs.Imports;

/// <summary>Takes a file in, sealed on its way to the disk, and makes the draft of a job of it.</summary>
internal sealed class ImportUploads(IdentityContext database, JobFiles files, JobCallers callers, TimeProvider time)
{
    /// <summary>200 MiB.</summary>
    public const long MaxBytes = 200L * 1024 * 1024;

    private const int MaxRows = 5_000_000;

    public async Task<UploadOutcome> TakeAsync(HttpContext http, Directory directory, FileFormat format, System.IO.Stream source, CancellationToken cancellation)
    {
        var caller = http.Caller();
        var now = time.GetUtcNow();
        var job = new Job
        {
            Id = Guid.CreateVersion7(now),
            Account = directory.Account,
            DirectoryId = directory.Id,
            Kind = JobKind.Import,
            Status = JobStatus.Draft,
            Format = format,
            StartedBy = caller.Kind == CallerKind.SubAccount ? caller.Person : null,
            CreatedAt = now,
            HasFile = true,
        };
        var kept = false;
        try
        {
            if (await WriteAsync(job, source, cancellation) is { } rule) return new UploadOutcome.Refused(rule);
            await using var file = files.Open(job);
            await ImportRun.ColumnsAsync(format, file, cancellation);
            job.Caller = await callers.SealAsync(job, caller, http.Facts(), "", cancellation);
            database.Jobs.Add(job);
            await database.SaveChangesAsync(cancellation);
            kept = true;
            return new UploadOutcome.Taken(job);
        }
        catch (ImportFileException e)
        {
            return new UploadOutcome.Refused(e.Code);
        }
        finally
        {
            if (!kept) await files.DeleteAsync(job, "upload refused", CancellationToken.None);
        }
    }

    /// <returns>What is wrong with the file, or null.</returns>
    private async Task<string?> WriteAsync(Job job, System.IO.Stream source, CancellationToken cancellation)
    {
        await using var file = files.Create(job);
        var buffer = new byte[JobFiles.PartLength];
        var (total, position, lines, last) = (0L, 0L, 0, (byte)'\n');
        while (true)
        {
            var read = await source.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellation);
            if (read == 0) break;
            total += read;
            if (total > MaxBytes) return "too-large";
            lines += buffer.AsSpan(0, read).Count((byte)'\n');
            last = buffer[read - 1];
            position = await files.AppendAsync(job, file, position, buffer.AsMemory(0, read), cancellation);
        }

        Array.Clear(buffer);
        if (total == 0) return "empty";
        job.Rows = Math.Max(0, lines + (last == '\n' ? 0 : 1) - (job.Format == FileFormat.Csv ? 1 : 0));
        job.FileBytes = total;
        if (job.Rows > MaxRows) return "too-many-rows";
        await JobFiles.FlushAsync(file, cancellation);
        return null;
    }
}

internal abstract record UploadOutcome
{
    public sealed record Taken(Job Job) : UploadOutcome;

    /// <param name="Rule"><c>empty</c>, <c>too-large</c>, <c>too-many-rows</c>, <c>file-columns</c>, <c>file-shape</c>, <c>file-encoding</c>.</param>
    public sealed record Refused(string Rule) : UploadOutcome;
}
