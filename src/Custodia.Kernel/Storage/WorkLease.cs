using System.Data;
using System.Data.Common;
using Custodia.Kernel.Hosting;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Custodia.Kernel.Storage;

/// <summary>
/// That this process and no other does a certain work on a shared database: an advisory lock of PostgreSQL, held as long as its
/// connection lives. SQLite belongs to one process, so there the lease is always held.
/// </summary>
/// <param name="work">Name of the work, the same in all processes.</param>
internal sealed class WorkLease(IOptions<CustodiaOptions> options, string work) : IAsyncDisposable
{
    private NpgsqlConnection? _connection;

    /// <summary>Whether the work may be done now; tries to get the lease when it is not held.</summary>
    public async Task<bool> HoldsAsync(CancellationToken cancellation)
    {
        var storage = options.Value.Storage;
        if (storage.Provider != StorageProvider.PostgreSql) return true;
        try
        {
            if (_connection is { State: ConnectionState.Open } held)
            {
                await using var ping = new NpgsqlCommand("SELECT 1", held);
                await ping.ExecuteScalarAsync(cancellation);
                return true;
            }

            await DropAsync();
            // Not pooled: a pooled connection would keep the lock after it is closed.
            var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(storage.ConnectionString) { Pooling = false, KeepAlive = 15 }.ConnectionString);
            _connection = connection;
            await connection.OpenAsync(cancellation);
            await using var take = new NpgsqlCommand("SELECT pg_try_advisory_lock(hashtextextended($1, 4279235443))", connection) { Parameters = { new() { Value = work } } };
            if (await take.ExecuteScalarAsync(cancellation) is true) return true;
        }
        catch (DbException)
        {
            // The database is away; the caller asks again.
        }

        await DropAsync();
        return false;
    }

    public async ValueTask DisposeAsync() => await DropAsync();

    private async Task DropAsync()
    {
        var connection = Interlocked.Exchange(ref _connection, null);
        if (connection is not null) await connection.DisposeAsync();
    }
}
