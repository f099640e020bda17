namespace Custodia.Kernel.Storage.Statements;

/// <summary>
/// SQL of a hot path, prepared once a connection. Written for both databases; values are the parameters <c>@p0</c>, <c>@p1</c> and so
/// on. Keep one in a static field: it is the key under which it stays prepared.
/// </summary>
/// <param name="text">The SQL, with the names that <see cref="Tables"/> gives.</param>
public class Statement(Func<Tables, string> text)
{
    internal string Text(Tables tables) => text(tables);
}

/// <summary>A statement that reads, and what it makes of a row.</summary>
/// <param name="read">Takes the columns in the order in which the SQL selects them.</param>
public sealed class Query<T>(Func<Tables, string> text, Func<Row, T> read) : Statement(text)
    where T : class
{
    internal T Read(Row row) => read(row);
}

/// <summary>The statement that inserts one entity.</summary>
internal static class Insert<TEntity>
    where TEntity : class
{
    public static readonly Statement Statement = new(tables => tables.InsertOf<TEntity>());
}
