using System.Data.Common;
using Custodia.Kernel.Hosting;
using Custodia.Kernel.Storage;
using Custodia.Testing;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Custodia.Kernel.Tests.Storage;

/// <summary>For every module: the tables that its scripts make are the tables that its model describes.</summary>
public sealed class SchemaOfModelsTests(PostgreSqlServer postgres) : IClassFixture<PostgreSqlServer>
{
    private const string Advice = "the scripts do not match the model; run: dotnet run --project src/Custodia.Server -- schema write";

    [Fact]
    public async Task Sqlite_scripts_make_the_tables_of_the_models()
    {
        foreach (var registration in ProductContexts.All)
        {
            await using var byScripts = new SqliteConnection("Data Source=:memory:");
            await using var byModel = new SqliteConnection("Data Source=:memory:");
            await byScripts.OpenAsync();
            await byModel.OpenAsync();
            foreach (var script in SchemaScripts.Of(registration.Module, registration.ContextType.Assembly, StorageProvider.Sqlite)) await ExecuteAsync(byScripts, script.Sql);
            await ExecuteAsync(byModel, SchemaModel.CreateScript(registration, StorageProvider.Sqlite));
            (await SqliteShapeAsync(byScripts)).ShouldBe(await SqliteShapeAsync(byModel), $"{registration.Module}: {Advice}");
        }
    }

    [EngineFact(Engines.PostgreSql)]
    public async Task PostgreSql_scripts_make_the_tables_of_the_models()
    {
        foreach (var registration in ProductContexts.All)
        {
            await using var byScripts = new NpgsqlConnection(await postgres.NewDatabaseAsync());
            await using var byModel = new NpgsqlConnection(await postgres.NewDatabaseAsync());
            await byScripts.OpenAsync();
            await byModel.OpenAsync();
            foreach (var script in SchemaScripts.Of(registration.Module, registration.ContextType.Assembly, StorageProvider.PostgreSql)) await ExecuteAsync(byScripts, script.Sql);
            await ExecuteAsync(byModel, SchemaModel.CreateScript(registration, StorageProvider.PostgreSql));
            (await PostgreSqlShapeAsync(byScripts)).ShouldBe(await PostgreSqlShapeAsync(byModel), $"{registration.Module}: {Advice}");
        }
    }

    private static Task<List<string>> SqliteShapeAsync(DbConnection connection) => ReadAsync(
        connection,
        """
        SELECT 'column', m.name, c.name, c.type, c."notnull", coalesce(c.dflt_value, ''), c.pk, c.hidden FROM sqlite_master m, pragma_table_xinfo(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'
        UNION ALL
        SELECT 'index', m.name, i.name, i."unique", i.origin, i.partial, group_concat(x.seqno || ':' || x.name), coalesce(s.sql, '') FROM sqlite_master m, pragma_index_list(m.name) i, pragma_index_info(i.name) x LEFT JOIN sqlite_master s ON s.name = i.name WHERE m.type = 'table' GROUP BY m.name, i.name
        UNION ALL
        SELECT 'foreign key', m.name, f."from", f."table", f."to", f.on_delete, f.on_update, '' FROM sqlite_master m, pragma_foreign_key_list(m.name) f WHERE m.type = 'table'
        """);

    private static Task<List<string>> PostgreSqlShapeAsync(DbConnection connection) => ReadAsync(
        connection,
        """
        SELECT 'column', table_name, column_name, data_type || coalesce('/' || character_maximum_length, ''), is_nullable, coalesce(column_default, ''), is_identity FROM information_schema.columns WHERE table_schema = 'public'
        UNION ALL
        SELECT 'index', tablename, indexname, indexdef, '', '', '' FROM pg_indexes WHERE schemaname = 'public'
        UNION ALL
        SELECT 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid), '', '', '' FROM pg_constraint WHERE connamespace = 'public'::regnamespace
        """);

    private static async Task<List<string>> ReadAsync(DbConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        var values = new object[reader.FieldCount];
        while (await reader.ReadAsync())
        {
            reader.GetValues(values);
            rows.Add(string.Join('|', values));
        }

        rows.Count.ShouldBeGreaterThan(0);
        rows.Sort(StringComparer.Ordinal);
        return rows;
    }

    private static async Task ExecuteAsync(DbConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }
}
