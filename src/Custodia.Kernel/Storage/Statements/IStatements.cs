namespace Custodia.Kernel.Storage.Statements;

/// <summary>
/// Reads and writes of hot paths, past the change tracker and the query pipeline: a statement is prepared once a connection and costs
/// what the database takes for it. The context stays the owner of its tables, and the way for everything that is not hot.
/// </summary>
public interface IStatements<TContext>
    where TContext : ModuleContext
{
    /// <summary>The first row of a query; null when there is none.</summary>
    /// <param name="values">Identifiers, texts, numbers, bytes, moments (<see cref="DateTimeOffset"/>) or enum values.</param>
    ValueTask<T?> FirstAsync<T>(Query<T> query, CancellationToken cancellation, params object?[] values)
        where T : class;

    /// <summary>
    /// Runs a unit of work in a write transaction; it is on disk when this returns. Units that wait at the same time may share a commit
    /// (SQLite); each is whole or not there at all, and one that throws takes nothing of the others with it.
    /// </summary>
    /// <remarks>Not inside a transaction of a context: on SQLite that holds the write turn which this waits for.</remarks>
    /// <param name="work">Statements only: others wait for its end.</param>
    Task<T> WriteAsync<T>(Func<IStatementWriter, ValueTask<T>> work, CancellationToken cancellation);
}

/// <summary>A write transaction of <see cref="IStatements{TContext}"/>.</summary>
public interface IStatementWriter
{
    /// <summary>Runs a statement that changes rows.</summary>
    /// <returns>How many rows it changed.</returns>
    ValueTask<int> ExecuteAsync(Statement statement, params object?[] values);

    ValueTask<T?> FirstAsync<T>(Query<T> query, params object?[] values)
        where T : class;

    /// <summary>Inserts an entity of the context.</summary>
    ValueTask InsertAsync<TEntity>(TEntity row)
        where TEntity : class;
}
