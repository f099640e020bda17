using Custodia.Kernel.Access;
using Custodia.Kernel.Http;
using Custodia.Kernel.Storage;
using Custodia.Tickets.AccessLog;
using Custodia.Tickets.Attachments;
using Custodia.Tickets.Content;
using Custodia.Tickets.Reveals;
using Custodia.Tickets.Tickets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Custodia.Tickets.Api;

/// <summary>Tickets for staff and applications: <c>/api/v1/tickets</c>.</summary>
internal static class TicketApi
{
    public static void MapTicketApi(this IEndpointRouteBuilder routes)
    {
        var tickets = routes.MapGroup("/api/v1/tickets").WithTags("Tickets").AddEndpointFilter<AccessLogFilter>();
        tickets.MapGet("", List).RequirePermission(Permissions.Read).Produces<ListAnswer<TicketItem>>()
            .Describe("listTickets", "Tickets, newest first");
        tickets.MapPost("", Create).RequirePermission(Permissions.Write).WhileOpen(AccountServices.Tickets).Produces<TicketItem>().Produces<TicketItem>(StatusCodes.Status201Created)
            .Describe("createTicket", "Opens a ticket; with an Idempotency-Key a repeated call is answered 200 with the first one", 404, 409, 422);
        tickets.MapGet("/{id:guid}", Get).RequirePermission(Permissions.Read).Produces<TicketAnswer>()
            .Describe("getTicket", "A ticket with its latest messages; sealed values as masks");
        tickets.MapGet("/{id:guid}/messages", Messages).RequirePermission(Permissions.Read).Produces<ListAnswer<MessageItem>>()
            .Describe("listTicketMessages", "Messages of a ticket; the cursor leads to earlier ones");
        tickets.MapPost("/{id:guid}/messages", AddMessage).RequirePermission(Permissions.Write).WhileOpen(AccountServices.Tickets).Produces<CreatedMessage>(StatusCodes.Status201Created)
            .Describe("addTicketMessage", "Answers a ticket, or notes something internally", 409, 422);
        tickets.MapPost("/{id:guid}/attachments", AddFiles).RequirePermission(Permissions.Write).WhileOpen(AccountServices.Tickets).WithMetadata(new RequestSizeLimitAttribute(Upload.MostBytes)).Produces<CreatedMessage>(StatusCodes.Status201Created)
            .Describe("addTicketAttachments", "A message with up to 10 files", 409, 422).DescribeBody(typeof(AttachmentForm), "multipart/form-data");
        tickets.MapPost("/{id:guid}/attachments/{attachment:guid}/link", Link).RequirePermission(Permissions.Read).Produces<LinkAnswer>()
            .Describe("linkTicketAttachment", "A signed address of a file that soon expires");
        tickets.MapPost("/{id:guid}/transitions", Transit).RequirePermission(Permissions.Write).Produces<TransitionAnswer>()
            .Describe("changeTicketState", "Moves a ticket along its life cycle", 409);
        tickets.MapPut("/{id:guid}/assignee", Assign).RequirePermission(Permissions.Assign).Produces<AssigneeAnswer>()
            .Describe("assignTicket", "Gives a ticket to a member of staff, or to nobody", 409);
        tickets.MapRevealApi();
    }

