using Custodia.Identity.PersonData;
using Custodia.Kernel.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Identity.Groups;

/// <summary>Groups of users.</summary>
internal static class GroupRegistration
{
    public static void AddGroups(this ModuleBuilder module)
    {
        module.Services.AddScoped<IPersonData, GroupData>();
        module.AddRetentionRule<GroupTermination>();
    }
}
