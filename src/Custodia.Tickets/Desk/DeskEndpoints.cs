using System.Globalization;
using Custodia.Console;
using Custodia.Kernel.Access;
using Custodia.Kernel.Http;
using Custodia.Kernel.Storage;
using Custodia.Tickets.AccessLog;
using Custodia.Tickets.Attachments;
using Custodia.Tickets.Content;
using Custodia.Tickets.Pages;
using Custodia.Tickets.Tickets;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Custodia.Tickets.Desk;

/// <summary>The desk of staff: <c>/console/tickets</c>.</summary>
internal static class DeskEndpoints
{
    private const string Home = "/console/tickets";

    public static void MapDesk(this IEndpointRouteBuilder routes)
    {
        var desk = routes.MapGroup(Home).ExcludeFromDescription();
        desk.AddEndpointFilter<AccessLogFilter>();
        desk.MapGet("", List).RequirePermission(Permissions.Read);
        var ticket = desk.MapGroup("/{id:guid}");
        ticket.MapGet("", Show).RequirePermission(Permissions.Read);
        ticket.MapGet("/files/{file:guid}", File).RequirePermission(Permissions.Read);
        ticket.MapPost("/reply", Answer).RequirePermission(Permissions.Write).WhileOpen(AccountServices.Tickets).WithMetadata(new RequestSizeLimitAttribute(Upload.MostBytes));
        ticket.MapPost("/step", Step).RequirePermission(Permissions.Write);
        ticket.MapPost("/assignee", Assign).RequirePermission(Permissions.Assign);
        ticket.MapPost("/reveal", DeskReveal.Reveal).RequirePermission(Permissions.Read);
    }

    private static async Task<IResult> List(
        HttpContext http, TicketReader reader, Participants participants, CancellationToken cancellation,
        string? state = null, string? category = null, string? severity = null, string? assignee = null, string? number = null, string? cursor = null)
    {
        if (!TicketFilter.TryCursor(cursor, out var before)) return Problem.Invalid(("cursor", "is not a cursor of this list"));
        var caller = http.Caller();
        await participants.MeetAsync(caller, cancellation);
        var filter = new TicketFilter(caller.Account)
        {
            State = TicketProblems.TryWord<TicketState>(state, out var s) ? s : null,
            Open = state == "open",
            ProductCategory = string.IsNullOrEmpty(category) ? null : category,
            Severity = TicketProblems.TryWord<Severity>(severity, out var v) ? v : null,
            Assignee = assignee == "me" ? caller.Person : Guid.TryParse(assignee, out var person) ? person : null,
            Unassigned = assignee == "nobody",
            Number = long.TryParse(number?.TrimStart('#', ' '), NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : null,
            Before = before,
        };
        var page = await reader.ListAsync(filter, cancellation);
        return View.Show<DeskListPage>(new DeskListModel(page, await participants.StaffAsync(caller.Account, cancellation), OlderOf(http, page.NextCursor)));
    }

    private static string? OlderOf(HttpContext http, string? cursor)
    {
        if (cursor is null) return null;
        var query = http.Request.Query.Where(q => q.Key is "state" or "category" or "severity" or "assignee" or "number" && q.Value.Count > 0)
            .Select(q => KeyValuePair.Create(q.Key, (string?)q.Value[0]))
            .Append(KeyValuePair.Create("cursor", (string?)cursor));
        return Home + QueryString.Create(query);
    }

    private static async Task<IResult> Show(Guid id, HttpContext http, DeskPages pages) =>
        await pages.FindAsync(http, id) is { } ticket ? await pages.ShowAsync(http, ticket) : Problem.NotFound("ticket");

    private static async Task<IResult> File(Guid id, Guid file, HttpContext http, DeskPages pages, TicketsContext context, SignedLinks links, CancellationToken cancellation)
    {
        if (await pages.FindAsync(http, id) is not { } ticket || !await AttachmentLookup.IsOfAsync(context, ticket, file, cancellation)) return Problem.NotFound("file");
        http.Response.Headers.CacheControl = "no-store";
        return new SeeOther(links.Make(file).Path);
    }

    private static async Task<IResult> Answer(Guid id, HttpContext http, DeskPages pages, Reply reply, AttachmentFiles files, IAntiforgery antiforgery, CancellationToken cancellation)
    {
        if (await pages.FindAsync(http, id) is not { } ticket) return Problem.NotFound("ticket");
        using var upload = await Upload.ReadAsync(http, files, file => new ContentPlace(ticket.Account, ticket.ContentKey, TicketContent.Files, file), antiforgery, cancellation);
        var form = new FormState(upload.Fields);
        foreach (var (_, rule) in upload.Findings) form.Fail("files", Labels.Rule("files", rule));
        if (!form.IsValid) return await pages.InvalidAsync(http, ticket, new DeskForms { Reply = form });
        var choice = form[ScreeningChoice.FieldName] is ScreeningChoice.Move ? "" : form[ScreeningChoice.FieldName];
        var (texts, _, confirmed) = ScreeningChoice.Apply(choice, [FreeText.Clean(form.Exact("body"))]);
        var input = new NewReply(texts[0], form.Ticked("internal"), confirmed) { Id = Guid.CreateVersion7(), Files = upload.Files };
        var outcome = await reply.RunAsync(http.Caller(), ticket, input, pages.Now, cancellation);
        return outcome switch
        {
            TicketOutcome.Done => Back(ticket, Notices.Replied),
            TicketOutcome.Invalid invalid => await pages.InvalidAsync(http, ticket, new DeskForms { Reply = Portal.PortalEndpoints.Failed(form, invalid) }),
            TicketOutcome.Screened screened => await pages.InvalidAsync(http, ticket, new DeskForms { Reply = form, Findings = screened.Findings }),
            _ => await pages.RefusedAsync(http, ticket, outcome),
        };
    }

    private static async Task<IResult> Step(Guid id, [FromForm] string? action, HttpContext http, DeskPages pages, ChangeState change, CancellationToken cancellation)
    {
        if (await pages.FindAsync(http, id) is not { } ticket) return Problem.NotFound("ticket");
        var outcome = await change.RunAsync(http.Caller(), ticket, action ?? "", null, pages.Now, cancellation);
        return outcome is TicketOutcome.Done ? Back(ticket, Notices.Changed) : await pages.RefusedAsync(http, ticket, outcome);
    }

    private static async Task<IResult> Assign(Guid id, [FromForm] string? assignee, HttpContext http, DeskPages pages, AssignTicket assign, CancellationToken cancellation)
    {
        if (await pages.FindAsync(http, id) is not { } ticket) return Problem.NotFound("ticket");
        var person = assignee == "me" ? http.Caller().Person : Guid.TryParse(assignee, out var chosen) ? chosen : (Guid?)null;
        var outcome = await assign.RunAsync(http.Caller(), ticket, person, pages.Now, cancellation);
        if (outcome is TicketOutcome.Invalid) return await pages.InvalidAsync(http, ticket, new DeskForms { General = new FormState().Fail(Texts.Of("Rule_assignee")) });
        return outcome is TicketOutcome.Done ? Back(ticket, Notices.Assigned) : await pages.RefusedAsync(http, ticket, outcome);
    }

    private static SeeOther Back(Ticket ticket, string note) => new($"{Home}/{ticket.Id:N}?note={note}");
}
