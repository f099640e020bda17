using Custodia.Kernel.Access;
using Custodia.Kernel.Hosting;
using Custodia.Kernel.Policy;
using Custodia.Kernel.Vault;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Custodia.Kernel.Streams;

internal static class StreamsRegistration
{
    public static ModuleBuilder AddStreams(this ModuleBuilder kernel)
    {
        // Every role may ask; which logs it gets is the whitelist of each category.
        kernel.AddPermissions(new Permission(LogRoutes.Permission, Role.All));
        AddServices(kernel.Services);
        return kernel;
    }

    private static void AddServices(IServiceCollection services)
    {
        services.AddSingleton<StreamMetrics>();
        services.AddSingleton(static provider => Create(provider));
        services.AddSingleton(static provider => new LogStreams(provider.GetRequiredService<StreamSet>()));
        services.AddSingleton<IStartStep, StreamsStep>();
        services.AddHostedService<StreamUpkeep>();
    }

    private static StreamSet Create(IServiceProvider provider)
    {
        var options = provider.GetRequiredService<IOptions<CustodiaOptions>>().Value.Streams;
        var policy = provider.GetRequiredService<LoadedPolicy>();
        return new StreamSet(
            provider.GetRequiredService<DataCatalogue>(),
            new StreamEnvironment(provider.GetRequiredService<DataLayout>(), policy, options.CheckpointCopy),
            new StreamServices(
                provider.GetRequiredService<KeyRing>(),
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<StreamMetrics>(),
                provider.GetRequiredService<ILogger<StreamSet>>(),
                policy.Sha256,
                options.QueueLength));
    }

    /// <summary>Before anything is served: the lock is ours, drops that were interrupted are finished.</summary>
    private sealed class StreamsStep(StreamSet streams) : IStartStep
    {
        public StartOrder Order => StartOrder.Streams;

        public async Task RunAsync(CancellationToken cancellation)
        {
            try
            {
                await streams.OpenAllAsync(cancellation);
            }
            catch (StreamsLockedException locked)
            {
                throw new StartRefusedException(StartRefusedException.Configuration, locked.Message);
            }
        }
    }
}
