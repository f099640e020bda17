using Custodia.Kernel.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Custodia.Kernel.Storage;

internal static class StorageRegistration
{
    public static IServiceCollection AddModuleContext<TContext>(this IServiceCollection services)
        where TContext : ModuleContext
    {
        services.TryAddSingleton<WorkSignals>();
        services.TryAddSingleton<WorkSignalAfterCommit>();
        return services.AddDbContext<TContext>(
            static (provider, options) =>
            {
                Configure(options, provider.GetRequiredService<IOptions<CustodiaOptions>>().Value.Storage, provider.GetRequiredService<DataLayout>());
                options.AddInterceptors(provider.GetRequiredService<WorkSignalAfterCommit>());
            },
            contextLifetime: ServiceLifetime.Scoped,
            // The same for all scopes: building options for every scope would cost more than most queries.
            optionsLifetime: ServiceLifetime.Singleton);
    }

    public static IServiceCollection AddStorage(this IServiceCollection services)
    {
        services.AddSingleton<IStartStep, SchemaStep>();
        services.AddHealthChecks().AddCheck<DatabaseHealth>("database");
        services.AddScoped(provider => new AccountServices(provider.GetRequiredService<KernelContext>(), provider.GetRequiredService<TimeProvider>()));
        return services;
    }

    public static void Configure(DbContextOptionsBuilder options, StorageOptions storage, DataLayout layout)
    {
        if (storage.Provider == StorageProvider.PostgreSql) options.UseNpgsql(storage.ConnectionString);
        else options.UseSqlite($"Data Source={layout.MainDatabase}").AddInterceptors(SqlitePragmas.Instance);
        // A transaction that was not meant to be the unit of work is a bug; savepoints inside our own cost a round trip each.
        options.ConfigureWarnings(warnings => warnings.Ignore(CoreEventId.FirstWithoutOrderByAndFilterWarning));
    }
}
