using Custodia.Kernel.Access;
using Custodia.Tickets.Attachments;
using Custodia.Tickets.Content;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Tickets.Tickets;

/// <summary>Reads tickets for those who may see them.</summary>
internal sealed class TicketReader(TicketsContext context, TicketContent content, Participants participants)
{
    public Task<Ticket?> FindAsync(long account, Guid id, CancellationToken cancellation) =>
        context.Tickets.AsNoTracking().FirstOrDefaultAsync(t => t.Id == id && t.Account == account, cancellation);

    /// <summary>A person's own ticket; what the person deleted is gone for them.</summary>
    public Task<Ticket?> OwnAsync(Caller caller, long number, CancellationToken cancellation) =>
        context.Tickets.AsNoTracking().FirstOrDefaultAsync(
            t => t.Account == caller.Account && t.Number == number && t.Person == caller.Person && t.Directory == caller.Directory && t.State != TicketState.Deleted,
            cancellation);

    public async Task<TicketPage> ListAsync(TicketFilter filter, CancellationToken cancellation)
    {
        var rows = await Matching(filter).OrderByDescending(t => t.Number).Take(filter.Limit + 1).ToListAsync(cancellation);
        var more = rows.Count > filter.Limit;
        if (more) rows.RemoveAt(filter.Limit);
        var names = await participants.NamesAsync(filter.Account, rows.SelectMany(t => new[] { t.Assignee, t.Person }), cancellation);
        var items = new List<TicketSummary>(rows.Count);
        foreach (var row in rows) items.Add(new TicketSummary(row, await TitleAsync(row, cancellation), Name(names, row.Person), Name(names, row.Assignee)));
        return new TicketPage(items, more ? TicketFilter.Cursor(rows[^1].Number) : null);
    }

    public async Task<string> TitleAsync(Ticket ticket, CancellationToken cancellation) =>
        await content.ReadAsync(ticket.TitlePlace, ticket.Title, cancellation) ?? TicketContent.Gone;

    /// <summary>What was said, oldest first: the newest <paramref name="limit"/> messages before a cursor.</summary>
    public async Task<Conversation> ConversationAsync(Ticket ticket, bool withInternal, Guid? before, int limit, CancellationToken cancellation)
    {
        var query = context.Messages.AsNoTracking().Where(m => m.TicketId == ticket.Id && (withInternal || !m.Internal));
        if (before is { } cursor) query = query.Where(m => m.Id.CompareTo(cursor) < 0);
        var messages = await query.OrderByDescending(m => m.Id).Take(limit + 1).ToListAsync(cancellation);
        var more = messages.Count > limit;
        if (more) messages.RemoveAt(limit);
        messages.Reverse();
        var files = await context.Attachments.AsNoTracking().Where(a => a.TicketId == ticket.Id).OrderBy(a => a.Id).Take(1_000).ToListAsync(cancellation);
        var names = await participants.NamesAsync(ticket.Account, messages.Select(m => m.Author).Append(ticket.Person).Append(ticket.Assignee), cancellation);
        var spoken = new List<SpokenMessage>(messages.Count);
        foreach (var message in messages)
        {
            var body = await content.ReadAsync(message.BodyPlace, message.Body, cancellation) ?? TicketContent.Gone;
            spoken.Add(new SpokenMessage(message, body, Name(names, message.Author), await FilesAsync(files, message.Id, cancellation)));
        }

        var description = await content.ReadAsync(ticket.DescriptionPlace, ticket.Description, cancellation) ?? TicketContent.Gone;
        return new Conversation(
            await TitleAsync(ticket, cancellation),
            description,
            Name(names, ticket.Person),
            Name(names, ticket.Assignee),
            await FilesAsync(files, null, cancellation),
            spoken,
            more ? messages[0].Id : null);
    }

    private async Task<IReadOnlyList<NamedFile>> FilesAsync(List<Attachment> files, Guid? message, CancellationToken cancellation)
    {
        var named = new List<NamedFile>();
        foreach (var file in files.Where(f => f.MessageId == message))
            named.Add(new NamedFile(file.Id, await content.ReadAsync(file.NamePlace, file.FileName, cancellation) ?? TicketContent.Gone, file.MediaType, file.Size));
        return named;
    }

    private static string? Name(IReadOnlyDictionary<Guid, string> names, Guid? person) =>
        person is { } id && names.TryGetValue(id, out var name) ? name : null;

    private IQueryable<Ticket> Matching(TicketFilter filter)
    {
        var query = context.Tickets.AsNoTracking().Where(t => t.Account == filter.Account);
        if (filter.Before is { } before) query = query.Where(t => t.Number < before);
        if (filter.Number is { } number) query = query.Where(t => t.Number == number);
        if (filter.State is { } state) query = query.Where(t => t.State == state);
        if (filter.Open) query = query.Where(t => !Transitions.Closed.Contains(t.State));
        if (filter.WithoutDeleted) query = query.Where(t => t.State != TicketState.Deleted);
        if (filter.ProductCategory is { } category) query = query.Where(t => t.ProductCategory == category);
        if (filter.Severity is { } severity) query = query.Where(t => t.Severity == severity);
        if (filter.Unassigned) query = query.Where(t => t.Assignee == null);
        else if (filter.Assignee is { } assignee) query = query.Where(t => t.Assignee == assignee);
        if (filter.Directory is { } directory) query = query.Where(t => t.Directory == directory);
        if (filter.Person is { } person) query = query.Where(t => t.Person == person);
        return query;
    }
}

internal sealed record TicketPage(IReadOnlyList<TicketSummary> Items, string? NextCursor);

internal sealed record TicketSummary(Ticket Ticket, string Title, string? UserName, string? AssigneeName);

/// <param name="Earlier">Where older messages go on; null when these are all.</param>
internal sealed record Conversation(
    string Title,
    string Description,
    string? UserName,
    string? AssigneeName,
    IReadOnlyList<NamedFile> Files,
    IReadOnlyList<SpokenMessage> Messages,
    Guid? Earlier);

internal sealed record SpokenMessage(Message Message, string Body, string? AuthorName, IReadOnlyList<NamedFile> Files);

internal sealed record NamedFile(Guid Id, string Name, string MediaType, long Size);
