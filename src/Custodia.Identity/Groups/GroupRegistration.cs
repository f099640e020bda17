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
        module.Services.AddScoped<IPersonData, GroupData>();
        module.AddRetentionRule<GroupTermination>();
    }

    public static void MapGroups(this IEndpointRouteBuilder routes) => routes.MapGroupsApi();
}
