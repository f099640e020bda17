using Microsoft.Data.Sqlite;

namespace Custodia.Kernel.Storage.Statements;

/// <summary>
/// An open connection with the statements that were prepared on it. SQLite works on the calling thread whatever its methods are called,
/// so nothing here pretends to wait.
/// </summary>
internal sealed class SqliteSession : IStatementWriter, IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly Tables _tables;
    private readonly Dictionary<object, SqliteCommand> _commands = [];

    public SqliteSession(string connectionString, Tables tables)
    {
        _tables = tables;
        _connection = new SqliteConnection(connectionString);
        _connection.Open();
        Run(SqlitePragmas.Pragmas);
    }

    public ValueTask<int> ExecuteAsync(Statement statement, params object?[] values) => new(Change(statement, values));

    public ValueTask<T?> FirstAsync<T>(Query<T> query, params object?[] values)
        where T : class => new(First(query, values));

    public ValueTask InsertAsync<TEntity>(TEntity row)
        where TEntity : class
    {
        Change(Insert<TEntity>.Statement, _tables.Shape<TEntity>().Values(row));
        return ValueTask.CompletedTask;
    }

    public T? First<T>(Query<T> query, object?[] values)
        where T : class
    {
        // Disposing of the reader resets the statement: no read transaction stays open.
        using var reader = Prepared(query, values).ExecuteReader();
        return reader.Read() ? query.Read(new Row(reader, _tables)) : null;
    }

    /// <summary>Runs SQL without values, e.g. <c>COMMIT</c>.</summary>
    public void Run(string sql)
    {
        if (!_commands.TryGetValue(sql, out var command)) _commands[sql] = command = Command(sql);
        command.ExecuteNonQuery();
    }

    public void Dispose()
    {
        foreach (var command in _commands.Values) command.Dispose();
        _connection.Dispose();
    }

    private int Change(Statement statement, object?[] values) => Prepared(statement, values).ExecuteNonQuery();

    private SqliteCommand Prepared(Statement statement, object?[] values)
    {
        if (!_commands.TryGetValue(statement, out var command)) _commands[statement] = command = Command(statement.Text(_tables));
        Binding.Bind(command, values);
        return command;
    }

    private SqliteCommand Command(string sql)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        return command;
    }
}
