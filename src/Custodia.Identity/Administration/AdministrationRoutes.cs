using Custodia.Kernel.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Identity.Administration;

/// <summary>The administration of accounts, directories and people, by API and in the console.</summary>
internal static class AdministrationRoutes
{
    public static void Add(ModuleBuilder module)
    {
        Permissions.Register(module);
        ConsolePages.AddNavigation(module.Services);
        module.Services.AddScoped<UserQueries>();
        module.Services.AddScoped<UserCreation>();
        module.Services.AddScoped<UserReveal>();
        module.Services.AddScoped<DirectorySettings>();
        module.Services.AddScoped<SubAccountQueries>();
        module.Services.AddScoped<SubAccountChanges>();
        module.Services.AddScoped<MemberDeletion>();
        module.Services.AddScoped<StaffRanks>();
        module.Services.AddScoped<Statistics.StatisticsReader>();
        module.Services.AddSingleton(new DirectorySection("", () => Texts.Of("DirectoryOverview"), 0, Permissions.DirectoriesRead));
    }

    public static void MapAdministration(this IEndpointRouteBuilder routes)
    {
        routes.MapUsersApi();
        routes.MapDirectoriesApi();
        routes.MapSubAccountsApi();
        routes.MapStatisticsApi();
        routes.MapDashboard();
        routes.MapUserPages();
        routes.MapDirectoryPages();
        routes.MapStaffPages();
    }
}
