using Custodia.Console;
using Custodia.Kernel.Access;
using Custodia.Kernel.Http;
using Custodia.Kernel.Storage;
using Custodia.Tickets.AccessLog;
using Custodia.Tickets.Attachments;
using Custodia.Tickets.Contacts;
using Custodia.Tickets.Content;
using Custodia.Tickets.Pages;
using Custodia.Tickets.Tickets;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Custodia.Tickets.Portal;

/// <summary>A person's own tickets: <c>/support/{directory}</c>.</summary>
internal static class PortalEndpoints
{
    public static void MapPortal(this IEndpointRouteBuilder routes)
    {
        var portal = routes.MapGroup("/support/{directory}").ExcludeFromDescription().RequireUser();
        portal.AddEndpointFilter<AccessLogFilter>().AddEndpointFilter(Dress);
        portal.MapGet("", List);
        portal.MapGet("/new", New).WhileOpen(AccountServices.Tickets);
        portal.MapPost("/new", Open).WhileOpen(AccountServices.Tickets).WithMetadata(new RequestSizeLimitAttribute(Upload.MostBytes));
        var ticket = portal.MapGroup("/tickets/{number:long}");
        ticket.MapGet("", Show);
        ticket.MapGet("/files/{file:guid}", File);
        ticket.MapPost("/reply", Answer).WhileOpen(AccountServices.Tickets).WithMetadata(new RequestSizeLimitAttribute(Upload.MostBytes));
        ticket.MapTicketForms();
    }

    private static ValueTask<object?> Dress(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var frame = PageFrame.Of(context.HttpContext);
        var home = $"/support/{context.HttpContext.Caller().Directory}";
        frame.HomePath = home;
        frame.Links =
        [
            new NavLink(Texts.Of("MyTickets"), home, "ticket"),
            new NavLink(Texts.Of("NewTicket"), home + "/new", "plus"),
        ];
        return next(context);
    }

    private static async Task<IResult> List(string directory, HttpContext http, TicketReader reader, CancellationToken cancellation, string? cursor = null)
    {
        if (!TicketFilter.TryCursor(cursor, out var before)) return Problem.Invalid(("cursor", "is not a cursor of this list"));
        var caller = http.Caller();
        var filter = new TicketFilter(caller.Account) { Person = caller.Person, Directory = directory, WithoutDeleted = true, Before = before };
        return View.Show<OwnTicketsPage>(new OwnTicketsModel(directory, await reader.ListAsync(filter, cancellation)));
    }

    private static IResult New(string directory) => View.Show<NewTicketPage>(new NewTicketModel(directory, new FormState(), []));

    private static async Task<IResult> Open(
        string directory, HttpContext http, CreateTicket create, AttachmentFiles files, ContactVerification contacts, IAntiforgery antiforgery, CancellationToken cancellation)
    {
        var caller = http.Caller();
        var key = Guid.CreateVersion7();
        using var upload = await Upload.ReadAsync(http, files, file => new ContentPlace(caller.Account, key, TicketContent.Files, file), antiforgery, cancellation);
        var form = new FormState(upload.Fields);
        foreach (var (field, rule) in upload.Findings) form.Fail("files", Labels.Rule("files", rule));
        var contact = form["email"];
        if (contact.Length > 0 && !ContactForm.TryNormalise(ContactKind.Email, contact, out _)) form.Fail("email", Texts.Of("Rule_email"));
        if (!form.IsValid) return Again(directory, form, []);
        var input = InputOf(caller, directory, key, form, upload);
        var outcome = await create.RunAsync(caller, input, http.Facts().Region, cancellation);
        return outcome switch
        {
            TicketOutcome.Done done => await OpenedAsync(http, done, contact, contacts, cancellation),
            TicketOutcome.Invalid invalid => Again(directory, Failed(form, invalid), []),
            TicketOutcome.Screened screened => Again(directory, form, screened.Findings),
            _ => TicketProblems.Of(outcome),
        };
    }

