using System.Diagnostics.Metrics;
using Custodia.Kernel.Hosting;
using Custodia.Kernel.Messaging;
using Custodia.Kernel.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Custodia.Kernel.Deletion;

/// <summary>
/// Watches the clocks of the deletion requests. How they stand is a metric; a request that comes to be due soon, and again when it is
/// overdue, makes one <see cref="DeletionDeadline"/> for its account.
/// </summary>
internal sealed class DeadlineWatch : LeasedWorker
{
    private readonly Meter _meter = new(Telemetry.Name);
    private DeletionStanding? _standing;

    public DeadlineWatch(IServiceScopeFactory scopes, TimeProvider time, ILogger<DeadlineWatch> logger)
        : base(scopes, new WorkSignal(), time, logger) =>
        _meter.CreateObservableGauge("custodia.deletion.requests", Observe, "{request}", "Open deletion requests, by how they stand against their deadline.");

    protected override string Work => "deletion-deadlines";

    protected override TimeSpan Pause => TimeSpan.FromMinutes(10);

    public override void Dispose()
    {
        _meter.Dispose();
        base.Dispose();
    }

    protected override async Task<bool> RunOnceAsync(CancellationToken cancellation)
    {
        await using var scope = Scopes.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<KernelContext>();
        var requests = scope.ServiceProvider.GetRequiredService<DeletionRequests>();
        var outbox = scope.ServiceProvider.GetRequiredService<Outbox>();
        _standing = await requests.FiguresAsync(account: null, cancellation);
        if (_standing is { DueSoon: 0, Overdue: 0 }) return false;
        await context.InTransactionAsync(token => AnnounceAsync(context, requests, outbox, token), cancellation);
        return false;
    }

    private async Task AnnounceAsync(KernelContext context, DeletionRequests requests, Outbox outbox, CancellationToken cancellation)
    {
        var now = Time.GetUtcNow();
        var near = now + DeletionClock.DueSoon;
        var open = context.DeletionRequests.Where(r => r.State == DeletionState.Grace || r.State == DeletionState.Erasing);
        var overdue = open.Where(r => r.DueAt <= now && r.Warned != DeadlineWarning.Overdue);
        var soon = open.Where(r => r.DueAt > now && r.DueAt <= near && r.Warned == DeadlineWarning.None);
        foreach (var account in await overdue.Select(r => r.Account).Union(soon.Select(r => r.Account)).ToListAsync(cancellation))
        {
            var standing = await requests.FiguresAsync(account, cancellation);
            await outbox.PublishAsync(context, account, person: null, new DeletionDeadline(standing.DueSoon, standing.Overdue), cancellation);
        }

        await context.SaveChangesAsync(cancellation);
        await overdue.ExecuteUpdateAsync(set => set.SetProperty(r => r.Warned, DeadlineWarning.Overdue), cancellation);
        await soon.ExecuteUpdateAsync(set => set.SetProperty(r => r.Warned, DeadlineWarning.DueSoon), cancellation);
    }

    private IEnumerable<Measurement<int>> Observe()
    {
        if (Volatile.Read(ref _standing) is not { } standing) return [];
        return [Of("in-time", standing.Open), Of("due-soon", standing.DueSoon), Of("overdue", standing.Overdue)];
        static Measurement<int> Of(string name, int count) => new(count, new KeyValuePair<string, object?>("standing", name));
    }
}
