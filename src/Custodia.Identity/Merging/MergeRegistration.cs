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
        module.Services.AddScoped<AccountMerge>().AddScoped<MergeIntents>();
        module.Services.AddSingleton(new NoticeText("merged", () => MergeTexts.Of("Merged")));
        module.Services.AddSingleton(new NoticeText("merge-sign-in", () => MergeTexts.Of("Note_merge-sign-in")));
    }

    public static void MapMerging(this IEndpointRouteBuilder routes)
    {
        routes.MapMergeApi();
        routes.MapMergePages();
    }
}