    private static NewTicket InputOf(Caller caller, string directory, Guid key, FormState form, Upload upload)
    {
        var (texts, moved, confirmed) = ScreeningChoice.Apply(form[ScreeningChoice.FieldName], [FreeText.Line(form.Exact("title")), FreeText.Clean(form.Exact("description"))]);
        return new NewTicket(caller.Person, directory, form["category"], form["problemType"], form["severity"], texts[0], texts[1])
        {
            Id = Guid.CreateVersion7(),
            ContentKey = key,
            IdempotencyKey = form["submit-key"] is { Length: > 0 } submit ? submit : null,
            Confirmed = confirmed,
            Confidential = Joined(FreeText.Clean(form.Exact("confidential")), moved),
            UseRegisteredContact = form.Ticked("useRegistered"),
            Files = upload.Files,
        };
    }

    private static IResult Again(string directory, FormState form, IReadOnlyList<Screening.FieldFinding> findings) =>
        View.Show<NewTicketPage>(new NewTicketModel(directory, form, findings), StatusCodes.Status422UnprocessableEntity);

    // The contact's code is sent once the ticket is there; the ticket's page asks for it.
    private static async Task<IResult> OpenedAsync(HttpContext http, TicketOutcome.Done done, string contact, ContactVerification contacts, CancellationToken cancellation)
    {
        var path = $"/support/{done.Ticket.Directory}/tickets/{done.Ticket.Number}";
        if (contact.Length == 0 || done.Repeated) return new SeeOther($"{path}?note={Notices.Opened}");
        var sent = await contacts.SendAsync(http.Caller(), done.Ticket, ContactKind.Email, contact, cancellation);
        return new SeeOther($"{path}?note={(sent is ContactOutcome.Sent ? Notices.CodeSent : Notices.Opened)}");
    }

    private static async Task<IResult> Show(long number, HttpContext http, PortalPages pages) =>
        await pages.FindAsync(http, number) is { } ticket ? await pages.ShowAsync(http, ticket) : Problem.NotFound("ticket");

    private static async Task<IResult> File(long number, Guid file, HttpContext http, PortalPages pages, TicketsContext context, SignedLinks links, CancellationToken cancellation)
    {
        if (await pages.FindAsync(http, number) is not { } ticket || !await AttachmentLookup.IsShownAsync(context, ticket, file, cancellation)) return Problem.NotFound("file");
        http.Response.Headers.CacheControl = "no-store";
        return new SeeOther(links.Make(file).Path);
    }

    private static async Task<IResult> Answer(
        long number, HttpContext http, PortalPages pages, Reply reply, AttachmentFiles files, IAntiforgery antiforgery, CancellationToken cancellation)
    {
        if (await pages.FindAsync(http, number) is not { } ticket) return Problem.NotFound("ticket");
        using var upload = await Upload.ReadAsync(http, files, file => new ContentPlace(ticket.Account, ticket.ContentKey, TicketContent.Files, file), antiforgery, cancellation);
        var form = new FormState(upload.Fields);
        foreach (var (_, rule) in upload.Findings) form.Fail("files", Labels.Rule("files", rule));
        if (!form.IsValid) return await pages.InvalidAsync(http, ticket, new OwnTicketForms { Reply = form });
        var (texts, moved, confirmed) = ScreeningChoice.Apply(form[ScreeningChoice.FieldName], [FreeText.Clean(form.Exact("body"))]);
        var input = new NewReply(texts[0], Internal: false, confirmed) { Id = Guid.CreateVersion7(), Confidential = moved, Files = upload.Files };
        var outcome = await reply.RunAsync(http.Caller(), ticket, input, pages.Now, cancellation);
        return outcome switch
        {
            TicketOutcome.Done => new SeeOther($"/support/{ticket.Directory}/tickets/{number}?note={Notices.Replied}"),
            TicketOutcome.Invalid invalid => await pages.InvalidAsync(http, ticket, new OwnTicketForms { Reply = Failed(form, invalid) }),
            TicketOutcome.Screened screened => await pages.InvalidAsync(http, ticket, new OwnTicketForms { Reply = form, Findings = screened.Findings }),
            _ => await pages.RefusedAsync(http, ticket, outcome),
        };
    }

    internal static FormState Failed(FormState form, TicketOutcome.Invalid invalid)
    {
        foreach (var (field, rule) in invalid.Findings) form.Fail(field == "productCategory" ? "category" : field, Labels.Rule(field, rule));
        return form;
    }

    private static string? Joined(string written, string? moved)
    {
        if (moved is null) return written.Length == 0 ? null : written;
        return written.Length == 0 ? moved : $"{written}\n{moved}";
    }
}
