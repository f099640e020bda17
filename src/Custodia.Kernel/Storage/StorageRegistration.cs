using Custodia.Kernel.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Custodia.Kernel.Storage;

internal static class StorageRegistration
{
    public static IServiceCollection AddModuleContext<TContext>(this IServiceCollection services)
        where TContext : ModuleContext =>
        services.AddDbContext<TContext>(static (provider, options) => Configure(
            options,
            provider.GetRequiredService<IOptions<CustodiaOptions>>().Value.Storage,
            provider.GetRequiredService<DataLayout>()));

    public static IServiceCollection AddStorage(this IServiceCollection services)
    {
        services.AddSingleton<IStartStep, SchemaStep>();
        services.AddHealthChecks().AddCheck<DatabaseHealth>("database");
        return services;
    }

    public static void Configure(DbContextOptionsBuilder options, StorageOptions storage, DataLayout layout)
    {
        if (storage.Provider == StorageProvider.PostgreSql) options.UseNpgsql(storage.ConnectionString);
        else options.UseSqlite($"Data Source={layout.MainDatabase}").AddInterceptors(SqlitePragmas.Instance);
    }
}
