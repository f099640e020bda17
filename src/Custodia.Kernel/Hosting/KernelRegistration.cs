using Custodia.Kernel.Access;
using Custodia.Kernel.Deletion;
using Custodia.Kernel.Delivery;
using Custodia.Kernel.Http;
using Custodia.Kernel.Http.Outbound;
using Custodia.Kernel.Messaging;
using Custodia.Kernel.Policy;
using Custodia.Kernel.Storage;
using Custodia.Kernel.Streams;
using Custodia.Kernel.Vault;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Custodia.Kernel.Hosting;

/// <summary>Registers the kernel and the modules: the same for the server and for the verbs of the command line.</summary>
public static class KernelRegistration
{
    /// <exception cref="ConfigurationException">A setting is wrong.</exception>
    public static CustodiaOptions AddCustodia(
        this IServiceCollection services,
        IConfiguration configuration,
        IHostEnvironment environment,
        IReadOnlyList<IModule> modules)
    {
        var options = CustodiaOptionsCheck.Read(configuration, modules.Where(m => m.HasSettings).Select(m => m.Name));
        services.AddSingleton(Options.Create(options));
        services.AddSingleton<DataLayout>();
        services.TryAddSingleton(TimeProvider.System);
        var catalogue = new DataCatalogue();
        services.AddSingleton(catalogue);
        AddStart(services);
        AddRooms(services, new ModuleBuilder(KernelContext.ModuleName, services, configuration, environment, catalogue), options);
        foreach (var module in modules)
            module.Add(new ModuleBuilder(module.Name, services, configuration, environment, catalogue));
        return options;
    }

    /// <summary>For the server only: it has its data directory for itself.</summary>
    public static void AddSingleServer(this IServiceCollection services) => services.AddSingleton<SingleServer>();

    private static void AddStart(IServiceCollection services)
    {
        services.AddSingleton<StartSequence>();
        services.AddHostedService(provider => provider.GetRequiredService<StartSequence>());
        services.AddSingleton(provider => new DataLayoutStep(provider.GetRequiredService<DataLayout>(), provider.GetService<SingleServer>()));
        services.AddSingleton<IStartStep, FirstStartStep>();
    }

    private static void AddRooms(IServiceCollection services, ModuleBuilder kernel, CustodiaOptions options)
    {
        kernel.AddContext<KernelContext>().AddRetentionRule<TerminatedService>().AddRetentionRule<CountsOfTerminatedAccounts>();
        kernel.AddPolicy();
        kernel.AddVault();
        kernel.AddStreams();
        services.AddStorage();
        kernel.AddMessaging(options);
        kernel.AddDelivery(options);
        kernel.AddDeletion(options);
        services.AddSingleton<SafeHttpClient>();
        services.AddKernelHttp(options);
        services.AddSingleton<PermissionCatalogue>();
        services.AddSingleton<InvocationRecorder>();
    }
}
