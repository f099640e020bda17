using Custodia.Kernel.Access;
using Custodia.Kernel.Vault;
using Custodia.Tickets.Attachments;
using Custodia.Tickets.Confidential;
using Custodia.Tickets.Content;
using Custodia.Tickets.Screening;

namespace Custodia.Tickets.Tickets;

/// <summary>What comes into a ticket besides its state: texts, files, secrets; examined, then stored as the policy says.</summary>
internal sealed class TicketTexts(TicketsContext context, TicketContent content, ScreeningCheck screening, DataVault vault, TimeProvider time)
{
    public TicketContent Content => content;

    /// <summary>Examines texts, and the names and texts of files (fields <c>files[0].name</c>, <c>files[0]</c>).</summary>
    public IReadOnlyList<FieldFinding> Examine(bool confirmed, IReadOnlyList<StagedFile> files, params IEnumerable<(string Field, string? Text)> texts) =>
        screening.Check(confirmed, texts.Concat(files.SelectMany((file, i) => new (string, string?)[]
        {
            ($"files[{i}].name", file.FileName),
            ($"files[{i}]", file.Text),
        })));

    /// <summary>Adds rows for files and renames them into place; the caller commits, then calls <see cref="StagedFile.Keep"/>.</summary>
    public async Task AddFilesAsync(Caller caller, Ticket ticket, Guid? message, IReadOnlyList<StagedFile> files, CancellationToken cancellation)
    {
        foreach (var file in files)
        {
            var attachment = new Attachment
            {
                Id = file.Place.Row,
                Account = ticket.Account,
                TicketId = ticket.Id,
                MessageId = message,
                ContentKey = ticket.ContentKey,
                MediaType = file.Type.MediaType,
                Size = file.Size,
                StoredName = file.StoredName,
                AuthorKind = AuthorOf(caller),
                Author = caller.Person,
                CreatedAt = time.GetUtcNow(),
            };
            attachment.FileName = await content.WriteAsync(attachment.NamePlace, file.FileName, cancellation);
            context.Attachments.Add(attachment);
            file.MoveIntoPlace();
        }
    }

    /// <summary>Adds what the person wants to be known secretly.</summary>
    public async Task AddConfidentialAsync(Ticket ticket, string text, CancellationToken cancellation)
    {
        if (ticket.Person is not { } person) throw new InvalidOperationException("Only a person's ticket has confidential notes.");
        var now = time.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        var place = new Place(Contacts.SecretKeys.Of(ticket.Account, id), ConfidentialNote.Category, ConfidentialNote.Field, id.ToString("N"));
        context.ConfidentialNotes.Add(new ConfidentialNote
        {
            Id = id,
            Account = ticket.Account,
            TicketId = ticket.Id,
            Person = person,
            Text = await vault.SealAsync(place, text, cancellation),
            CreatedAt = now,
        });
    }

    public static AuthorKind AuthorOf(Caller caller) => caller.Kind switch
    {
        CallerKind.User => AuthorKind.Customer,
        CallerKind.SubAccount => AuthorKind.Staff,
        _ => AuthorKind.Application,
    };
}
