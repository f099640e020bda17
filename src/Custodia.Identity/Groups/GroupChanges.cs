using Custodia.Identity.Directories;
using Custodia.Identity.Users;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Groups;

/// <summary>Changes groups and who is in them; the unique index decides who has a name first.</summary>
internal sealed class GroupChanges(IdentityContext database, TimeProvider time)
{
    /// <summary>As many members can be named in one call.</summary>
    public const int MaxMembers = 1000;

    public async Task<GroupOutcome> CreateAsync(Directory directory, GroupText text, IReadOnlyCollection<Guid> members, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var group = new Group
        {
            Id = Guid.CreateVersion7(now),
            Account = directory.Account,
            DirectoryId = directory.Id,
            Name = text.Name,
            NameKey = Group.KeyOf(text.Name),
            Description = text.Description,
            ExternalId = text.ExternalId,
            CreatedAt = now,
            UpdatedAt = now,
        };
        return await StoreAsync(
            group,
            async token =>
            {
                database.Add(group);
                await database.SaveChangesAsync(token);
                return await JoinAsync(group, members, token);
            },
            cancellation);
    }

    /// <param name="members">Exactly these are in it afterwards; null leaves them.</param>
    public async Task<GroupOutcome> ChangeAsync(Group group, GroupText text, IReadOnlyCollection<Guid>? members, CancellationToken cancellation) =>
        await StoreAsync(
            group,
            async token =>
            {
                var now = time.GetUtcNow();
                var key = Group.KeyOf(text.Name);
                var there = await database.Set<Group>().Where(g => g.Id == group.Id).ExecuteUpdateAsync(
                    set => set
                        .SetProperty(g => g.Name, text.Name)
                        .SetProperty(g => g.NameKey, key)
                        .SetProperty(g => g.Description, text.Description)
                        .SetProperty(g => g.ExternalId, text.ExternalId)
                        .SetProperty(g => g.UpdatedAt, now)
                        .SetProperty(g => g.Version, g => g.Version + 1),
                    token);
                if (there == 0) throw new GoneException();
                if (members is null) return true;
                await database.Set<GroupMember>().Where(m => m.GroupId == group.Id && !members.Contains(m.UserId)).ExecuteDeleteAsync(token);
                return await JoinAsync(group, members, token);
            },
            cancellation);

    public async Task<GroupOutcome> AddAsync(Group group, IReadOnlyCollection<Guid> users, CancellationToken cancellation) =>
        await StoreAsync(
            group,
            async token =>
            {
                await TouchAsync(group, token);
                return await JoinAsync(group, users, token);
            },
            cancellation);

    public async Task<GroupOutcome> RemoveAsync(Group group, IReadOnlyCollection<Guid> users, CancellationToken cancellation) =>
        await StoreAsync(
            group,
            async token =>
            {
                await database.Set<GroupMember>().Where(m => m.GroupId == group.Id && users.Contains(m.UserId)).ExecuteDeleteAsync(token);
                await TouchAsync(group, token);
                return true;
            },
            cancellation);

    public Task<bool> DeleteAsync(Group group, CancellationToken cancellation) => database.AloneAsync(
        Turn(group),
        async token =>
        {
            await database.Set<GroupMember>().Where(m => m.GroupId == group.Id).ExecuteDeleteAsync(token);
            return await database.Set<Group>().Where(g => g.Id == group.Id).ExecuteDeleteAsync(token) == 1;
        },
        cancellation);

    private static string Turn(Group group) => $"group/{group.Id:N}";

    private async Task<GroupOutcome> StoreAsync(Group group, Func<CancellationToken, Task<bool>> work, CancellationToken cancellation)
    {
        try
        {
            return await database.AloneAsync<GroupOutcome>(
                Turn(group),
                async token => await work(token) ? new GroupOutcome.Stored(group) : throw new StrangerException(),
                cancellation);
        }
        catch (StrangerException)
        {
            database.ChangeTracker.Clear();
            return new GroupOutcome.UnknownMember();
        }
        catch (GoneException)
        {
            return new GroupOutcome.Gone();
        }
        catch (Exception e) when (UniqueConflict.Caused(e as DbUpdateException ?? new DbUpdateException("", e)))
        {
            database.ChangeTracker.Clear();
            return new GroupOutcome.Taken();
        }
    }

    /// <summary>False when somebody is not of the group's directory.</summary>
    private async Task<bool> JoinAsync(Group group, IReadOnlyCollection<Guid> users, CancellationToken cancellation)
    {
        var wanted = users.Distinct().ToArray();
        if (wanted.Length == 0) return true;
        if (await database.Users.CountAsync(u => u.DirectoryId == group.DirectoryId && wanted.Contains(u.Id), cancellation) != wanted.Length) return false;
        var there = await database.Set<GroupMember>().Where(m => m.GroupId == group.Id && wanted.Contains(m.UserId)).Select(m => m.UserId).ToListAsync(cancellation);
        var now = time.GetUtcNow();
        foreach (var user in wanted.Except(there)) database.Add(new GroupMember { GroupId = group.Id, UserId = user, Account = group.Account, AddedAt = now });
        await database.SaveChangesAsync(cancellation);
        return true;
    }

    private async Task TouchAsync(Group group, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var there = await database.Set<Group>().Where(g => g.Id == group.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(g => g.UpdatedAt, now).SetProperty(g => g.Version, g => g.Version + 1), cancellation);
        if (there == 0) throw new GoneException();
    }

    private sealed class StrangerException : Exception;

    private sealed class GoneException : Exception;
}

internal sealed record GroupText(string Name, string? Description, string? ExternalId);

internal abstract record GroupOutcome
{
    public sealed record Stored(Group Group) : GroupOutcome;

    /// <summary>A group of the directory has this name already.</summary>
    public sealed record Taken : GroupOutcome;

    /// <summary>Somebody named is not a user of the directory.</summary>
    public sealed record UnknownMember : GroupOutcome;

    /// <summary>The group was deleted meanwhile.</summary>
    public sealed record Gone : GroupOutcome;
}