    private static async Task<IResult> List(
        HttpContext http, TicketReader reader, CancellationToken cancellation,
        string? state = null, bool open = false, string? category = null, string? severity = null, Guid? assignee = null, bool unassigned = false,
        string? directory = null, Guid? person = null, long? number = null, string? cursor = null, int limit = 25)
    {
        TicketState? inState = null;
        Severity? ofSeverity = null;
        var findings = new List<(string, string)>();
        if (state is not null && TicketProblems.TryWord<TicketState>(state, out var s)) inState = s;
        else if (state is not null) findings.Add(("state", "is not a state"));
        if (severity is not null && TicketProblems.TryWord<Severity>(severity, out var v)) ofSeverity = v;
        else if (severity is not null) findings.Add(("severity", "must be low, normal, high or critical"));
        if (!TicketFilter.TryCursor(cursor, out var before)) findings.Add(("cursor", "is not a cursor of this list"));
        if (limit is < 1 or > TicketFilter.MostLimit) findings.Add(("limit", $"must be 1 to {TicketFilter.MostLimit}"));
        if (findings.Count > 0) return Problem.Invalid([.. findings]);
        var filter = new TicketFilter(http.Caller().Account)
        {
            State = inState,
            Open = open,
            ProductCategory = category,
            Severity = ofSeverity,
            Assignee = assignee,
            Unassigned = unassigned,
            Directory = directory,
            Person = person,
            Number = number,
            Before = before,
            Limit = limit,
        };
        var page = await reader.ListAsync(filter, cancellation);
        return TypedResults.Ok(new ListAnswer<TicketItem>([.. page.Items.Select(TicketItem.Of)], page.NextCursor));
    }

    private static async Task<IResult> Create(NewTicketBody body, HttpContext http, CreateTicket create, [FromHeader(Name = "Idempotency-Key")] string? key, CancellationToken cancellation)
    {
        if (body.Person is not null && string.IsNullOrEmpty(body.Directory)) return Problem.Invalid(("directory", "is required with person"));
        var input = new NewTicket(
            body.Person,
            body.Person is null ? "" : body.Directory!,
            body.ProductCategory,
            body.ProblemType,
            body.Severity,
            FreeText.Line(body.Title),
            FreeText.Clean(body.Description))
        {
            Id = Guid.CreateVersion7(),
            ContentKey = Guid.CreateVersion7(),
            Region = body.Region,
            IdempotencyKey = key,
            Confirmed = body.Confirm,
        };
        var outcome = await create.RunAsync(http.Caller(), input, http.Facts().Region, cancellation);
        if (outcome is not TicketOutcome.Done done) return TicketProblems.Of(outcome);
        var item = TicketItem.Of(done.Ticket, input.Title, null, null);
        return done.Repeated ? TypedResults.Ok(item) : TypedResults.Created($"/api/v1/tickets/{done.Ticket.Id}", item);
    }

    private static async Task<IResult> Get(Guid id, HttpContext http, TicketReader reader, SealedReader secrets, TimeProvider time, CancellationToken cancellation)
    {
        if (await reader.FindAsync(http.Caller().Account, id, cancellation) is not { } ticket) return Problem.NotFound("ticket");
        var spoken = await reader.ConversationAsync(ticket, withInternal: true, null, 50, cancellation);
        return TypedResults.Ok(new TicketAnswer(
            TicketItem.Of(ticket, spoken.Title, spoken.UserName, spoken.AssigneeName),
            spoken.Description,
            spoken.Files,
            [.. spoken.Messages.Select(MessageItem.Of)],
            spoken.Earlier?.ToString("N"),
            SealedAnswer.Of(await secrets.ReadAsync(ticket, cancellation)),
            [.. Transitions.Allowed(ticket.State, Side.Staff, ticket.ClosedAt, time.GetUtcNow()).Select(t => t.Action)]));
    }

    private static async Task<IResult> Messages(Guid id, HttpContext http, TicketReader reader, CancellationToken cancellation, string? cursor = null, int limit = 50)
    {
        Guid? before = null;
        if (cursor is not null && !Guid.TryParseExact(cursor, "N", out _)) return Problem.Invalid(("cursor", "is not a cursor of this list"));
        if (cursor is not null) before = Guid.ParseExact(cursor, "N");
        if (limit is < 1 or > 200) return Problem.Invalid(("limit", "must be 1 to 200"));
        if (await reader.FindAsync(http.Caller().Account, id, cancellation) is not { } ticket) return Problem.NotFound("ticket");
        var spoken = await reader.ConversationAsync(ticket, withInternal: true, before, limit, cancellation);
        return TypedResults.Ok(new ListAnswer<MessageItem>([.. spoken.Messages.Select(MessageItem.Of)], spoken.Earlier?.ToString("N")));
    }

