using System.Data.Common;

namespace Custodia.Kernel.Storage;

/// <summary>Tells trouble of the database (busy, away, full) from mistakes of the code.</summary>
internal static class DatabaseTrouble
{
    /// <summary>The database's own exception, also where EF Core has wrapped it; null when it is something else.</summary>
    public static DbException? Of(Exception e) => e as DbException ?? e.InnerException as DbException;
}
