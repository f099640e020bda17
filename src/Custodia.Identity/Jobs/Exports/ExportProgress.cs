using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Jobs.Exports;

/// <summary>Moves an export on, if it is still this worker's.</summary>
internal sealed class ExportProgress(IdentityContext database, TimeProvider time)
{
    public async Task<bool> CommitAsync(Job job, long filePosition, ExportPage page, CancellationToken cancellation)
    {
        var until = time.GetUtcNow() + JobProgress.Patience;
        var after = page.Last ?? job.After;
        var moved = await database.InTransactionAsync(
            token => database.Jobs
                .Where(j => j.Id == job.Id && j.Status == JobStatus.Running && j.Worker == job.Worker && j.FilePosition == job.FilePosition)
                .ExecuteUpdateAsync(
                    set => set
                        .SetProperty(j => j.FilePosition, filePosition)
                        .SetProperty(j => j.FileBytes, j => j.FileBytes + page.Content.Length)
                        .SetProperty(j => j.Position, j => j.Position + page.Users)
                        .SetProperty(j => j.After, after)
                        .SetProperty(j => j.WorkedUntil, until),
                    token),
            cancellation);
        if (moved == 0) return false;
        (job.FilePosition, job.After, job.Position) = (filePosition, after, job.Position + page.Users);
        return true;
    }
}
