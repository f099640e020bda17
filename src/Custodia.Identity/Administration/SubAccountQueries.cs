using Custodia.Identity.SubAccounts;
using Custodia.Identity.Users;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Administration;

/// <summary>A member of staff with their user.</summary>
internal sealed record Member(SubAccount SubAccount, User User);

/// <summary>Finds members of staff, always within the account, always masked.</summary>
internal sealed class SubAccountQueries(IdentityContext database, UserProfiles profiles)
{
    /// <summary>Newest first; one row more than <paramref name="limit"/>.</summary>
    public Task<List<Member>> PageAsync(long account, Guid? before, int limit, CancellationToken cancellation)
    {
        var members = Of(account);
        if (before is { } cursor) members = members.Where(m => m.User.Id < cursor);
        return members.OrderByDescending(m => m.User.Id).Take(limit + 1).Select(m => new Member(m.SubAccount, m.User)).ToListAsync(cancellation);
    }

    public Task<Member?> FindAsync(long account, long uin, CancellationToken cancellation) =>
        Of(account).Where(m => m.SubAccount.Uin == uin).Select(m => new Member(m.SubAccount, m.User)).FirstOrDefaultAsync(cancellation);

    public async Task<SubAccountAnswer> AnswerAsync(Member member, CancellationToken cancellation) => new(
        member.SubAccount.Uin,
        member.User.Id,
        member.SubAccount.RoleList,
        UserQueries.StatusName(member.User.Status),
        member.SubAccount.CreatedAt,
        member.User.LastSignInAt,
        MaskedProfile.Of(await profiles.MaskAsync(member.User, cancellation)));

    private IQueryable<Pair> Of(long account) =>
        from member in database.SubAccounts.AsNoTracking()
        where member.Account == account
        join user in database.Users.AsNoTracking() on member.UserId equals user.Id
        select new Pair { SubAccount = member, User = user };

    private sealed class Pair
    {
        public required SubAccount SubAccount { get; init; }

        public required User User { get; init; }
    }
}
