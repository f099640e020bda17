using Custodia.Kernel.Vault;
using Custodia.Tickets.Contacts;
using Custodia.Tickets.Content;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Tickets.Retention;

/// <summary>
/// Deletes rows together with their keys, in two steps that cannot be torn apart: the rows go and their keys are noted in one
/// transaction; the noted keys are destroyed after it.
/// </summary>
internal sealed class Forgetting(TicketsContext context, DataVault vault, TimeProvider time)
{
    public const string TicketClosed = "ticket-closed";
    public const string UserRequest = "user-request";
    public const string AccountDeleted = "account-deleted";
    public const int Batch = 500;

    /// <summary>Everything that was lent for a ticket, when it closes. Part of the closing transaction.</summary>
    public async Task CloseAsync(Guid ticketId, DateTimeOffset now, CancellationToken cancellation)
    {
        await RemoveAsync(context.ContactEmails.Where(c => c.TicketId == ticketId), TicketClosed, cancellation);
        await RemoveAsync(context.ContactMobiles.Where(c => c.TicketId == ticketId), TicketClosed, cancellation);
        await RemoveAsync(context.ContactCodes.Where(c => c.TicketId == ticketId), TicketClosed, cancellation);
        await RemoveAsync(context.ConfidentialNotes.Where(c => c.TicketId == ticketId), TicketClosed, cancellation);
        await RemoveAsync(context.Authorisations.Where(c => c.TicketId == ticketId), TicketClosed, cancellation);
    }

    /// <summary>Deletes rows and notes their keys; part of the caller's transaction.</summary>
    /// <returns>Rows deleted.</returns>
    public async Task<int> RemoveAsync<T>(IQueryable<T> which, string trigger, CancellationToken cancellation)
        where T : class, ITicketSecret
    {
        var rows = await which.AsTracking().ToListAsync(cancellation);
        foreach (var row in rows)
        {
            context.Remove(row);
            Note(row.Account, SecretKeys.Kind, row.Id, T.PolicyCategory, trigger);
        }

        if (rows.Count > 0) await context.SaveChangesAsync(cancellation);
        return rows.Count;
    }

    /// <summary>Notes a content key whose texts have moved on or gone.</summary>
    public void NoteContentKey(long account, Guid contentKey, string trigger) =>
        Note(account, TicketKeys.ContentKind, contentKey, TicketContent.Category, trigger);

    /// <summary>Destroys the noted keys; what a crash left over is done by the next call.</summary>
    public Task DestroyKeysAsync(CancellationToken cancellation) => DestroyKeysAsync(context.RetiredKeys, cancellation);

    /// <summary>Destroys the noted keys of one trigger of one category.</summary>
    public Task<int> DestroyKeysAsync(string category, string trigger, CancellationToken cancellation) =>
        DestroyKeysAsync(context.RetiredKeys.Where(k => k.RetiredCategory == category && k.RetiredBy == trigger), cancellation);

    private async Task<int> DestroyKeysAsync(IQueryable<RetiredKey> which, CancellationToken cancellation)
    {
        var done = 0;
        while (true)
        {
            var keys = await which.AsNoTracking().OrderBy(k => k.Id).Take(Batch).ToListAsync(cancellation);
            foreach (var key in keys)
                await vault.DestroyAsync(KeyId.Record(key.Account, key.KeyKind, key.Id), $"{key.RetiredCategory}: {key.RetiredBy}", cancellation);
            var ids = keys.ConvertAll(k => k.Id);
            if (ids.Count > 0)
            {
                await context.InTransactionAsync(
                    token => context.RetiredKeys.Where(k => ids.Contains(k.Id)).ExecuteDeleteAsync(token),
                    cancellation);
            }

            done += keys.Count;
            if (keys.Count < Batch) return done;
        }
    }

    private void Note(long account, string kind, Guid id, string category, string trigger) => context.RetiredKeys.Add(new RetiredKey
    {
        Id = id,
        Account = account,
        KeyKind = kind,
        RetiredCategory = category,
        RetiredBy = trigger,
        RetiredAt = time.GetUtcNow(),
    });
}
