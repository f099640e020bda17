using Custodia.Console;
using Custodia.Kernel.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Identity.Merging;

/// <summary>Making one account of two: what it needs and where its endpoints are.</summary>
internal static class MergeRegistration
{
    public static void AddMerging(this ModuleBuilder module)
    {
        module.Services.AddScoped<AccountMerge>();
        module.Services.AddSingleton(new NoticeText("merged", () => MergeTexts.Of("Merged")));
    }

    public static void MapMerging(this IEndpointRouteBuilder routes)
    {
        routes.MapMergeApi();
        routes.MapMergePages();
    }
}
