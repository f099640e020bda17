using Custodia.Kernel.Delivery;
using Custodia.Kernel.Retention;

namespace Custodia.Kernel.Storage;

/// <summary>Forgets that an account used a service, once its time after the termination is over.</summary>
internal sealed class TerminatedService(KernelContext kernel) : RowRule<KernelContext, AccountService>("kernel.service", "service-terminated", kernel)
{
    protected override IQueryable<AccountService> Due(RetentionMoment moment)
    {
        var limit = moment.Limit;
        return Context.Services.Where(s => s.TerminatedAt < limit).OrderBy(s => s.TerminatedAt);
    }

    protected override IQueryable<DateTimeOffset?> Held() => Context.Services.Select(s => (DateTimeOffset?)s.OpenedAt);
}

/// <summary>Deletes the message counts of an account whose services have all been terminated.</summary>
internal sealed class CountsOfTerminatedAccounts(KernelContext kernel) : RowRule<KernelContext, MessageCount>("kernel.message-count", "service-terminated", kernel)
{
    // The rows of its services are kept a month longer than this (see the policy), so they are still there to tell.
    protected override IQueryable<MessageCount> Due(RetentionMoment moment)
    {
        var limit = moment.Limit;
        return Context.MessageCounts
            .Where(c => Context.Services.Any(s => s.Account == c.Account)
                && !Context.Services.Any(s => s.Account == c.Account && (s.TerminatedAt == null || s.TerminatedAt >= limit)))
            .OrderBy(c => c.Account);
    }

    protected override IQueryable<DateTimeOffset?> Held() => Context.Services.Where(s => Context.MessageCounts.Any(c => c.Account == s.Account)).Select(s => (DateTimeOffset?)s.OpenedAt);
}
