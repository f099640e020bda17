using Custodia.Kernel.Access;
using Custodia.Kernel.Deletion;
using Custodia.Kernel.Policy;
using Custodia.Kernel.Policy.Review;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Console.Protection;

/// <summary>The console's privacy pages: deletion requests with their clock, the whitelist, and all logs.</summary>
public static class ProtectionPages
{
    internal const string Deletions = "/console/privacy";
    internal const string Whitelist = "/console/privacy/whitelist";
    internal const string Logs = "/console/logs";

    /// <summary>Adds the pages' entries to the navigation.</summary>
    public static IServiceCollection AddProtectionPages(this IServiceCollection services)
    {
        services.AddSingleton(new NavItem(NavArea.Privacy, () => Words.Of("Deletions"), Deletions, "deletion", 10, DeletionAccess.Read));
        services.AddSingleton(new NavItem(NavArea.Privacy, () => Words.Of("Reveals"), $"{Logs}/kernel.reveal-log", "reveal", 20, DeletionAccess.Read));
        services.AddSingleton(new NavItem(NavArea.Privacy, () => Words.Of("Whitelist"), Whitelist, "policy", 30));
        services.AddSingleton(new NavItem(NavArea.Privacy, () => Words.Of("Policy"), PolicyPages.Home, "policy", 35, PolicyAccess.Read));
        services.AddSingleton(new NavItem(NavArea.Privacy, () => Words.Of("Logs"), Logs, "log", 40));
        services.AddSingleton(new NoticeText(PolicyPages.Confirmed, () => Words.Of("PolicyConfirmed")));
        return services;
    }

    /// <summary>Maps the pages.</summary>
    public static void MapProtectionPages(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Deletions, DeletionsAsync).RequirePermission(DeletionAccess.Read);
        routes.MapGet(Whitelist, ShowWhitelist).RequirePermission(StaffAccess.Console);
        PolicyPages.Map(routes);
        LogPages.Map(routes);
    }

    private static async Task<IResult> DeletionsAsync(DeletionRequests requests, HttpContext http, long? before, CancellationToken cancellation)
    {
        const int size = 50;
        var account = http.Caller().Account;
        DateTimeOffset? from = before is >= 0 and <= 253_402_300_799_999L ? DateTimeOffset.FromUnixTimeMilliseconds(before.Value) : null;
        var items = await requests.ListAsync(account, from, size, cancellation);
        return Page.Show<DeletionsPage>(new
        {
            Items = items,
            Figures = await requests.FiguresAsync(account, cancellation),
            Older = items.Count == size ? $"{Deletions}?before={items[^1].RequestedAt.ToUnixTimeMilliseconds()}" : null,
        });
    }

    private static IResult ShowWhitelist(LoadedPolicy policy) =>
        Page.Show<WhitelistPage>(new { Categories = policy.Categories.Where(c => c.Fields.Any(f => f.Personal)).ToArray() });
}
