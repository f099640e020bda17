using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Custodia.Kernel.Access;
using Custodia.Kernel.Hosting;
using Custodia.Testing;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Custodia.Acceptance.Contracts;

/// <summary>What clients, flows, auditors and operators rely on does not change unseen.</summary>
[Collection(ProductServer.Name)]
public sealed partial class ContractTests(ProductServer server)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Fact]
    public async Task The_description_of_the_API_is_as_agreed() =>
        Snapshot.Check("openapi.v1.json", Sorted(await server.Client().GetStringAsync("/openapi/v1.json"), "paths", "schemas", "responses"));

    [Theory]
    [InlineData("customers")]
    [InlineData("staff")]
    public async Task The_discovery_document_is_as_agreed(string directory) =>
        Snapshot.Check($"openid-configuration.{directory}.json", Sorted(await server.Client().GetStringAsync($"/d/{directory}/.well-known/openid-configuration")).Replace(server.Url, "https://custodia.example", StringComparison.Ordinal));

    [Fact]
    public void The_events_are_as_agreed() => Snapshot.Check("events.json", Shapes.Events(server.Services.GetRequiredService<DataCatalogue>()).ToJsonString(Indented));

    [Fact]
    public void The_logs_are_as_agreed() => Snapshot.Check("logs.txt", Shapes.Logs(server.Services.GetRequiredService<DataCatalogue>(), server.Services.GetRequiredService<Custodia.Kernel.Policy.LoadedPolicy>()));

    [Fact]
    public void The_permissions_are_as_agreed() => Snapshot.Check("permissions.txt", Shapes.Permissions(server.Services.GetRequiredService<DataCatalogue>()));

    /// <summary>Nobody gives away more than they may do: a permission that owners lack would be a role that nobody can give.</summary>
    [Fact]
    public void An_owner_may_do_everything() =>
        server.Services.GetRequiredService<DataCatalogue>().Permissions.Where(p => !p.Roles.Contains(Role.Owner, StringComparer.Ordinal)).Select(p => p.Id).ShouldBeEmpty();

    [Fact]
    public async Task The_tables_in_SQLite_are_as_agreed()
    {
        await using var database = await OpenAsync(Path.Combine(server.DataDirectory, "main", "custodia.db"));
        Snapshot.Check("tables.sqlite.sql", await Shapes.SqliteAsync(database));
    }

    [Fact]
    public async Task The_key_store_is_as_agreed()
    {
        await using var keys = await OpenAsync(Directory.EnumerateFiles(Path.Combine(server.DataDirectory, "keys"), "*.db").Single());
        Snapshot.Check("key-store.sql", await Shapes.SqliteAsync(keys));
    }

    [Fact]
    public async Task A_day_of_a_log_is_as_agreed()
    {
        await using var segment = await OpenAsync(Directory.EnumerateFiles(Path.Combine(server.DataDirectory, "streams"), "*.db", SearchOption.AllDirectories).First());
        Snapshot.Check("log-segment.sql", await Shapes.SqliteAsync(segment));
    }

    [EngineFact(Engines.PostgreSql)]
    public async Task The_tables_in_PostgreSQL_are_as_agreed()
    {
        var postgres = new PostgreSqlServer();
        await postgres.InitializeAsync();
        try
        {
            await using var database = new NpgsqlConnection(await postgres.NewDatabaseAsync());
            await database.OpenAsync();
            foreach (var (_, context) in server.Services.GetRequiredService<DataCatalogue>().Contexts) await Shapes.ApplyScriptsAsync(database, context.Assembly, "PostgreSql");
            Snapshot.Check("tables.postgresql.txt", await Shapes.PostgreSqlAsync(database));
        }
        finally
        {
            await postgres.DisposeAsync();
        }
    }

    [Fact]
    public async Task Every_operation_says_all_that_a_client_needs()
    {
        var document = JsonNode.Parse(await server.Client().GetStringAsync("/openapi/v1.json"))!;
        var findings = new List<string>();
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (path, methods) in document["paths"]!.AsObject())
        {
            foreach (var (method, operation) in methods!.AsObject())
            {
                var name = $"{method} {path}";
                if (operation!["operationId"]?.GetValue<string>() is not { } id || !OperationId().IsMatch(id)) findings.Add($"{name}: no operationId in camelCase");
                else if (!ids.Add(id)) findings.Add($"{name}: the operationId {id} is not its own");
                if (string.IsNullOrEmpty(operation["summary"]?.GetValue<string>())) findings.Add($"{name}: no summary");
                if (operation["security"] is null) findings.Add($"{name}: does not say who may");
                findings.AddRange(Answers(operation["responses"]!.AsObject()).Select(f => $"{name}: {f}"));
            }
        }

        findings.ShouldBeEmpty();
    }

    private static IEnumerable<string> Answers(JsonObject responses)
    {
        var good = responses.Where(r => r.Key[0] == '2').ToArray();
        if (good.Length == 0) yield return "no answer of success";
        foreach (var (status, response) in good)
        {
            if (status != "204" && response?["content"] is not JsonObject { Count: > 0 }) yield return $"{status} has no shape";
        }

        if (responses.All(r => r.Key != "429")) yield return "no problems";
    }

    private static async Task<SqliteConnection> OpenAsync(string file)
    {
        var connection = new SqliteConnection($"Data Source={file};Mode=ReadOnly;Pooling=False");
        await connection.OpenAsync();
        return connection;
    }

    /// <summary>Indented, with what has no order of its own in order of names.</summary>
    private static string Sorted(string json, params string[] objects)
    {
        var root = JsonNode.Parse(json)!.AsObject();
        Sort(root, objects);
        return root.ToJsonString(Indented);
    }

    private static void Sort(JsonObject node, string[] objects)
    {
        foreach (var name in objects)
        {
            if (node[name] is not JsonObject map) continue;
            node[name] = new JsonObject(map.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => KeyValuePair.Create(p.Key, p.Value?.DeepClone())));
        }

        if (node["components"] is JsonObject components) Sort(components, objects);
    }

    [GeneratedRegex("^[a-z][A-Za-z0-9]{3,50}$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex OperationId();
}
