using Custodia.Identity.Retention;
using Custodia.Kernel.Storage;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Groups;

/// <summary>Groups go when the account ends the service; who was in them goes with the people.</summary>
internal sealed class GroupTermination(IdentityContext database, AccountServices services) : TerminationRule(Group.Category, services)
{
    protected override Task<long> CountAsync(IReadOnlyList<long> accounts, CancellationToken cancellation) =>
        database.Set<Group>().LongCountAsync(g => accounts.Contains(g.Account), cancellation);

    protected override Task<DateTimeOffset?> OldestAsync(CancellationToken cancellation) =>
        database.Set<Group>().MinAsync(g => (DateTimeOffset?)g.CreatedAt, cancellation);

    protected override Task<int> DeleteAsync(IReadOnlyList<long> accounts, CancellationToken cancellation) =>
        database.InTransactionAsync(
            async token =>
            {
                await database.Set<GroupMember>().Where(m => accounts.Contains(m.Account)).ExecuteDeleteAsync(token);
                return await database.Set<Group>().Where(g => accounts.Contains(g.Account)).ExecuteDeleteAsync(token);
            },
            cancellation);
}
