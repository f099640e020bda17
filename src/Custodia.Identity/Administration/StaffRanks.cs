using Custodia.Identity.SubAccounts;
using Custodia.Identity.Users;
using Custodia.Kernel.Access;
using Custodia.Kernel.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Identity.Administration;

/// <summary>
/// Who of the staff stands above whom. Whoever may change how somebody signs in could sign in as them, so nobody changes a member of
/// staff who may do more than they may themselves; and an account always keeps an owner who can sign in.
/// </summary>
internal sealed class StaffRanks(IdentityContext database, PermissionCatalogue permissions)
{
    /// <summary>Whether the caller may do everything that these roles may.</summary>
    public bool Cover(Caller caller, IReadOnlyCollection<string> roles) => permissions.Of(roles).IsSubsetOf(caller.Permissions);

    /// <summary>Whether the caller may change this user; a user of a customer directory has no roles.</summary>
    public async Task<bool> ReachesAsync(Caller caller, Guid user, CancellationToken cancellation) =>
        await database.SubAccounts.AsNoTracking().FirstOrDefaultAsync(s => s.UserId == user && s.Account == caller.Account, cancellation) is not { } member
        || Cover(caller, member.RoleList);

    /// <summary>What every change holds that could take an account its last owner, so that each sees what the one before has left.</summary>
    public static string OwnersOf(long account) => $"owners/{account}";

    /// <summary>Whether nobody else is an owner who can sign in.</summary>
    public async Task<bool> IsLastOwnerAsync(SubAccount member, CancellationToken cancellation) =>
        member.RoleList.Contains(Role.Owner, StringComparer.Ordinal)
        && !await database.SubAccounts.AnyAsync(
            s => s.Account == member.Account && s.Uin != member.Uin && (" " + s.Roles + " ").Contains(" " + Role.Owner + " ")
                && database.Users.Any(u => u.Id == s.UserId && u.Status == UserStatus.Normal),
            cancellation);

    /// <summary>The same for a user; false for everybody who is no owner.</summary>
    public async Task<bool> IsLastOwnerAsync(User user, CancellationToken cancellation) =>
        await database.SubAccounts.AsNoTracking().FirstOrDefaultAsync(s => s.UserId == user.Id, cancellation) is { } member
        && await IsLastOwnerAsync(member, cancellation);
}

/// <summary>Keeps endpoints that change the user <c>{id}</c> to what <see cref="StaffRanks"/> allows.</summary>
internal static class StaffRankFilter
{
    public static RouteHandlerBuilder WithinOwnRank(this RouteHandlerBuilder endpoint) => endpoint.AddEndpointFilter(async (context, next) =>
    {
        var http = context.HttpContext;
        var ranks = http.RequestServices.GetRequiredService<StaffRanks>();
        return Guid.TryParse(http.GetRouteValue("id") as string, out var user) && !await ranks.ReachesAsync(http.Caller(), user, http.RequestAborted)
            ? TooHigh()
            : await next(context);
    });

    public static IResult TooHigh() => Problem.Forbidden("role-too-high", "This member of staff has a role that is above yours.");
}
