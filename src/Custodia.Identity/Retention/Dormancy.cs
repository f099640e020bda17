using Custodia.Identity.Users;
using Custodia.Kernel.Deletion;
using Custodia.Kernel.Retention;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Retention;

/// <summary>
/// Users who have not signed in for longer than their directory keeps them are deleted, by a deletion request as any other: through
/// every module, with evidence; who waits for the end of a grace is still counted as due. Directories without a limit keep their users.
/// </summary>
internal sealed class Dormancy(IdentityContext database, DeletionRequests requests) : IRetentionRule
{
    public string Category => User.Category;

    public string Trigger => "dormant";

    public async Task<RetentionPreview> PreviewAsync(RetentionMoment moment, CancellationToken cancellation)
    {
        long due = 0;
        foreach (var (directory, _, before) in await LimitsAsync(moment.Now, cancellation))
            due += await Dormant(directory, before).LongCountAsync(cancellation);
        return new RetentionPreview(due, await database.Users.MinAsync(u => (DateTimeOffset?)u.CreatedAt, cancellation));
    }

    public async Task<int> EnforceAsync(RetentionMoment moment, CancellationToken cancellation)
    {
        var opened = 0;
        foreach (var (directory, grace, before) in await LimitsAsync(moment.Now, cancellation))
            opened += await requests.OpenAsync(Dormant(directory, before), grace, cancellation);
        return opened;
    }

    // Staff are not deleted for being away.
    private IQueryable<User> Dormant(Guid directory, DateTimeOffset before) =>
        database.Users.Where(u => u.DirectoryId == directory
            && (u.LastSignInAt < before || (u.LastSignInAt == null && u.CreatedAt < before)));

    private async Task<List<(Guid Directory, int Grace, DateTimeOffset Before)>> LimitsAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        var limits = await database.Directories.AsNoTracking()
            .Where(d => d.DormantDays != null && d.Kind == Directories.DirectoryKind.Customer)
            .Select(d => new { d.Id, d.GraceDays, d.DormantDays })
            .ToListAsync(cancellation);
        return [.. limits.Select(l => (l.Id, l.GraceDays, now.AddDays(-l.DormantDays!.Value)))];
    }
}
