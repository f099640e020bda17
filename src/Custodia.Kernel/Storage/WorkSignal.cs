using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Custodia.Kernel.Storage;

/// <summary>
/// Wakes the workers of this process when a context commits events or messages, so that they need not wait for their next look
/// at the tables. A lost signal costs that wait and nothing else.
/// </summary>
internal sealed class WorkSignals
{
    public WorkSignal Events { get; } = new();

    public WorkSignal Messages { get; } = new();
}

internal sealed class WorkSignal
{
    private TaskCompletionSource _next = New();

    /// <summary>Taken before the tables are looked at: what commits afterwards completes it.</summary>
    public Task Next => Volatile.Read(ref _next).Task;

    /// <summary>Waits for the signal taken before, or for the pause.</summary>
    public static async Task WaitAsync(Task next, TimeSpan pause, TimeProvider time, CancellationToken cancellation)
    {
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await Task.WhenAny(next, Task.Delay(pause, time, waiting.Token));
        await waiting.CancelAsync();
        cancellation.ThrowIfCancellationRequested();
    }

    public void Raise() => Interlocked.Exchange(ref _next, New()).TrySetResult();

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>Raises the signal after the commit of a context that has new work.</summary>
internal sealed class WorkSignalAfterCommit(WorkSignals signals) : DbTransactionInterceptor, ISaveChangesInterceptor
{
    public ValueTask<int> SavedChangesAsync(SaveChangesCompletedEventData eventData, int result, CancellationToken cancellationToken = default)
    {
        if (eventData.Context is ModuleContext { Database.CurrentTransaction: null } context) Raise(context);
        return ValueTask.FromResult(result);
    }

    public override Task TransactionCommittedAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        if (eventData.Context is ModuleContext context) Raise(context);
        return Task.CompletedTask;
    }

    private void Raise(ModuleContext context)
    {
        if (context.HasNewEvents) signals.Events.Raise();
        if (context.HasNewMessages) signals.Messages.Raise();
        context.HasNewEvents = context.HasNewMessages = false;
    }
}
