using Custodia.Identity.Administration;
using Custodia.Identity.Directories;
using Custodia.Identity.Users;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Groups;

/// <summary>Reads groups for staff, always within the account.</summary>
internal sealed class GroupQueries(IdentityContext database, UserQueries users)
{
    private const int MaxNames = 200;

    public Task<Group?> FindAsync(long account, Guid id, CancellationToken cancellation) =>
        database.Set<Group>().AsNoTracking().FirstOrDefaultAsync(g => g.Id == id && g.Account == account, cancellation);

    public Task<Directory> DirectoryAsync(Group group, CancellationToken cancellation) =>
        database.Directories.AsNoTracking().SingleAsync(d => d.Id == group.DirectoryId, cancellation);

    /// <summary>Newest first; one row more than <paramref name="limit"/>.</summary>
    /// <param name="part">What the names hold, whatever the case; null for all.</param>
    public async Task<List<GroupAnswer>> PageAsync(Directory directory, string? part, Guid? before, int limit, CancellationToken cancellation)
    {
        var groups = database.Set<Group>().AsNoTracking().Where(g => g.DirectoryId == directory.Id);
        if (!string.IsNullOrWhiteSpace(part))
        {
            var key = Group.KeyOf(part.Trim());
            groups = groups.Where(g => g.NameKey.Contains(key));
        }

        if (before is { } cursor) groups = groups.Where(g => g.Id < cursor);
        var page = await groups.OrderByDescending(g => g.Id).Take(limit + 1)
            .Select(g => new { Group = g, Members = database.Set<GroupMember>().Count(m => m.GroupId == g.Id) })
            .ToListAsync(cancellation);
        return page.ConvertAll(g => GroupAnswer.Of(g.Group, directory.Name, g.Members));
    }

    /// <summary>Groups of a directory by name, for choosing one; not more than can be looked through.</summary>
    public Task<List<GroupName>> NamesAsync(Directory directory, CancellationToken cancellation) =>
        database.Set<Group>().AsNoTracking().Where(g => g.DirectoryId == directory.Id)
            .OrderBy(g => g.NameKey).Take(MaxNames).Select(g => new GroupName(g.Id, g.Name)).ToListAsync(cancellation);

    /// <summary>The groups that a user is in, by name.</summary>
    public Task<List<GroupName>> OfAsync(Guid user, CancellationToken cancellation) =>
        database.Set<GroupMember>().AsNoTracking().Where(m => m.UserId == user)
            .Join(database.Set<Group>(), m => m.GroupId, g => g.Id, (_, g) => g)
            .OrderBy(g => g.NameKey).Take(MaxNames).Select(g => new GroupName(g.Id, g.Name)).ToListAsync(cancellation);

    /// <summary>Null when it is not there, also because somebody has just deleted it.</summary>
    public async Task<GroupAnswer?> AnswerAsync(Guid id, CancellationToken cancellation)
    {
        if (await database.Set<Group>().AsNoTracking().SingleOrDefaultAsync(g => g.Id == id, cancellation) is not { } group) return null;
        return GroupAnswer.Of(group, (await DirectoryAsync(group, cancellation)).Name, await database.Set<GroupMember>().CountAsync(m => m.GroupId == id, cancellation));
    }

    /// <summary>Members with masks; one row more than <paramref name="limit"/>.</summary>
    public async Task<List<UserAnswer>> MembersAsync(Group group, Guid? before, int limit, CancellationToken cancellation)
    {
        var members = new UserSelection(Group: group.Id).Of(database, group.DirectoryId).AsNoTracking();
        if (before is { } cursor) members = members.Where(u => u.Id < cursor);
        var page = await members.OrderByDescending(u => u.Id).Take(limit + 1).ToListAsync(cancellation);
        return await users.AnswersAsync(page, await DirectoryAsync(group, cancellation), cancellation);
    }
}

internal sealed record GroupName(Guid Id, string Name);
