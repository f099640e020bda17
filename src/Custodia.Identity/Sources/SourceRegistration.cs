using Custodia.Console;
using Custodia.Identity.Administration;
using Custodia.Identity.Browsers;
using Custodia.Identity.PersonData;
using Custodia.Identity.Sources.Providers;
using Custodia.Kernel.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Identity.Sources;

/// <summary>Signing in with identity providers elsewhere: what it needs and where its endpoints are.</summary>
internal static class SourceRegistration
{
    public static void AddSources(this ModuleBuilder module)
    {
        var services = module.Services;
        services.AddSingleton<ProviderConfigurations>().AddSingleton<IdTokenValidation>().AddSingleton<ProtectedCookies>().AddSingleton<ExternalCookies>();
        services.AddScoped<SourceRegistry>().AddScoped<LinkedIdentities>().AddScoped<ProviderClient>().AddScoped<ExternalSignIn>();
        services.AddScoped<IPersonData, LinkedIdentityData>();
        services.AddSingleton(new DirectorySection("sources", () => SourceTexts.Of("Tab"), 40, Permissions.DirectoriesRead));
        foreach (var (code, tone) in SourceNotes.All) services.AddSingleton(new NoticeText(code, () => SourceTexts.Of("Note_" + code), tone));
        module.AddRetentionRule<SourceTermination>();
    }

    public static void MapSources(this IEndpointRouteBuilder routes)
    {
        routes.MapExternalSignIn();
        routes.MapArrival();
        routes.MapSourcesApi();
        routes.MapSourcePages();
    }
}
