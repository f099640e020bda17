using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Jobs;

/// <summary>Deletes files as soon as nothing needs them: of imports that are over, of exports whose time is up, and of uploads that broke off.</summary>
internal sealed class JobTidying(IdentityContext database, JobFiles files, TimeProvider time)
{
    public async Task RunAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var due = await database.Jobs.AsNoTracking()
            .Where(j => j.HasFile
                && (j.Status == JobStatus.Done || j.Status == JobStatus.Failed || j.Status == JobStatus.Cancelled)
                && (j.ExpiresAt == null || j.ExpiresAt < now))
            .Take(500)
            .ToListAsync(cancellation);
        foreach (var job in due) await DeleteFileAsync(job, "job over", cancellation);
        foreach (var id in files.Stale(now))
        {
            if (!await database.Jobs.AnyAsync(j => j.Id == id && j.HasFile, cancellation)) files.DeleteFile(id);
        }
    }

    /// <summary>The key first: if this stops in between, the row still says that there is a file.</summary>
    public async Task DeleteFileAsync(Job job, string reason, CancellationToken cancellation)
    {
        await files.DeleteAsync(job, reason, cancellation);
        await database.InTransactionAsync(
            token => database.Jobs.Where(j => j.Id == job.Id).ExecuteUpdateAsync(set => set.SetProperty(j => j.HasFile, false).SetProperty(j => j.Caller, (Kernel.Vault.Sealed<string>?)null), token),
            cancellation);
    }
}
