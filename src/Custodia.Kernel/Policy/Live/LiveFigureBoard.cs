using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Custodia.Kernel.Policy;

/// <summary>
/// Collects the live figures at most once a minute, however often the public page is asked for. A reader waits a moment for new
/// ones; while they take longer, the last ones are shown, with their time.
/// </summary>
public sealed partial class LiveFigureBoard : IDisposable
{
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly IServiceScopeFactory _scopes;
    private readonly TimeProvider _time;
    private readonly ILogger<LiveFigureBoard> _log;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _lock = new();
    private TaskCompletionSource? _collecting;
    private LiveFigures? _latest;

    internal LiveFigureBoard(IServiceScopeFactory scopes, TimeProvider time, ILogger<LiveFigureBoard> log)
    {
        _scopes = scopes;
        _time = time;
        _log = log;
    }

    public async Task<LiveFigures> ReadAsync(CancellationToken cancellation)
    {
        try
        {
            await CollectingAsync().WaitAsync(Patience, cancellation);
        }
        catch (TimeoutException)
        {
            // The page is shown with what is known.
        }

        lock (_lock) return _latest ?? new LiveFigures(_time.GetUtcNow());
    }

    public void Dispose()
    {
        _stopping.Cancel();
        _stopping.Dispose();
    }

    /// <summary>The end of the collection under way, which is begun if needed; completed when the figures are fresh.</summary>
    private Task CollectingAsync()
    {
        TaskCompletionSource done;
        lock (_lock)
        {
            if (_latest is not null && _time.GetUtcNow() - _latest.At < Fresh) return Task.CompletedTask;
            if (_collecting is not null) return _collecting.Task;
            done = _collecting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        var stopping = _stopping.Token;
        _ = Task.Run(() => CollectAsync(done, stopping), stopping);
        return done.Task;
    }

    private async Task CollectAsync(TaskCompletionSource done, CancellationToken stopping)
    {
        var figures = new LiveFigures(_time.GetUtcNow());
        try
        {
            await using var scope = _scopes.CreateAsyncScope();
            foreach (var room in scope.ServiceProvider.GetServices<ILiveFigures>()) await CollectAsync(room, figures, stopping);
        }
        finally
        {
            lock (_lock)
            {
                _latest = figures;
                _collecting = null;
            }

            done.SetResult();
        }
    }

    private async Task CollectAsync(ILiveFigures room, LiveFigures figures, CancellationToken stopping)
    {
        try
        {
            await room.CollectAsync(figures, stopping);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // The policy is shown all the same; its page says that a figure is not known.
            if (!stopping.IsCancellationRequested) Log.NotKnown(_log, room.GetType().Name, e);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "The live figures of {Room} cannot be read")]
        public static partial void NotKnown(ILogger logger, string room, Exception exception);
    }
}
