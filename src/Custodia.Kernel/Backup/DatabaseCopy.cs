using Custodia.Kernel.Hosting;
using Custodia.Kernel.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Kernel.Backup;

/// <summary>A copy of the main database that is worked on outside the running one.</summary>
internal static class DatabaseCopy
{
    /// <summary>A consistent copy without free pages, taken in one read transaction while the server goes on (<c>VACUUM INTO</c>).</summary>
    public static async Task SnapshotAsync(string source, string target, CancellationToken cancellation)
    {
        await using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = source, Mode = SqliteOpenMode.ReadWrite, Pooling = false }.ToString());
        await connection.OpenAsync(cancellation);
        await using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA busy_timeout=10000; VACUUM INTO $target;";
        command.Parameters.AddWithValue("$target", target);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>A module's context on a database file.</summary>
    public static ModuleContext Open(ContextRegistration registration, string file)
    {
        var builder = (DbContextOptionsBuilder)Activator.CreateInstance(typeof(DbContextOptionsBuilder<>).MakeGenericType(registration.ContextType))!;
        builder.UseSqlite($"Data Source={file};Pooling=False").AddInterceptors(SqlitePragmas.Instance);
        return (ModuleContext)Activator.CreateInstance(registration.ContextType, builder.Options)!;
    }
}
