using Custodia.Kernel.Retention;
using Custodia.Kernel.Storage;

namespace Custodia.Kernel.Delivery;

/// <summary>Deletes messages past their age, sent or not. What was not counted yet is counted by the worker within seconds of being stored.</summary>
internal sealed class MessageAge(KernelContext kernel) : RowRule<MessageRow>("kernel.outgoing-message", "age", kernel)
{
    private readonly KernelContext _kernel = kernel;

    protected override IQueryable<MessageRow> Due(RetentionMoment moment)
    {
        var limit = moment.Limit;
        return _kernel.OutgoingMessages.Where(m => m.CreatedAt < limit).OrderBy(m => m.CreatedAt);
    }

    protected override IQueryable<DateTimeOffset?> Held() => _kernel.OutgoingMessages.Select(m => (DateTimeOffset?)m.CreatedAt);
}
