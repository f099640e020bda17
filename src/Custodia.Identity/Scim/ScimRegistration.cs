using Custodia.Identity.PersonData;
using Custodia.Kernel.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Identity.Scim;

/// <summary>Provisioning by SCIM 2.0 (RFC 7643, RFC 7644).</summary>
internal static class ScimRegistration
{
    public static void AddScim(this ModuleBuilder module)
    {
        var services = module.Services;
        services.AddScoped<ScimUserQuery>();
        services.AddScoped<ScimExternalIds>();
        services.AddScoped<ScimUserValues>();
        services.AddScoped<ScimUserChange>();
        services.AddScoped<ScimUserWriting>();
        services.AddScoped<ScimUserDeletion>();
        services.AddScoped<ScimResources>();
        services.AddScoped<IPersonData, ProvisioningData>();
        // Before the framework's, which writes everything.
        services.Insert(0, ServiceDescriptor.Singleton<IProblemDetailsWriter, ScimProblemWriter>());
    }

    public static void MapScim(this IEndpointRouteBuilder routes)
    {
        var scim = routes.MapGroup("/scim/v2/{directory}").ExcludeFromDescription();
        scim.AddEndpointFilter(ScimAnswer.FilterAsync);
        scim.MapScimDiscovery();
        scim.MapScimUsers();
        scim.MapScimGroups();
        scim.MapScimRest();
    }
}
