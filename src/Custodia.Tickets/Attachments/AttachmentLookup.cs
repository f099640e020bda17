using Custodia.Tickets.Tickets;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Tickets.Attachments;

internal static class AttachmentLookup
{
    public static Task<bool> IsOfAsync(TicketsContext context, Ticket ticket, Guid attachment, CancellationToken cancellation) =>
        context.Attachments.AnyAsync(a => a.Id == attachment && a.TicketId == ticket.Id, cancellation);

    /// <summary>The same for the person: files of internal notes are not theirs to see.</summary>
    public static Task<bool> IsShownAsync(TicketsContext context, Ticket ticket, Guid attachment, CancellationToken cancellation) =>
        context.Attachments.AnyAsync(
            a => a.Id == attachment && a.TicketId == ticket.Id && !context.Messages.Any(m => m.Id == a.MessageId && m.Internal),
            cancellation);
}

/// <summary>Why a file was refused, in words of the API.</summary>
internal static class FileRules
{
    public static string Of(string rule) => rule switch
    {
        "empty" => "must not be empty",
        "type" => "must be PNG, JPEG, GIF, WebP, PDF or UTF-8 text by its content",
        "text-size" => "text files may have up to 1 MiB",
        "broken-image" => "is not a whole image",
        _ => rule,
    };
}
