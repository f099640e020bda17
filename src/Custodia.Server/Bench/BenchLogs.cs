using System.Globalization;
using Custodia.Kernel.Hosting;
using Custodia.Kernel.Policy;
using Custodia.Kernel.Streams;
using Microsoft.Data.Sqlite;

namespace Custodia.Server.Bench;

/// <summary>A log with the fields and protections of the administrator action log.</summary>
[Category(BenchLogs.Category)]
[Stream(BenchLogs.Category, Durability.Batched)]
internal sealed record BenchAction : LogRecord
{
    public required string Region { get; init; }

    public required string ApiVersion { get; init; }

    [LogRole(LogRole.Time)]
    public required DateTimeOffset Timestamp { get; init; }

    public required long AppId { get; init; }

    public required long Uin { get; init; }

    [LogRole(LogRole.Actor)]
    public required long SubAccountUin { get; init; }

    [LogRole(LogRole.ClientIp)]
    public required string ClientIp { get; init; }

    public required string RequestSource { get; init; }

    public required string AccessContext { get; init; }

    public required string LogArea { get; init; }

    [LogRole(LogRole.RequestId)]
    public required string RequestId { get; init; }
}

/// <summary>A log with the fields and protections of the user operation log, whose records the policy removes with their person.</summary>
[Category(BenchLogs.Operations)]
[Stream(BenchLogs.Operations, Durability.Batched)]
internal sealed record BenchOperation : LogRecord
{
    [LogRole(LogRole.Time)]
    public required DateTimeOffset OperationTime { get; init; }

    [LogRole(LogRole.Result)]
    public required string Result { get; init; }

    [LogRole(LogRole.ClientIp)]
    public required string ClientIp { get; init; }
}

/// <summary>The product's logs, without modules, in a folder of their own.</summary>
internal sealed class BenchLogs : IAsyncDisposable
{
    public const string Category = "identity.admin-action-log";
    public const string Operations = "identity.user-operation-log";
    private const int People = 200;

    private readonly Guid[] _people = [.. Enumerable.Range(0, People).Select(_ => Guid.CreateVersion7())];
    private readonly IHost _host;

    public BenchLogs(string folder)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = AppContext.BaseDirectory, DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection([new KeyValuePair<string, string?>("Custodia:DataDirectory", folder)]);
        builder.Services.AddLogging();
        builder.Services.AddCustodia(builder.Configuration, builder.Environment, []);
        _host = builder.Build();
        _host.Services.GetRequiredService<DataCatalogue>().Streams.AddRange([StreamShape.Of(typeof(BenchAction)), StreamShape.Of(typeof(BenchOperation))]);
        _host.Services.GetRequiredService<DataLayout>().Create();
        Streams = _host.Services.GetRequiredService<LogStreams>();
    }

    public IServiceProvider Services => _host.Services;

    public LogStreams Streams { get; }

    public BenchAction Action(int number, DateTimeOffset time) => new()
    {
        Account = 1,
        Person = _people[number % People],
        Region = "eu-central",
        ApiVersion = "v1",
        Timestamp = time,
        AppId = 1250000001,
        Uin = 100000000001,
        SubAccountUin = 100000000100 + (number % People),
        ClientIp = string.Create(CultureInfo.InvariantCulture, $"203.0.113.{number % 250}"),
        RequestSource = "console",
        AccessContext = string.Create(CultureInfo.InvariantCulture, $"203.0.113.{number % 250}, token 8c1f{number:x8}"),
        LogArea = "users",
        RequestId = string.Create(CultureInfo.InvariantCulture, $"0193a5c1-7e2b-7c3d-9f00-{number:x12}"),
    };

    /// <param name="person">Null: one of the many.</param>
    public BenchOperation Operation(int number, DateTimeOffset time, Guid? person = null) => new()
    {
        Account = 1,
        Person = person ?? _people[number % People],
        OperationTime = time,
        Result = number % 20 == 0 ? "wrong-password" : "signed-in",
        ClientIp = string.Create(CultureInfo.InvariantCulture, $"203.0.113.{number % 250}"),
    };

    public ValueTask<LogStream> OpenAsync(string category, CancellationToken cancellation) => Services.GetRequiredService<StreamSet>().OpenAsync(category, cancellation);

    /// <summary>Waits until everything that was accepted is on disk.</summary>
    public async Task FlushAsync(string category, CancellationToken cancellation) =>
        await (await OpenAsync(category, cancellation)).Writer.AloneAsync(static _ => Task.FromResult(true), cancellation);

    public ValueTask DisposeAsync() => ((IAsyncDisposable)_host).DisposeAsync();
}

/// <summary>What a team would write without the product: SQLite, a prepared insert, many rows a transaction, the same pragmas.</summary>
internal static class BareTable
{
    public const int RowsATransaction = 4096;

    public static SqliteConnection Open(string path)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        connection.Open();
        connection.Run("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; PRAGMA wal_autocheckpoint=4000; PRAGMA cache_size=-4000;");
        connection.Run("CREATE TABLE IF NOT EXISTS records (seq INTEGER PRIMARY KEY, time INTEGER NOT NULL, account INTEGER NOT NULL, person BLOB, marks BLOB, salt BLOB, plain BLOB, sealed BLOB)");
        return connection;
    }

    /// <param name="parts">Bytes of a record in its three parts.</param>
    public static void Insert(SqliteConnection connection, long first, int count, DateTimeOffset start, (byte[] Marks, byte[] Plain, byte[] Sealed) parts)
    {
        var (person, salt) = (new byte[16], new byte[16]);
        using var insert = connection.Prepare("INSERT INTO records VALUES ($1, $2, $3, $4, $5, $6, $7, $8)", 0L, 0L, 1L, person, parts.Marks, salt, parts.Plain, parts.Sealed);
        for (var done = 0; done < count;)
        {
            using var transaction = connection.BeginTransaction(deferred: false);
            insert.Transaction = transaction;
            for (var end = Math.Min(count, done + RowsATransaction); done < end; done++)
            {
                insert.Parameters[0].Value = first + done;
                insert.Parameters[1].Value = start.ToUnixTimeMilliseconds() + done;
                insert.ExecuteNonQuery();
            }

            transaction.Commit();
        }
    }
}
