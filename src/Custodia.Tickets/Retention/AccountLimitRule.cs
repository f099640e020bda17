using Custodia.Kernel.Retention;
using Custodia.Tickets.Attachments;
using Custodia.Tickets.Tickets;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Tickets.Retention;

/// <summary>
/// Tickets are kept until an account sets a limit of its own; then a ticket goes whole, texts, files and key, so many days after it
/// closed. Without a limit nothing is ever due.
/// </summary>
internal abstract class AccountLimitRule(TicketsContext context, AttachmentFiles files, Forgetting forgetting) : IRetentionRule
{
    private const int Batch = 50;

    public abstract string Category { get; }

    public string Trigger => "account-limit";

    public async Task<RetentionPreview> PreviewAsync(RetentionMoment moment, CancellationToken cancellation)
    {
        long due = 0;
        foreach (var limit in await LimitsAsync(cancellation)) due += await Due(limit, moment.Now).LongCountAsync(cancellation);
        var oldest = await context.Tickets.OrderBy(t => t.CreatedAt).Select(t => (DateTimeOffset?)t.CreatedAt).FirstOrDefaultAsync(cancellation);
        return new RetentionPreview(due, oldest);
    }

    public async Task<int> EnforceAsync(RetentionMoment moment, CancellationToken cancellation)
    {
        var total = 0;
        foreach (var limit in await LimitsAsync(cancellation))
        {
            int removed;
            do
            {
                removed = await RemoveAsync(Due(limit, moment.Now), cancellation);
                total += removed;
            }
            while (removed == Batch);
        }

        await forgetting.DestroyKeysAsync(Content.TicketContent.Category, Trigger, cancellation);
        return total;
    }

    private Task<List<AccountSettings>> LimitsAsync(CancellationToken cancellation) =>
        context.AccountSettings.AsNoTracking().Where(a => a.ContentLimitDays != null).ToListAsync(cancellation);

    private IQueryable<Ticket> Due(AccountSettings limit, DateTimeOffset now)
    {
        var before = now.AddDays(-limit.ContentLimitDays!.Value);
        return context.Tickets.Where(t => t.Account == limit.Account && t.ClosedAt != null && t.ClosedAt < before);
    }

    private async Task<int> RemoveAsync(IQueryable<Ticket> due, CancellationToken cancellation)
    {
        var tickets = await due.AsNoTracking().OrderBy(t => t.ClosedAt).Take(Batch).ToListAsync(cancellation);
        if (tickets.Count == 0) return 0;
        var ids = tickets.ConvertAll(t => t.Id);
        var names = await context.Attachments.Where(a => ids.Contains(a.TicketId)).Select(a => a.StoredName).ToListAsync(cancellation);
        await context.InTransactionAsync(
            async token =>
            {
                await context.Messages.Where(m => ids.Contains(m.TicketId)).ExecuteDeleteAsync(token);
                await context.Attachments.Where(a => ids.Contains(a.TicketId)).ExecuteDeleteAsync(token);
                await context.Tickets.Where(t => ids.Contains(t.Id)).ExecuteDeleteAsync(token);
                foreach (var ticket in tickets) forgetting.NoteContentKey(ticket.Account, ticket.ContentKey, Trigger);
                await context.SaveChangesAsync(token);
            },
            cancellation);
        // A crash before this leaves files without rows: the sweep finds them.
        foreach (var name in names) files.Delete(name);
        return tickets.Count;
    }
}

internal sealed class ContentLimitRule(TicketsContext context, AttachmentFiles files, Forgetting forgetting) : AccountLimitRule(context, files, forgetting)
{
    public override string Category => Content.TicketContent.Category;
}

/// <summary>Numbers, states and times go with the texts.</summary>
internal sealed class RecordLimitRule(TicketsContext context, AttachmentFiles files, Forgetting forgetting) : AccountLimitRule(context, files, forgetting)
{
    public override string Category => "tickets.record";
}
