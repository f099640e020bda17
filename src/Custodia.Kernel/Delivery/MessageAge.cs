using Custodia.Kernel.Retention;
using Custodia.Kernel.Storage;

namespace Custodia.Kernel.Delivery;

/// <summary>Deletes messages past their age, sent or not. What was not counted yet is counted by the worker within seconds of being stored.</summary>
internal sealed class MessageAge(KernelContext kernel) : RowRule<KernelContext, MessageRow>("kernel.outgoing-message", "age", kernel)
{
    protected override IQueryable<MessageRow> Due(RetentionMoment moment)
    {
        var limit = moment.Limit;
        return Context.OutgoingMessages.Where(m => m.CreatedAt < limit).OrderBy(m => m.CreatedAt);
    }

    protected override IQueryable<DateTimeOffset?> Held() => Context.OutgoingMessages.Select(m => (DateTimeOffset?)m.CreatedAt);
}
