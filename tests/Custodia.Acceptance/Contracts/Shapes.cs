using System.Data.Common;
using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;
using Custodia.Kernel.Hosting;
using Custodia.Kernel.Policy;

namespace Custodia.Acceptance.Contracts;

/// <summary>Contracts as text that can be read and compared.</summary>
internal static class Shapes
{
    /// <summary>Event types by name and version, each with the JSON schema of its data.</summary>
    public static JsonObject Events(DataCatalogue catalogue)
    {
        var json = new JsonSerializerOptions(JsonSerializerDefaults.Web) { TypeInfoResolver = new DefaultJsonTypeInfoResolver() };
        var options = new JsonSchemaExporterOptions { TreatNullObliviousAsNonNullable = true };
        var events = new JsonObject();
        foreach (var shape in catalogue.Events.OrderBy(e => e.Type, StringComparer.Ordinal))
        {
            var category = shape.ClrType.GetCustomAttributes(typeof(CategoryAttribute), inherit: false).Cast<CategoryAttribute>().Single();
            events.Add(
                $"{shape.Type}/{shape.Version.ToString(CultureInfo.InvariantCulture)}",
                new JsonObject { ["category"] = category.Id, ["data"] = json.GetJsonSchemaAsNode(shape.ClrType, options) });
        }

        return events;
    }

    /// <summary>Logs with their fields, as code and policy have them together.</summary>
    public static string Logs(DataCatalogue catalogue, LoadedPolicy policy)
    {
        var text = new StringBuilder();
        foreach (var shape in catalogue.Streams.OrderBy(s => s.Category, StringComparer.Ordinal))
        {
            var category = policy.Category(shape.Category);
            text.Append(CultureInfo.InvariantCulture, $"{shape.Category} version {shape.Version}, {shape.Durability}, {category.Storage}, backup {category.Backup}\n");
            foreach (var field in shape.Fields)
            {
                var line = category.Field(field.Name);
                var role = field.Role is { } asked ? $", asked by {asked}" : "";
                text.Append(CultureInfo.InvariantCulture, $"    {field.Name}: {TypeName(field.Property.PropertyType)}, {line.Protection}{(line.Personal ? ", personal" : "")}{role}\n");
            }
        }

        return text.ToString();
    }

    public static string Permissions(DataCatalogue catalogue) =>
        string.Join('\n', catalogue.Permissions.OrderBy(p => p.Id, StringComparer.Ordinal).Select(p => $"{p.Id}: {string.Join(", ", p.Roles)}"));

    public static async Task<string> SqliteAsync(DbConnection database) =>
        string.Join('\n', (await RowsAsync(database, "SELECT sql || ';' FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY tbl_name, type DESC, name")).Select(r => r.ReplaceLineEndings("\n")));

    public static async Task<string> PostgreSqlAsync(DbConnection database) => string.Join('\n', await RowsAsync(
        database,
        """
        SELECT line FROM (
            SELECT table_name AS t, 0 AS kind, ordinal_position AS n,
                   table_name || '.' || column_name || ' ' || data_type || coalesce('(' || character_maximum_length || ')', '')
                   || CASE is_nullable WHEN 'NO' THEN ' not null' ELSE '' END || coalesce(' default ' || column_default, '') || CASE is_identity WHEN 'YES' THEN ' identity' ELSE '' END AS line
              FROM information_schema.columns WHERE table_schema = 'public'
            UNION ALL
            SELECT tablename, 1, 0, '  ' || indexdef FROM pg_indexes WHERE schemaname = 'public'
            UNION ALL
            SELECT conrelid::regclass::text, 2, 0, '  ' || conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype <> 'p'
        ) AS lines ORDER BY t COLLATE "C", kind, n, line COLLATE "C"
        """));

    /// <summary>Makes a module's tables by its numbered scripts.</summary>
    public static async Task ApplyScriptsAsync(DbConnection database, Assembly module, string engine)
    {
        var scripts = module.GetManifestResourceNames().Where(n => n.StartsWith($"Schema/{engine}/", StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToArray();
        scripts.ShouldNotBeEmpty();
        foreach (var name in scripts)
        {
            using var script = new StreamReader(module.GetManifestResourceStream(name)!);
            await using var command = database.CreateCommand();
            command.CommandText = await script.ReadToEndAsync();
            await command.ExecuteNonQueryAsync();
        }
    }

    private static async Task<List<string>> RowsAsync(DbConnection database, string sql)
    {
        await using var command = database.CreateCommand();
        command.CommandText = sql;
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync()) rows.Add(reader.GetString(0));
        rows.ShouldNotBeEmpty();
        return rows;
    }

    private static string TypeName(Type type) => Nullable.GetUnderlyingType(type) is { } inner ? $"{inner.Name}?" : type.Name;
}
