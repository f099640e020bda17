using Custodia.Kernel.Hosting;
using Custodia.Kernel.Storage.Statements;
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
        services.AddStatements<TContext>();
        // Used again after their scope: making one costs more than most queries.
        return services.AddDbContextPool<TContext>(static (provider, options) =>
        {
            Configure(options, provider.GetRequiredService<IOptions<CustodiaOptions>>().Value.Storage, provider.GetRequiredService<DataLayout>());
            options.AddInterceptors(provider.GetRequiredService<WorkSignalAfterCommit>());
        });
    }

    public static IServiceCollection AddStorage(this IServiceCollection services)
    {
        services.AddSingleton<IStartStep, SchemaStep>();
        services.AddHealthChecks().AddCheck<DatabaseHealth>("database");
        services.AddScoped(provider => new AccountServices(provider.GetRequiredService<KernelContext>(), provider.GetRequiredService<TimeProvider>()));
        return services;
    }

    public static string SqliteConnectionString(DataLayout layout) => $"Data Source={layout.MainDatabase}";

    public static void Configure(DbContextOptionsBuilder options, StorageOptions storage, DataLayout layout)
    {
        if (storage.Provider == StorageProvider.PostgreSql) options.UseNpgsql(storage.ConnectionString);
        else options.UseSqlite(SqliteConnectionString(layout)).AddInterceptors(SqlitePragmas.Instance);
        // A transaction that was not meant to be the unit of work is a bug; savepoints inside our own cost a round trip each.
        options.ConfigureWarnings(warnings => warnings.Ignore(CoreEventId.FirstWithoutOrderByAndFilterWarning));
    }
}
