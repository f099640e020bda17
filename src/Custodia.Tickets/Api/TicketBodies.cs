using Custodia.Tickets.Reveals;
using Custodia.Tickets.Tickets;

namespace Custodia.Tickets.Api;

/// <summary>Opens a ticket.</summary>
/// <param name="Person">Whose ticket it is; leave out for nobody's. Then <paramref name="Directory"/> is not needed.</param>
/// <param name="Confirm">The writer has seen likely findings and wants the text stored.</param>
internal sealed record NewTicketBody(
    string ProductCategory,
    string ProblemType,
    string Title,
    string Description,
    string Severity = "normal",
    string? Region = null,
    string? Directory = null,
    Guid? Person = null,
    bool Confirm = false);

internal sealed record MessageBody(string Body, bool Internal = false, bool Confirm = false);

/// <param name="Version">The version the caller has seen; a newer one is a conflict.</param>
internal sealed record TransitionBody(string Action, int? Version = null);

/// <param name="Assignee">A member of staff; null for nobody.</param>
internal sealed record AssigneeBody(Guid? Assignee);

/// <param name="Purpose">A use that the category declares.</param>
/// <param name="Reason">3 to 500 characters.</param>
internal sealed record RevealBody(string Purpose, string Reason);

internal sealed record RevealedValue(string Value);

internal sealed record TicketSettingsBody(int? ContentLimitDays);

internal sealed record ListAnswer<T>(IReadOnlyList<T> Items, string? NextCursor);

/// <param name="Attachments">Ids of the files that came with it.</param>
internal sealed record CreatedMessage(Guid Id, IReadOnlyList<Guid> Attachments);

internal sealed record TransitionAnswer(string State, int Version);

internal sealed record AssigneeAnswer(Guid? Assignee, int Version);

/// <param name="Removed">Records that are gone.</param>
internal sealed record ClearedAnswer(long Removed);

/// <summary>A message with files as the API describes it; it is read as a stream.</summary>
internal sealed record AttachmentForm(string Body, IReadOnlyList<Microsoft.AspNetCore.Http.IFormFile> Files, bool Internal = false, bool Confirm = false);

internal sealed record LinkAnswer(string Url, DateTimeOffset ExpiresAt);

/// <summary>A ticket in a list.</summary>
internal sealed record TicketItem(
    Guid Id,
    long Number,
    string Title,
    string ProductCategory,
    string ProblemType,
    string Severity,
    string Region,
    string State,
    string Directory,
    Guid? Person,
    string? UserName,
    Guid? Assignee,
    string? AssigneeName,
    int? Rating,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    DateTimeOffset? ClosedAt,
    int Version)
{
    public static TicketItem Of(TicketSummary summary) => Of(summary.Ticket, summary.Title, summary.UserName, summary.AssigneeName);

    public static TicketItem Of(Ticket ticket, string title, string? userName, string? assigneeName) => new(
        ticket.Id,
        ticket.Number,
        title,
        ticket.ProductCategory,
        ticket.ProblemType,
        TicketProblems.Word(ticket.Severity),
        ticket.Region,
        TicketProblems.Word(ticket.State),
        ticket.Directory,
        ticket.Person,
        userName,
        ticket.Assignee,
        assigneeName,
        ticket.Rating,
        ticket.CreatedAt,
        ticket.UpdatedAt,
        ticket.ClosedAt,
        ticket.Version);
}

/// <summary>A whole ticket; sealed values as masks.</summary>
internal sealed record TicketAnswer(
    TicketItem Ticket,
    string Description,
    IReadOnlyList<NamedFile> Attachments,
    IReadOnlyList<MessageItem> Messages,
    string? EarlierMessages,
    SealedAnswer Sealed,
    IReadOnlyList<string> AllowedActions);

internal sealed record MessageItem(Guid Id, string AuthorKind, Guid? Author, string? AuthorName, bool Internal, string Body, DateTimeOffset CreatedAt, IReadOnlyList<NamedFile> Attachments)
{
    public static MessageItem Of(SpokenMessage spoken) => new(
        spoken.Message.Id,
        TicketProblems.Word(spoken.Message.AuthorKind),
        spoken.Message.Author,
        spoken.AuthorName,
        spoken.Message.Internal,
        spoken.Body,
        spoken.Message.CreatedAt,
        spoken.Files);
}

internal sealed record SealedAnswer(
    string? ContactEmail,
    string? ContactMobile,
    string? RegisteredEmail,
    string? RegisteredMobile,
    IReadOnlyList<MaskedNote> Confidential,
    IReadOnlyList<GrantItem> Authorisations)
{
    public static SealedAnswer Of(SealedView view) => new(
        view.Email?.Mask,
        view.Mobile?.Mask,
        view.RegisteredEmail,
        view.RegisteredMobile,
        view.Confidential,
        [.. view.Authorisations.Select(g => new GrantItem(g.Id, TicketProblems.Word(g.Scope), g.GrantedTo, g.GrantedToName, g.ValidFrom, g.ValidUntil))]);
}

internal sealed record GrantItem(Guid Id, string Scope, Guid GrantedTo, string? GrantedToName, DateTimeOffset ValidFrom, DateTimeOffset ValidUntil);
