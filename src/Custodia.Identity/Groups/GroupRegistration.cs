using Custodia.Console;
using Custodia.Identity.Administration;
using Custodia.Identity.PersonData;
using Custodia.Kernel.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Identity.Groups;

/// <summary>Groups of users.</summary>
internal static class GroupRegistration
{
    public static void AddGroups(this ModuleBuilder module)
    {
        module.Services.AddScoped<GroupChanges>();
        module.Services.AddScoped<GroupQueries>();
        module.Services.AddSingleton<GroupClaims>();
        module.Services.AddScoped<IPersonData, GroupData>();
        module.Services.AddSingleton(new DirectorySection(GroupPages.Section, () => GroupTexts.Of("Tab"), 15, Permissions.UsersRead));
        module.Services.AddSingleton(new NoticeText(GroupPages.Joined, () => GroupTexts.Of("Joined")));
        module.Services.AddSingleton(new NoticeText(GroupPages.Left, () => GroupTexts.Of("Left")));
        module.AddRetentionRule<GroupTermination>();
    }

    public static void MapGroups(this IEndpointRouteBuilder routes)
    {
        routes.MapGroupsApi();
        routes.MapGroupPages();
    }
}
