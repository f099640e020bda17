using Custodia.Kernel.Deletion;
using Custodia.Tickets.Contacts;
using Custodia.Tickets.Content;
using Custodia.Tickets.Retention;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Tickets.Erasure;

/// <summary>This service's part in showing and erasing what is held about a person.</summary>
internal sealed class TicketsSubjectData(TicketsContext context, SubjectExportReader export, IdentifierReader identifiers, Deidentification deidentification, Forgetting forgetting) : ISubjectData
{
    private const string ContentReason =
        "The policy keeps ticket texts for quality inspection and audit. They were de-identified: author unlinked, names, addresses and numbers of the person removed from titles, messages and text files; the old key was destroyed, so earlier backups cannot be read. Pictures and documents that the person uploaded were deleted, because they cannot be de-identified for certain.";

    public string Module => "tickets";

    public IAsyncEnumerable<ExportedItem> ExportAsync(Subject subject, CancellationToken cancellation) => export.ReadAsync(subject, cancellation);

    public async Task<ErasureReport> EraseAsync(Subject subject, CancellationToken cancellation)
    {
        // Names and contacts go last: an interrupted run needs them again to find them in texts.
        var content = await DeidentifyAsync(subject, cancellation);
        var secrets = new List<ErasedCategory>
        {
            await EraseAsync(context.ConfidentialNotes.Where(s => s.Account == subject.Account && s.Person == subject.Person), cancellation),
            await EraseAsync(context.Authorisations.Where(s => s.Account == subject.Account && s.Person == subject.Person), cancellation),
            await EraseAsync(context.ContactCodes.Where(s => s.Account == subject.Account && s.Person == subject.Person), cancellation),
            await EraseAsync(context.ContactEmails.Where(s => s.Account == subject.Account && s.Person == subject.Person), cancellation),
            await EraseAsync(context.ContactMobiles.Where(s => s.Account == subject.Account && s.Person == subject.Person), cancellation),
        };
        await forgetting.DestroyKeysAsync(cancellation);
        var (contacts, names) = await EraseNamesAsync(subject, cancellation);
        return new ErasureReport([.. content, .. secrets, contacts, names]);
    }

    private async Task<IReadOnlyList<ErasedCategory>> DeidentifyAsync(Subject subject, CancellationToken cancellation)
    {
        var known = await identifiers.ReadAsync(subject, cancellation);
        var counts = new DeidentifiedCounts();
        while (true)
        {
            var ticket = await context.Tickets.AsNoTracking().Where(t => t.Account == subject.Account && t.Person == subject.Person).OrderBy(t => t.Number).FirstOrDefaultAsync(cancellation);
            if (ticket is null) break;
            await deidentification.RunAsync(ticket, subject, known, counts, cancellation);
        }

        // A member of staff: their words stay, their name goes.
        var unlinked = await context.InTransactionAsync(
            async token =>
            {
                var messages = await context.Messages.Where(m => m.Account == subject.Account && m.Author == subject.Person)
                    .ExecuteUpdateAsync(set => set.SetProperty(m => m.Author, (Guid?)null), token);
                await context.Attachments.Where(a => a.Account == subject.Account && a.Author == subject.Person)
                    .ExecuteUpdateAsync(set => set.SetProperty(a => a.Author, (Guid?)null), token);
                await context.Tickets.Where(t => t.Account == subject.Account && t.Assignee == subject.Person)
                    .ExecuteUpdateAsync(set => set.SetProperty(t => t.Assignee, (Guid?)null), token);
                return messages;
            },
            cancellation);
        await forgetting.DestroyKeysAsync(TicketContent.Category, Forgetting.AccountDeleted, cancellation);
        var kept = counts.Kept + unlinked;
        return [new ErasedCategory(TicketContent.Category, kept + counts.FilesDeleted, counts.FilesDeleted, kept, kept > 0 ? ContentReason : null)];
    }

    private async Task<ErasedCategory> EraseAsync<T>(IQueryable<T> which, CancellationToken cancellation)
        where T : class, ITicketSecret
    {
        var removed = await context.InTransactionAsync(token => forgetting.RemoveAsync(which, Forgetting.AccountDeleted, token), cancellation);
        return new ErasedCategory(T.PolicyCategory, removed, removed, 0, null);
    }

    private Task<(ErasedCategory Contacts, ErasedCategory Names)> EraseNamesAsync(Subject subject, CancellationToken cancellation) => context.InTransactionAsync(
        async token =>
        {
            var contacts = await context.RegisteredContacts.Where(c => c.Person == subject.Person && c.Account == subject.Account).ExecuteDeleteAsync(token);
            var names = await context.Participants.Where(p => p.Person == subject.Person && p.Account == subject.Account).ExecuteDeleteAsync(token);
            return (new ErasedCategory(RegisteredContact.Category, contacts, contacts, 0, null), new ErasedCategory("tickets.user-name", names, names, 0, null));
        },
        cancellation);
}
