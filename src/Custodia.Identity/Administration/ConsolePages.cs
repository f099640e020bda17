using Custodia.Console;
using Custodia.Identity.Statistics;
using Custodia.Kernel.Access;
using Custodia.Kernel.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Identity.Administration;

/// <summary>The dashboard, and what all console pages of Identity have in common.</summary>
internal static class ConsolePages
{
    public static void AddNavigation(IServiceCollection services)
    {
        services.AddSingleton(new NavItem(NavArea.Overview, () => Texts.Of("Dashboard"), "/console", "chart", 0, Permissions.StatisticsRead));
        services.AddSingleton(new NavItem(NavArea.Identity, () => Texts.Of("Users"), "/console/users", "users", 10, Permissions.UsersRead));
        services.AddSingleton(new NavItem(NavArea.Identity, () => Texts.Of("Directories"), "/console/directories", "directory", 20, Permissions.DirectoriesRead));
        services.AddSingleton(new NavItem(NavArea.Settings, () => Texts.Of("SubAccounts"), "/console/sub-accounts", "key", 10, Permissions.SubAccountsRead));
    }

    public static void MapDashboard(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/console", ShowAsync).RequirePermission(Permissions.StatisticsRead).ExcludeFromDescription();

    private static async Task<IResult> ShowAsync(
        HttpContext http, UserQueries queries, StatisticsReader reader, string? directory, CancellationToken cancellation)
    {
        var all = await queries.DirectoriesAsync(http.Caller().Account, cancellation);
        var shown = string.IsNullOrEmpty(directory) ? all : all.FindAll(d => d.Name == directory);
        if (shown.Count == 0) return Problem.NotFound("directory");
        return View.Show<DashboardPage>(new DashboardModel(all, string.IsNullOrEmpty(directory) ? null : directory, await reader.ReadAsync(shown, cancellation)));
    }
}
