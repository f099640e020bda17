using Custodia.Console;
using Custodia.Identity.Branding;
using Custodia.Identity.Protocol;
using Custodia.Identity.Directories;
using Custodia.Identity.Sessions;
using Custodia.Identity.SubAccounts;
using Custodia.Identity.Users;
using Custodia.Kernel.Access;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Identity.Callers;

/// <summary>Finds out who calls: by token, else by the session of the directory that the rule is about.</summary>
internal sealed class CallerResolver(
    IdentityContext database, LiveSessions sessions, UserProfiles profiles, PermissionCatalogue permissions, IEnumerable<IAccessTokens> tokens) : ICallerResolver
{
    private const string StaffHome = "staff";

    public async ValueTask<Caller?> ResolveAsync(HttpContext http, AccessRule rule, CancellationToken cancellation)
    {
        if (BearerToken.IsSent(http)) return BearerToken.Of(http) is { } presented ? await ByTokenAsync(http, presented, cancellation) : null;
        var live = rule is AccessRule.NeedsUser ? await OfRouteAsync(http, cancellation) : await StaffAsync(http, cancellation);
        if (live is null) return null;
        var caller = await OfUserAsync(live.User, live.Directory, SourceOf(http), live.Reference, cancellation);
        if (caller is null) return null;
        http.Features.Set(live);
        await DressAsync(http, live.Directory, caller, cancellation);
        return caller;
    }

    /// <summary>What layouts show of the person who looks at a page.</summary>
    private static async Task DressAsync(HttpContext http, Directory directory, Caller caller, CancellationToken cancellation)
    {
        var frame = PageFrame.Of(http);
        frame.Viewer = new Viewer(
            caller.Name,
            directory.TitleNow(),
            caller.Can,
            $"/d/{directory.Name}/sign-out",
            $"/account/{directory.Name}");
        if (!directory.IsStaff) frame.Brand = await http.RequestServices.GetRequiredService<Brandings>().BrandAsync(directory, cancellation);
    }

    public string SignInPath(HttpContext http, AccessRule rule)
    {
        var directory = rule is AccessRule.NeedsUser && http.GetRouteValue("directory") is string name ? name : StaffHome;
        var here = http.Request.PathBase.Add(http.Request.Path).ToUriComponent() + http.Request.QueryString.ToUriComponent();
        // What was posted cannot be posted again after signing in; the person starts from the page's home.
        var back = HttpMethods.IsGet(http.Request.Method) ? $"?return={Uri.EscapeDataString(here)}" : "";
        return $"/d/{Uri.EscapeDataString(directory)}/sign-in{back}";
    }

    private ValueTask<LiveSession?> OfRouteAsync(HttpContext http, CancellationToken cancellation) =>
        http.GetRouteValue("directory") is string name ? sessions.FindAsync(http, name, cancellation) : default;

    // The console's address names no directory: the first cookie that belongs to a staff directory and is valid counts.
    private async Task<LiveSession?> StaffAsync(HttpContext http, CancellationToken cancellation)
    {
        foreach (var name in SessionCookie.Directories(http))
        {
            if (await sessions.FindAsync(http, name, cancellation) is { Directory.IsStaff: true } live) return live;
        }

        return null;
    }

    private async Task<Caller?> ByTokenAsync(HttpContext http, PresentedToken presented, CancellationToken cancellation)
    {
        AccessToken? token = null;
        foreach (var validator in tokens) token ??= await validator.ValidateAsync(http, presented, cancellation);
        if (token is null) return null;
        var directory = await database.Directories.AsNoTracking().FirstOrDefaultAsync(d => d.Id == token.DirectoryId, cancellation);
        if (directory is null) return null;
        if (token.UserId is { } userId)
        {
            var user = await database.Users.AsNoTracking().FirstOrDefaultAsync(u => u.Id == userId && u.Status == UserStatus.Normal, cancellation);
            if (user is null) return null;
            var caller = await OfUserAsync(user, directory, RequestSource.Api, token.Jti, cancellation);
            return token.Permissions.Count == 0 || caller is null
                ? caller
                : caller with { Permissions = [.. caller.Permissions.Intersect(token.Permissions, StringComparer.Ordinal)] };
        }

        var appId = await AppIdAsync(token.Account, cancellation);
        return new Caller(CallerKind.Application, token.Account, appId, null, token.MadeBy, token.ClientId, directory.Name, RequestSource.Api, token.Jti)
        {
            Permissions = [.. token.Permissions.Intersect(permissions.All, StringComparer.Ordinal)],
        };
    }

    private async Task<Caller?> OfUserAsync(User user, Directory directory, RequestSource source, string reference, CancellationToken cancellation)
    {
        var name = await profiles.OpenAsync(user, UserField.UserName, ProfileUse.Identification, cancellation)
            ?? await profiles.OpenAsync(user, UserField.Email, ProfileUse.Identification, cancellation)
            ?? user.Id.ToString("N");
        var appId = await AppIdAsync(user.Account, cancellation);
        if (!directory.IsStaff)
            return new Caller(CallerKind.User, user.Account, appId, user.Id, 0, name, directory.Name, source, reference);
        var member = await database.SubAccounts.AsNoTracking().FirstOrDefaultAsync(s => s.UserId == user.Id, cancellation);
        return member is null ? null : OfMember(user, member, directory, appId, name, source, reference);
    }

    private Caller OfMember(User user, SubAccount member, Directory directory, long appId, string name, RequestSource source, string reference) =>
        new(CallerKind.SubAccount, user.Account, appId, user.Id, member.Uin, name, directory.Name, source, reference)
        {
            Roles = member.RoleList,
            Permissions = permissions.Of(member.RoleList),
        };

    private Task<long> AppIdAsync(long account, CancellationToken cancellation) =>
        database.Accounts.Where(a => a.Uin == account).Select(a => a.AppId).FirstOrDefaultAsync(cancellation);

    private static RequestSource SourceOf(HttpContext http) =>
        http.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase) ? RequestSource.Api : RequestSource.Console;
}
