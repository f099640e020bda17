using Custodia.Kernel.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Custodia.Kernel.Storage.Statements;

internal static class StatementsRegistration
{
    public static IServiceCollection AddStatements<TContext>(this IServiceCollection services)
        where TContext : ModuleContext =>
        services.AddSingleton<IStatements<TContext>>(provider =>
        {
            var storage = provider.GetRequiredService<IOptions<CustodiaOptions>>().Value.Storage;
            var scopes = provider.GetRequiredService<IServiceScopeFactory>();
            // At the first statement: the model is large, and the start does not wait for it.
            var tables = new Lazy<Tables>(() =>
            {
                using var scope = scopes.CreateScope();
                return Tables.Of(scope.ServiceProvider.GetRequiredService<TContext>().Model);
            });
            return storage.Provider == StorageProvider.PostgreSql
                ? new NpgsqlStatements<TContext>(storage.ConnectionString!, tables)
                : new SqliteStatements<TContext>(StorageRegistration.SqliteConnectionString(provider.GetRequiredService<DataLayout>()), tables);
        });
}
