using Custodia.Kernel.Hosting;
using Microsoft.Extensions.Options;

namespace Custodia.Server.Verbs;

/// <summary>Verbs that know the embedded database only say so before they touch anything.</summary>
internal static class SqliteOnly
{
    /// <exception cref="ConfigurationException">The server keeps its tables in PostgreSQL.</exception>
    public static void Demand(IServiceProvider services, string verb)
    {
        if (services.GetRequiredService<IOptions<CustodiaOptions>>().Value.Storage.Provider == StorageProvider.Sqlite) return;
        throw new ConfigurationException(
            $"{CustodiaOptions.Section}:Storage:Provider",
            $"'custodia {verb}' is for SQLite. With PostgreSQL use its own tools together with a copy of the data directory; see docs/operations.md.");
    }
}
