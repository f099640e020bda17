using System.Globalization;
using System.Runtime.CompilerServices;
using Custodia.Identity.PersonData;
using Custodia.Kernel.Deletion;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Jobs;

/// <summary>
/// A person's part in jobs: those a member of staff started, and files with users of the person's directory. A file cannot give up one
/// row, so with a person of the directory every export goes.
/// </summary>
internal sealed class JobData(IdentityContext database, JobTidying tidying) : IPersonData
{
    public async IAsyncEnumerable<ExportedItem> ExportAsync(Subject subject, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var jobs = database.Jobs.AsNoTracking().Where(j => j.StartedBy == subject.Person && j.Account == subject.Account);
        await foreach (var job in jobs.AsAsyncEnumerable().WithCancellation(cancellation))
        {
            yield return new ExportedItem(
                Job.Category,
                job.Id.ToString("N"),
                [
                    new("started-by", subject.Person.ToString()),
                    new("kind", job.Kind.ToString()),
                    new("status", job.Status.ToString()),
                    new("created-at", job.CreatedAt.ToString("O", CultureInfo.InvariantCulture)),
                ]);
        }
    }

    public async Task<IReadOnlyList<ErasedCategory>> EraseAsync(Subject subject, CancellationToken cancellation)
    {
        var started = await database.Jobs.Where(j => j.StartedBy == subject.Person && j.Account == subject.Account)
            .ExecuteUpdateAsync(set => set.SetProperty(j => j.StartedBy, (Guid?)null), cancellation);
        var directories = database.Users.Where(u => u.Id == subject.Person && u.Account == subject.Account).Select(u => u.DirectoryId);
        var exports = await database.Jobs.AsNoTracking()
            .Where(j => j.Kind == JobKind.Export && j.HasFile && directories.Contains(j.DirectoryId))
            .ToListAsync(cancellation);
        foreach (var job in exports)
        {
            await database.Jobs.Where(j => j.Id == job.Id && (j.Status == JobStatus.Waiting || j.Status == JobStatus.Running))
                .ExecuteUpdateAsync(set => set.SetProperty(j => j.Status, JobStatus.Cancelled).SetProperty(j => j.Failure, "person-erased"), cancellation);
            await tidying.DeleteFileAsync(job, "person erased", cancellation);
        }

        return
        [
            new ErasedCategory(Job.Category, started, 0, started, started == 0 ? null : "What was done stays; that this person did it does not."),
            new ErasedCategory(JobFilePart.Category, exports.Count, exports.Count, 0, null),
        ];
    }
}
