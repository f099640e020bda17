using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace Custodia.Kernel.Storage;

/// <summary>
/// SQLite has one writer. Waiting for the turn here is asynchronous and fair; waiting inside SQLite would block a thread and poll.
/// On other databases a turn costs nothing.
/// </summary>
internal sealed class WriteTurn : IDisposable
{
    private static readonly ConcurrentDictionary<string, SemaphoreSlim> Turns = new(StringComparer.Ordinal);
    private static readonly WriteTurn Free = new(null);

    private readonly SemaphoreSlim? _turn;

    private WriteTurn(SemaphoreSlim? turn) => _turn = turn;

    public static async ValueTask<WriteTurn> TakeAsync(DatabaseFacade database, CancellationToken cancellation) =>
        database.IsSqlite() ? await TakeAsync(database.GetConnectionString() ?? "", cancellation) : Free;

    /// <summary>The turn of a SQLite database, named as its contexts name it.</summary>
    public static async ValueTask<WriteTurn> TakeAsync(string connectionString, CancellationToken cancellation)
    {
        var turn = Turns.GetOrAdd(connectionString, static _ => new SemaphoreSlim(1, 1));
        await turn.WaitAsync(cancellation);
        return new WriteTurn(turn);
    }

    public void Dispose() => _turn?.Release();
}
