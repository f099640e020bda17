using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Custodia.Kernel.Storage;

/// <summary>Tells trouble of the database (busy, away, full) from mistakes of the code.</summary>
internal static class DatabaseTrouble
{
    // SQLITE_BUSY and SQLITE_LOCKED.
    private const int Busy = 5;
    private const int Locked = 6;

    /// <summary>The database's own exception, also where EF Core has wrapped it; null when it is something else.</summary>
    public static DbException? Of(Exception e) => e as DbException ?? e.InnerException as DbException;

    /// <summary>Whether it passes by itself: the database restarts, is away, or has no connection or turn to give for now.</summary>
    public static bool IsPassing(Exception? e) => e switch
    {
        null => false,
        SqliteException { SqliteErrorCode: Busy or Locked } => true,
        DbException { IsTransient: true } => true,
        _ => IsPassing(e.InnerException),
    };
}
