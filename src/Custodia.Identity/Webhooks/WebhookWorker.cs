using System.Collections.Concurrent;
using System.Security.Cryptography;
using Custodia.Kernel.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Custodia.Identity.Webhooks;

/// <summary>
/// Brings deliveries to their webhooks in processes that have the role <c>worker</c>. Each webhook has a few lanes of its own, so that a
/// slow one holds up none but itself; those that fail have one each, of a number of their own, so that the others get through.
/// </summary>
internal sealed class WebhookWorker(IServiceScopeFactory scopes, WebhookSignal signal, IOptions<CustodiaOptions> options, TimeProvider time, ILogger<WebhookWorker> logger)
    : BackgroundService
{
    private const int Lanes = 96;
    private const int LanesEach = 4;
    private const int FailingLanes = 16;

    private static readonly TimeSpan TidyEvery = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<Lane, Task> _lanes = new();
    private DateTimeOffset _tidied;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Value.HasRole("worker")) return;
        await Task.Yield();
        var released = false;
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                try
                {
                    if (!released) await WithQueueAsync(queue => queue.ReleaseAllAsync(stoppingToken));
                    released = true;
                    await WithQueueAsync(queue => LookAsync(queue, stoppingToken));
                }
#pragma warning disable CA1031 // A look that failed (the database is away) must not end the worker.
                catch (Exception e) when (e is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
#pragma warning restore CA1031
                {
                    WebhookLog.LookFailed(logger, e.GetType().Name);
                }

                await signal.WaitAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops; what waits is sent after its next start.
        }

        await Task.WhenAll(_lanes.Values);
    }

    private async Task LookAsync(WebhookQueue queue, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        if (now - _tidied >= TidyEvery || now < _tidied)
        {
            await queue.DropOldSecretsAsync(cancellation);
            _tidied = now;
        }

        var due = (await queue.DueAsync(cancellation)).ToArray();
        // In no fixed order: when there are more than lanes, each gets its turn.
        RandomNumberGenerator.Shuffle<DueWebhook>(due);
        foreach (var webhook in due)
        {
            var (all, each) = webhook.Failing ? (FailingLanes, 1) : (Lanes, LanesEach);
            var free = Math.Min(all - _lanes.Keys.Count(l => l.Failing == webhook.Failing), each - _lanes.Keys.Count(l => l.Webhook == webhook.Id));
            for (var i = 0; i < free; i++) Open(new Lane(webhook.Id, webhook.Failing), cancellation);
        }
    }

    private void Open(Lane lane, CancellationToken cancellation)
    {
        // Noted before it begins, so that it cannot be over before it is noted.
        var begin = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _lanes[lane] = RunAsync(lane, begin.Task, cancellation);
        begin.SetResult();
    }

    private async Task RunAsync(Lane lane, Task begin, CancellationToken cancellation)
    {
        await begin;
        var served = false;
        try
        {
            while (await SendAsync(lane.Webhook, cancellation)) served = true;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Given back already.
        }
#pragma warning disable CA1031 // Whatever went wrong with one webhook: the others go on, and this one when its claim has run out.
        catch (Exception e)
#pragma warning restore CA1031
        {
            WebhookLog.LaneFailed(logger, lane.Webhook, e.GetType().Name);
        }

        _lanes.TryRemove(lane, out _);
        // Another webhook may wait for the lane. Not after a failure: the next look is soon enough.
        if (served) signal.Raise();
    }

    private async Task<bool> SendAsync(Guid webhook, CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<WebhookSender>().SendDueAsync(webhook, cancellation);
    }

    private async Task WithQueueAsync(Func<WebhookQueue, Task> work)
    {
        await using var scope = scopes.CreateAsyncScope();
        await work(scope.ServiceProvider.GetRequiredService<WebhookQueue>());
    }

    private sealed class Lane(Guid webhook, bool failing)
    {
        public Guid Webhook => webhook;

        public bool Failing => failing;
    }
}