    private static async Task<IResult> AddMessage(Guid id, MessageBody body, HttpContext http, TicketReader reader, Reply reply, TimeProvider time, CancellationToken cancellation)
    {
        if (await reader.FindAsync(http.Caller().Account, id, cancellation) is not { } ticket) return Problem.NotFound("ticket");
        var input = new NewReply(FreeText.Clean(body.Body), body.Internal, body.Confirm) { Id = Guid.CreateVersion7() };
        var outcome = await reply.RunAsync(http.Caller(), ticket, input, time.GetUtcNow(), cancellation);
        return outcome is TicketOutcome.Done
            ? TypedResults.Created($"/api/v1/tickets/{id}/messages", new CreatedMessage(input.Id, []))
            : TicketProblems.Of(outcome);
    }

    /// <summary>A message with files: multipart with the fields <c>body</c>, <c>internal</c>, <c>confirm</c> and up to 10 files.</summary>
    private static async Task<IResult> AddFiles(Guid id, HttpContext http, TicketReader reader, Reply reply, AttachmentFiles files, TimeProvider time, CancellationToken cancellation)
    {
        if (await reader.FindAsync(http.Caller().Account, id, cancellation) is not { } ticket) return Problem.NotFound("ticket");
        using var upload = await Upload.ReadAsync(http, files, file => new ContentPlace(ticket.Account, ticket.ContentKey, TicketContent.Files, file), null, cancellation);
        if (upload.Findings.Count > 0) return Problem.Invalid([.. upload.Findings.Select(f => (f.Field, FileRules.Of(f.Rule)))]);
        if (upload.Files.Count == 0) return Problem.Invalid(("files", "is required"));
        var input = new NewReply(FreeText.Clean(upload.Fields["body"]), upload.Fields["internal"] == "true", upload.Fields["confirm"] == "true")
        {
            Id = Guid.CreateVersion7(),
            Files = upload.Files,
        };
        var outcome = await reply.RunAsync(http.Caller(), ticket, input, time.GetUtcNow(), cancellation);
        return outcome is TicketOutcome.Done
            ? TypedResults.Created($"/api/v1/tickets/{id}/messages", new CreatedMessage(input.Id, [.. upload.Files.Select(f => f.Place.Row)]))
            : TicketProblems.Of(outcome);
    }

    private static async Task<IResult> Link(Guid id, Guid attachment, HttpContext http, TicketReader reader, SignedLinks links, TicketsContext context, CancellationToken cancellation)
    {
        if (await reader.FindAsync(http.Caller().Account, id, cancellation) is not { } ticket || !await AttachmentLookup.IsOfAsync(context, ticket, attachment, cancellation))
            return Problem.NotFound("attachment");
        var (path, expires) = links.Make(attachment);
        return TypedResults.Ok(new LinkAnswer(path, expires));
    }

    private static async Task<IResult> Transit(Guid id, TransitionBody body, HttpContext http, TicketReader reader, ChangeState change, TimeProvider time, CancellationToken cancellation)
    {
        if (await reader.FindAsync(http.Caller().Account, id, cancellation) is not { } ticket) return Problem.NotFound("ticket");
        var outcome = await change.RunAsync(http.Caller(), ticket, body.Action, body.Version, time.GetUtcNow(), cancellation);
        return outcome is TicketOutcome.Done done
            ? TypedResults.Ok(new TransitionAnswer(TicketProblems.Word(done.Ticket.State), done.Ticket.Version))
            : TicketProblems.Of(outcome);
    }

    private static async Task<IResult> Assign(Guid id, AssigneeBody body, HttpContext http, TicketReader reader, AssignTicket assign, TimeProvider time, CancellationToken cancellation)
    {
        if (await reader.FindAsync(http.Caller().Account, id, cancellation) is not { } ticket) return Problem.NotFound("ticket");
        var outcome = await assign.RunAsync(http.Caller(), ticket, body.Assignee, time.GetUtcNow(), cancellation);
        return outcome is TicketOutcome.Done done ? TypedResults.Ok(new AssigneeAnswer(done.Ticket.Assignee, done.Ticket.Version)) : TicketProblems.Of(outcome);
    }
}
