using Custodia.Kernel.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Custodia.Kernel.Storage;

/// <summary>Brings the tables of all modules to what this program needs, each script in one transaction.</summary>
internal sealed partial class SchemaStep(
    IServiceScopeFactory scopes,
    DataCatalogue catalogue,
    IOptions<CustodiaOptions> options,
    TimeProvider time,
    ILogger<SchemaStep> logger) : IStartStep
{
    // BIGINT and TEXT mean the same on both databases.
    private const string HistoryTable =
        """
        CREATE TABLE IF NOT EXISTS kernel_schema (
            module TEXT NOT NULL,
            number INTEGER NOT NULL,
            sha256 TEXT NOT NULL,
            applied_at BIGINT NOT NULL,
            PRIMARY KEY (module, number)
        );
        """;

    // One server at a time; the number is the table's own ("custodia" as bytes, shortened).
    private const string PostgreSqlLock = "SELECT pg_advisory_xact_lock(4279235443)";

    public StartOrder Order => StartOrder.Schema;

    public async Task RunAsync(CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<KernelContext>();
        try
        {
            await context.Database.OpenConnectionAsync(cancellation);
        }
        catch (Exception e) when (DatabaseTrouble.Of(e) is not null)
        {
            var trouble = DatabaseTrouble.Of(e)!;
            throw new ConfigurationException($"{CustodiaOptions.Section}:Storage", $"the database cannot be opened ({trouble.GetType().Name} {trouble.SqlState ?? trouble.ErrorCode.ToString()}).", e);
        }

        var provider = options.Value.Storage.Provider;
        foreach (var (module, type) in catalogue.Contexts)
        {
            var scripts = SchemaScripts.Of(module, type.Assembly, provider);
            await context.InTransactionAsync(token => ApplyAsync(context, module, scripts, token), cancellation);
        }
    }

    private async Task ApplyAsync(KernelContext context, string module, IReadOnlyList<SchemaScript> scripts, CancellationToken cancellation)
    {
        if (!context.Database.IsSqlite()) await context.Database.ExecuteSqlRawAsync(PostgreSqlLock, cancellation);
        await context.Database.ExecuteSqlRawAsync(HistoryTable, cancellation);
        var applied = await context.AppliedScripts.AsNoTracking().Where(s => s.Module == module).OrderBy(s => s.Number).ToListAsync(cancellation);
        Compare(module, applied, scripts);
        foreach (var script in scripts.Skip(applied.Count))
        {
            await ExecuteAsync(context, script.Sql, cancellation);
            context.AppliedScripts.Add(new AppliedScript { Module = module, Number = script.Number, Sha256 = script.Sha256, AppliedAt = time.GetUtcNow() });
            await context.SaveChangesAsync(cancellation);
            Log.Applied(logger, module, script.Number);
        }
    }

    /// <summary>What the database has had must be what the program holds, in the same order.</summary>
    internal static void Compare(string module, IReadOnlyList<AppliedScript> applied, IReadOnlyList<SchemaScript> scripts)
    {
        if (applied.Count > scripts.Count)
        {
            throw new StartRefusedException(
                StartRefusedException.Configuration,
                $"The database has had schema script {applied.Count:0000} of {module}, which this program does not know: a newer version has used it.");
        }

        for (var i = 0; i < applied.Count; i++)
        {
            if (applied[i].Number == scripts[i].Number && applied[i].Sha256 == scripts[i].Sha256) continue;
            throw new StartRefusedException(
                StartRefusedException.Configuration,
                $"Schema script {scripts[i].Number:0000} of {module} is not the one that this database was made with.");
        }
    }

    // Raw: braces in a script are not placeholders.
    private static async Task ExecuteAsync(KernelContext context, string sql, CancellationToken cancellation)
    {
        var connection = context.Database.GetDbConnection();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Transaction = Microsoft.EntityFrameworkCore.Storage.DbContextTransactionExtensions.GetDbTransaction(context.Database.CurrentTransaction!);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Schema script {Number} of {Module} applied")]
        public static partial void Applied(ILogger logger, string module, int number);
    }
}
