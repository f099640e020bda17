using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Custodia.Kernel.Policy;

/// <summary>Collects the live figures at most once a minute, however often the public page is asked for.</summary>
public sealed partial class LiveFigureBoard : IDisposable
{
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(1);

    private readonly IServiceScopeFactory _scopes;
    private readonly TimeProvider _time;
    private readonly ILogger<LiveFigureBoard> _log;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private LiveFigures? _latest;

    internal LiveFigureBoard(IServiceScopeFactory scopes, TimeProvider time, ILogger<LiveFigureBoard> log)
    {
        _scopes = scopes;
        _time = time;
        _log = log;
    }

    public async Task<LiveFigures> ReadAsync(CancellationToken cancellation)
    {
        if (IsFresh(_latest)) return _latest!;
        await _turn.WaitAsync(cancellation);
        try
        {
            return IsFresh(_latest) ? _latest! : _latest = await CollectAsync(cancellation);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private bool IsFresh(LiveFigures? figures) => figures is not null && _time.GetUtcNow() - figures.At < Fresh;

    private async Task<LiveFigures> CollectAsync(CancellationToken cancellation)
    {
        var figures = new LiveFigures(_time.GetUtcNow());
        await using var scope = _scopes.CreateAsyncScope();
        foreach (var room in scope.ServiceProvider.GetServices<ILiveFigures>())
        {
            try
            {
                await room.CollectAsync(figures, cancellation);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // The policy is shown all the same; its page says that a figure is not known.
                Log.NotKnown(_log, room.GetType().Name, e);
            }
        }

        return figures;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "The live figures of {Room} cannot be read")]
        public static partial void NotKnown(ILogger logger, string room, Exception exception);
    }
}
