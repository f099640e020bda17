using System.Collections.Concurrent;

namespace Custodia.Kernel.Storage.Statements;

/// <summary>
/// Statements on SQLite. Readers share a few open connections. Writers queue: whoever comes while nobody commits takes the turn for all
/// who wait by then, so that a busy moment costs one commit instead of one for each.
/// </summary>
internal sealed class SqliteStatements<TContext>(string connectionString, Lazy<Tables> tables) : IStatements<TContext>, IDisposable
    where TContext : ModuleContext
{
    private const int MaxIdle = 16;
    private const int MaxTogether = 256;

    // Connections of their own: one of the shared pool would lose what was prepared on it.
    private readonly string _connectionString = connectionString + ";Pooling=False";
    private readonly ConcurrentBag<SqliteSession> _idle = [];
    private readonly Queue<Unit> _waiting = [];
    private SqliteSession? _writer;
    private bool _committing;
    private volatile bool _disposed;

    public ValueTask<T?> FirstAsync<T>(Query<T> query, CancellationToken cancellation, params object?[] values)
        where T : class
    {
        cancellation.ThrowIfCancellationRequested();
        var session = _idle.TryTake(out var idle) ? idle : Open();
        // One that throws is not used again.
        var whole = false;
        try
        {
            var found = session.First(query, values);
            whole = true;
            return new ValueTask<T?>(found);
        }
        finally
        {
            if (whole && !_disposed && _idle.Count < MaxIdle) _idle.Add(session);
            else session.Dispose();
        }
    }

    public Task<T> WriteAsync<T>(Func<IStatementWriter, ValueTask<T>> work, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var unit = new Unit<T>(work);
        lock (_waiting)
        {
            _waiting.Enqueue(unit);
            if (_committing) return unit.Done;
            _committing = true;
        }

        // Behind the requests that are ready to run: those that want to write too come along.
        ThreadPool.UnsafeQueueUserWorkItem(static self => _ = self.CommitAllAsync(), this, preferLocal: false);
        return unit.Done;
    }

    public void Dispose()
    {
        _disposed = true;
        while (_idle.TryTake(out var session)) session.Dispose();
        _writer?.Dispose();
    }

    private SqliteSession Open()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return new SqliteSession(_connectionString, tables.Value);
    }

    private async Task CommitAllAsync()
    {
        while (true)
        {
            using (await WriteTurn.TakeAsync(connectionString, CancellationToken.None))
            {
                var together = Take();
                if (together.Count == 0) return;
                await CommitAsync(together);
            }
        }
    }

    private List<Unit> Take()
    {
        lock (_waiting)
        {
            var together = new List<Unit>(Math.Min(_waiting.Count, MaxTogether));
            while (together.Count < MaxTogether && _waiting.TryDequeue(out var unit)) together.Add(unit);
            if (together.Count == 0) _committing = false;
            return together;
        }
    }

    private async Task CommitAsync(List<Unit> together)
    {
        try
        {
            var session = _writer ??= Open();
            session.Run("BEGIN IMMEDIATE");
            foreach (var unit in together)
            {
                session.Run("SAVEPOINT unit");
                if (!await unit.RunAsync(session)) session.Run("ROLLBACK TO unit");
                session.Run("RELEASE unit");
            }

            session.Run("COMMIT");
        }
        catch (Exception exception)
        {
            // Closing the connection takes back what it has begun.
            _writer?.Dispose();
            _writer = null;
            foreach (var unit in together) unit.Fail(exception);
            return;
        }

        foreach (var unit in together) unit.Complete();
    }

    private abstract class Unit
    {
        /// <summary>False when it threw and has to be taken back.</summary>
        public abstract ValueTask<bool> RunAsync(IStatementWriter writer);

        public abstract void Complete();

        public abstract void Fail(Exception exception);
    }

    private sealed class Unit<T>(Func<IStatementWriter, ValueTask<T>> work) : Unit
    {
        private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T _result = default!;
        private Exception? _failure;

        public Task<T> Done => _done.Task;

        public override async ValueTask<bool> RunAsync(IStatementWriter writer)
        {
            try
            {
                _result = await work(writer);
                return true;
            }
            catch (Exception exception)
            {
                _failure = exception;
                return false;
            }
        }

        public override void Complete()
        {
            if (_failure is { } failure) _done.SetException(failure);
            else _done.SetResult(_result);
        }

        public override void Fail(Exception exception) => _done.SetException(_failure ?? exception);
    }
}
