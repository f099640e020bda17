using Npgsql;

namespace Custodia.Kernel.Storage.Statements;

/// <summary>Statements on PostgreSQL. The driver's pool keeps what was prepared with each connection; the server commits writers together.</summary>
internal sealed class NpgsqlStatements<TContext>(string connectionString, Lazy<Tables> tables) : IStatements<TContext>
    where TContext : ModuleContext
{
    public async ValueTask<T?> FirstAsync<T>(Query<T> query, CancellationToken cancellation, params object?[] values)
        where T : class
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(cancellation);
        return await new Session(connection, tables.Value, cancellation).FirstAsync(query, values);
    }

    public async Task<T> WriteAsync<T>(Func<IStatementWriter, ValueTask<T>> work, CancellationToken cancellation)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var result = await work(new Session(connection, tables.Value, cancellation));
        await transaction.CommitAsync(cancellation);
        return result;
    }

    private sealed class Session(NpgsqlConnection connection, Tables tables, CancellationToken cancellation) : IStatementWriter
    {
        public async ValueTask<int> ExecuteAsync(Statement statement, params object?[] values)
        {
            await using var command = await PreparedAsync(statement, values);
            return await command.ExecuteNonQueryAsync(cancellation);
        }

        public async ValueTask<T?> FirstAsync<T>(Query<T> query, params object?[] values)
            where T : class
        {
            await using var command = await PreparedAsync(query, values);
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            return await reader.ReadAsync(cancellation) ? query.Read(new Row(reader, tables)) : null;
        }

        public async ValueTask InsertAsync<TEntity>(TEntity row)
            where TEntity : class
        {
            await using var command = await PreparedAsync(Insert<TEntity>.Statement, tables.Shape<TEntity>().Values(row));
            await command.ExecuteNonQueryAsync(cancellation);
        }

        private async ValueTask<NpgsqlCommand> PreparedAsync(Statement statement, object?[] values)
        {
            var command = new NpgsqlCommand(statement.Text(tables), connection);
            Binding.Bind(command, values);
            await command.PrepareAsync(cancellation);
            return command;
        }
    }
}
