using System.Globalization;
using System.Runtime.CompilerServices;
using Custodia.Identity.PersonData;
using Custodia.Kernel.Deletion;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Groups;

/// <summary>Which groups a person is in.</summary>
internal sealed class GroupData(IdentityContext database) : IPersonData
{
    public async IAsyncEnumerable<ExportedItem> ExportAsync(Subject subject, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var memberships =
            from member in database.Set<GroupMember>().AsNoTracking()
            where member.UserId == subject.Person && member.Account == subject.Account
            join grp in database.Set<Group>() on member.GroupId equals grp.Id
            orderby grp.NameKey
            select new { grp.Name, member.GroupId, member.AddedAt };
        await foreach (var membership in memberships.AsAsyncEnumerable().WithCancellation(cancellation))
        {
            yield return new ExportedItem(
                GroupMember.Category,
                membership.GroupId.ToString("N"),
                [new("group-id", membership.Name), new("added-at", membership.AddedAt.ToString("O", CultureInfo.InvariantCulture))]);
        }
    }

    public async Task<IReadOnlyList<ErasedCategory>> EraseAsync(Subject subject, CancellationToken cancellation)
    {
        var members = await database.Set<GroupMember>().Where(m => m.UserId == subject.Person && m.Account == subject.Account).ExecuteDeleteAsync(cancellation);
        return [new ErasedCategory(GroupMember.Category, members, members, 0, null)];
    }
}
