using Custodia.Kernel.Delivery;
using Custodia.Kernel.Policy;
using Custodia.Kernel.Retention;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Kernel.Storage;

/// <summary>Forgets that an account used a service, once its time after the termination is over.</summary>
internal sealed class TerminatedService(KernelContext kernel) : IRetentionRule
{
    public string Category => "kernel.service";

    public string Trigger => "service-terminated";

    public async Task<RetentionPreview> PreviewAsync(RetentionMoment moment, CancellationToken cancellation)
    {
        var limit = LimitOf(moment);
        var due = await kernel.Services.LongCountAsync(s => s.TerminatedAt < limit, cancellation);
        return new RetentionPreview(due, await kernel.Services.OrderBy(s => s.OpenedAt).Select(s => (DateTimeOffset?)s.OpenedAt).FirstOrDefaultAsync(cancellation));
    }

    public Task<int> EnforceAsync(RetentionMoment moment, CancellationToken cancellation)
    {
        var limit = LimitOf(moment);
        return kernel.InTransactionAsync(token => kernel.Services.Where(s => s.TerminatedAt < limit).ExecuteDeleteAsync(token), cancellation);
    }

    internal static DateTimeOffset LimitOf(RetentionMoment moment) => ((DeletionTrigger.Event)moment.Trigger).Within.Before(moment.Now);
}

/// <summary>Deletes the message counts of an account whose services have all been terminated.</summary>
internal sealed class CountsOfTerminatedAccounts(KernelContext kernel) : IRetentionRule
{
    public string Category => "kernel.message-count";

    public string Trigger => "service-terminated";

    public async Task<RetentionPreview> PreviewAsync(RetentionMoment moment, CancellationToken cancellation) =>
        new(await Due(moment).LongCountAsync(cancellation), Oldest: null);

    public Task<int> EnforceAsync(RetentionMoment moment, CancellationToken cancellation) =>
        kernel.InTransactionAsync(token => Due(moment).ExecuteDeleteAsync(token), cancellation);

    // The rows of its services are kept a month longer than this (see the policy), so they are still there to tell.
    private IQueryable<MessageCount> Due(RetentionMoment moment)
    {
        var limit = TerminatedService.LimitOf(moment);
        return kernel.MessageCounts.Where(c =>
            kernel.Services.Any(s => s.Account == c.Account)
            && !kernel.Services.Any(s => s.Account == c.Account && (s.TerminatedAt == null || s.TerminatedAt >= limit)));
    }
}
