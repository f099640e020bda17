using System.Text;
using Custodia.Kernel.Deletion;
using Custodia.Tickets.Attachments;
using Custodia.Tickets.Content;
using Custodia.Tickets.Retention;
using Custodia.Tickets.Tickets;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Tickets.Erasure;

/// <summary>What became of one ticket's parts.</summary>
internal sealed class DeidentifiedCounts
{
    public int Kept { get; set; }

    public int FilesDeleted { get; set; }
}

/// <summary>
/// Takes a person out of a ticket whose text the policy keeps. Texts lose what the person is known by; pictures and documents that
/// the person uploaded go, because nobody can take a face out of a screenshot for certain; what stays moves to a new key and the old
/// one is destroyed, so that backups from before cannot be read. One transaction a ticket: interrupted anywhere, the next call goes on.
/// </summary>
internal sealed class Deidentification(TicketsContext context, TicketContent content, AttachmentFiles files, Forgetting forgetting)
{
    public const string Replacement = "[removed]";

    public async Task RunAsync(Ticket ticket, Subject subject, Identifiers identifiers, DeidentifiedCounts counts, CancellationToken cancellation)
    {
        var key = Guid.CreateVersion7();
        var replaced = new List<(Attachment Attachment, StagedFile? File)>();
        try
        {
            var attachments = await context.Attachments.AsTracking().Where(a => a.TicketId == ticket.Id).ToListAsync(cancellation);
            var gone = attachments.Where(a => a.Author == subject.Person && a.MediaType != FileType.Text.MediaType).ToList();
            foreach (var attachment in attachments.Except(gone)) replaced.Add((attachment, await RewriteAsync(attachment, key, identifiers, cancellation)));
            var old = attachments.Where(a => gone.Contains(a) || replaced.Exists(r => r.Attachment == a && r.File is not null)).Select(a => a.StoredName).ToList();
            await context.InTransactionAsync(token => StoreAsync(ticket, subject, key, identifiers, gone, replaced, token), cancellation);
            foreach (var (_, file) in replaced) file?.Keep();
            foreach (var name in old) files.Delete(name);
            counts.FilesDeleted += gone.Count;
            counts.Kept++;
        }
        finally
        {
            foreach (var (_, file) in replaced) file?.Dispose();
            context.ChangeTracker.Clear();
        }

        await forgetting.DestroyKeysAsync(TicketContent.Category, Forgetting.AccountDeleted, cancellation);
    }

    private async Task StoreAsync(
        Ticket ticket, Subject subject, Guid key, Identifiers identifiers, List<Attachment> gone, List<(Attachment Attachment, StagedFile? File)> replaced, CancellationToken cancellation)
    {
        var row = await context.Tickets.AsTracking().SingleAsync(t => t.Id == ticket.Id, cancellation);
        var (title, description) = (await ReadAsync(row.TitlePlace, row.Title, cancellation), await ReadAsync(row.DescriptionPlace, row.Description, cancellation));
        forgetting.NoteContentKey(row.Account, row.ContentKey, Forgetting.AccountDeleted);
        row.ContentKey = key;
        row.Title = await WriteAsync(row.TitlePlace, title, identifiers, cancellation);
        row.Description = await WriteAsync(row.DescriptionPlace, description, identifiers, cancellation);
        row.Person = null;
        row.IdempotencyKey = null;
        row.UseRegisteredContact = false;
        row.Version++;
        await foreach (var message in context.Messages.AsTracking().Where(m => m.TicketId == ticket.Id).AsAsyncEnumerable().WithCancellation(cancellation))
        {
            var body = await ReadAsync(message.BodyPlace, message.Body, cancellation);
            message.ContentKey = key;
            message.Body = await WriteAsync(message.BodyPlace, body, identifiers, cancellation);
            if (message.Author == subject.Person) message.Author = null;
        }

        context.Attachments.RemoveRange(gone);
        foreach (var (attachment, file) in replaced) await MoveAsync(attachment, file, subject, key, identifiers, cancellation);
        await context.SaveChangesAsync(cancellation);
    }

    private async Task MoveAsync(Attachment attachment, StagedFile? file, Subject subject, Guid key, Identifiers identifiers, CancellationToken cancellation)
    {
        var name = await ReadAsync(attachment.NamePlace, attachment.FileName, cancellation);
        attachment.ContentKey = key;
        attachment.FileName = await WriteAsync(attachment.NamePlace, name, identifiers, cancellation);
        if (attachment.Author == subject.Person) attachment.Author = null;
        if (file is null) return;
        attachment.StoredName = file.StoredName;
        attachment.Size = file.Size;
        file.MoveIntoPlace();
    }

    /// <summary>A new copy of a file under the new key, text without the person; null when the file or its key is gone.</summary>
    private async Task<StagedFile?> RewriteAsync(Attachment attachment, Guid key, Identifiers identifiers, CancellationToken cancellation)
    {
        var isText = attachment.MediaType == FileType.Text.MediaType;
        if (!files.Exists(attachment)) return null;
        using var bytes = new MemoryStream();
        // At most 10 MB, by the limit of uploads; one at a time.
        if (!await files.CopyToAsync(attachment, bytes, cancellation)) return null;
        if (isText)
        {
            var text = Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
            var without = identifiers.RemoveFrom(text, Replacement);
            bytes.SetLength(0);
            bytes.Write(Encoding.UTF8.GetBytes(without));
        }

        bytes.Position = 0;
        var place = new ContentPlace(attachment.Account, key, TicketContent.Files, attachment.Id);
        return await files.StageAsync(place, null, bytes, cancellation) is StagedOutcome.Staged staged
            ? staged.File
            : throw new InvalidDataException("A stored file is not of a known type any more.");
    }

    private async ValueTask<string> ReadAsync(ContentPlace place, StoredText text, CancellationToken cancellation) =>
        await content.ReadAsync(place, text, cancellation) ?? TicketContent.Gone;

    private ValueTask<StoredText> WriteAsync(ContentPlace place, string text, Identifiers identifiers, CancellationToken cancellation) =>
        content.WriteAsync(place, identifiers.RemoveFrom(text, Replacement), cancellation);
}
