using System.Diagnostics;
using System.Globalization;

namespace Custodia.Testing;

/// <summary>
/// A PostgreSQL server of its own in a temporary folder, on loopback only. As root it is run by the system's user
/// <c>postgres</c>, because PostgreSQL refuses root. Use it as a class or collection fixture of <c>[EngineFact("postgresql")]</c> tests.
/// </summary>
public sealed class PostgreSqlServer : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private int _databases;

    private int Port { get; set; }

    private string Data => _folder.File("data");

    /// <summary>Folder of <c>initdb</c> and <c>pg_ctl</c>, newest version; null when not installed.</summary>
    public static string? BinDirectory { get; } = FindBin();

    public async Task InitializeAsync()
    {
        if (Engines.Missing(Engines.PostgreSql) is { } missing)
        {
            if (Engines.Required) throw new InvalidOperationException(missing);
            return;
        }

        if (Environment.UserName == "root") await RunAsync("chown", "postgres", _folder.Path);
        await AsServerUserAsync("initdb", "-D", Data, "-U", "custodia", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync");
        Port = CustodiaProcess.FreePort();
        await StartAsync();
    }

    /// <summary>Starts it (again), at the same port with the same data.</summary>
    public Task StartAsync()
    {
        var options = $"-p {Port.ToString(CultureInfo.InvariantCulture)} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off -c max_connections=100";
        return AsServerUserAsync("pg_ctl", "-D", Data, "-w", "-t", "60", "-l", _folder.File("data", "server.log"), "-o", options, "start");
    }

    /// <summary>Stops it and cuts all connections, as a restart of the database does.</summary>
    public Task StopAsync() => AsServerUserAsync("pg_ctl", "-D", Data, "-w", "-m", "fast", "stop");

    /// <summary>The connection string of a new, empty database.</summary>
    public async Task<string> NewDatabaseAsync()
    {
        if (Port == 0) throw new InvalidOperationException(Engines.Missing(Engines.PostgreSql) ?? "The server has not been started.");
        var name = $"test{Interlocked.Increment(ref _databases)}";
        await RunAsync(Path.Combine(BinDirectory!, "createdb"), "-h", "127.0.0.1", "-p", Port.ToString(CultureInfo.InvariantCulture), "-U", "custodia", name);
        return $"Host=127.0.0.1;Port={Port};Username=custodia;Database={name};Pooling=true;Maximum Pool Size=20";
    }

    /// <summary>What <c>pg_dump</c> says of a database, in a file.</summary>
    public Task DumpAsync(string connection, string file) =>
        RunAsync(Path.Combine(BinDirectory!, "pg_dump"), "-h", "127.0.0.1", "-p", Port.ToString(CultureInfo.InvariantCulture), "-U", "custodia", "-f", file, NameOf(connection));

    /// <summary>A new database with what a dump holds.</summary>
    /// <returns>Its connection string.</returns>
    public async Task<string> RestoreAsync(string file)
    {
        var connection = await NewDatabaseAsync();
        await RunAsync(
            Path.Combine(BinDirectory!, "psql"),
            "-h", "127.0.0.1", "-p", Port.ToString(CultureInfo.InvariantCulture), "-U", "custodia", "-v", "ON_ERROR_STOP=1", "-d", NameOf(connection), "-f", file);
        return connection;
    }

    public async Task DisposeAsync()
    {
        if (Port != 0) await AsServerUserAsync("pg_ctl", "-D", Data, "-w", "-m", "immediate", "stop");
        _folder.Dispose();
    }

    private static string NameOf(string connection) =>
        connection.Split(';').Single(part => part.StartsWith("Database=", StringComparison.Ordinal))["Database=".Length..];

    private static Task AsServerUserAsync(string program, params string[] args)
    {
        var path = Path.Combine(BinDirectory!, program);
        return Environment.UserName == "root"
            ? RunAsync("setpriv", ["--reuid=postgres", "--regid=postgres", "--clear-groups", path, .. args])
            : RunAsync(path, args);
    }

    private static async Task RunAsync(string program, params string[] args)
    {
        // Output goes nowhere: the server inherits these handles and would keep a pipe open for ever.
        var start = new ProcessStartInfo("/bin/sh") { WorkingDirectory = "/", RedirectStandardOutput = false };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add("exec \"$0\" \"$@\" >/dev/null 2>&1 </dev/null");
        start.ArgumentList.Add(program);
        foreach (var arg in args) start.ArgumentList.Add(arg);
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} cannot be started.");
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{Path.GetFileName(program)} ended with exit code {process.ExitCode}.");
    }

    private static string? FindBin() =>
        Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql")
                .Select(version => Path.Combine(version, "bin"))
                .Where(bin => File.Exists(Path.Combine(bin, "initdb")))
                .OrderByDescending(bin => bin, StringComparer.Ordinal)
                .FirstOrDefault()
            : null;
}
