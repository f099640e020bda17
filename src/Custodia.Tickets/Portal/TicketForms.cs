using System.Globalization;
using Custodia.Console;
using Custodia.Kernel.Access;
using Custodia.Kernel.Http;
using Custodia.Kernel.Storage;
using Custodia.Tickets.Authorisations;
using Custodia.Tickets.Confidential;
using Custodia.Tickets.Contacts;
using Custodia.Tickets.Content;
using Custodia.Tickets.Tickets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Tickets.Portal;

/// <summary>The smaller forms of the portal's ticket page: steps, rating, contact, confidential field, authorisations.</summary>
internal static class TicketForms
{
    public static void MapTicketForms(this RouteGroupBuilder ticket)
    {
        ticket.MapPost("/step", Step);
        ticket.MapPost("/rating", Rate);
        ticket.MapPost("/contact", SendCode).WhileOpen(AccountServices.Tickets);
        ticket.MapPost("/contact/code", TakeCode).WhileOpen(AccountServices.Tickets);
        ticket.MapPost("/contact/forget", ForgetContact);
        ticket.MapPost("/contact/registered", UseRegistered);
        ticket.MapPost("/confidential", KeepConfidential).WhileOpen(AccountServices.Tickets);
        ticket.MapPost("/authorisations", Grant).WhileOpen(AccountServices.Tickets);
        ticket.MapPost("/authorisations/{grant:guid}/revoke", Revoke);
    }

    private static async Task<IResult> Step(long number, [FromForm] string? action, HttpContext http, PortalPages pages, ChangeState change, CancellationToken cancellation)
    {
        if (await pages.FindAsync(http, number) is not { } ticket) return Problem.NotFound("ticket");
        var outcome = await change.RunAsync(http.Caller(), ticket, action ?? "", null, pages.Now, cancellation);
        if (outcome is not TicketOutcome.Done) return await pages.RefusedAsync(http, ticket, outcome);
        return ticket.State == TicketState.Deleted ? new SeeOther($"/support/{ticket.Directory}?note={Notices.Removed}") : Back(ticket, Notices.Changed);
    }

    private static async Task<IResult> Rate(long number, [FromForm] string? rating, HttpContext http, PortalPages pages, RateTicket rate, CancellationToken cancellation)
    {
        if (await pages.FindAsync(http, number) is not { } ticket) return Problem.NotFound("ticket");
        _ = int.TryParse(rating, NumberStyles.None, CultureInfo.InvariantCulture, out var stars);
        return await rate.RunAsync(ticket, stars, cancellation) switch
        {
            TicketOutcome.Done => Back(ticket, Notices.Rated),
            TicketOutcome.Invalid => await pages.InvalidAsync(http, ticket, new OwnTicketForms { Rating = new FormState().Fail("rating", Texts.Of("Rule_rating")) }),
            var refused => await pages.RefusedAsync(http, ticket, refused),
        };
    }

    private static async Task<IResult> SendCode(long number, [FromForm] IFormCollection posted, HttpContext http, PortalPages pages, ContactVerification contacts, CancellationToken cancellation)
    {
        if (await pages.FindAsync(http, number) is not { } ticket) return Problem.NotFound("ticket");
        var form = new FormState(posted);
        var outcome = await contacts.SendAsync(http.Caller(), ticket, KindOf(form["kind"]), form["contact"], cancellation);
        if (outcome is ContactOutcome.Sent) return Back(ticket, Notices.CodeSent);
        if (outcome is ContactOutcome.Closed) return await pages.RefusedAsync(http, ticket, new TicketOutcome.NotAllowed(ticket.State, []));
        return await pages.InvalidAsync(http, ticket, new OwnTicketForms { Contact = form.Fail("contact", Reason(outcome)) });
    }

    private static async Task<IResult> TakeCode(long number, [FromForm] IFormCollection posted, HttpContext http, PortalPages pages, ContactVerification contacts, CancellationToken cancellation)
    {
        if (await pages.FindAsync(http, number) is not { } ticket) return Problem.NotFound("ticket");
        var form = new FormState(posted);
        var outcome = await contacts.VerifyAsync(http.Caller(), ticket, KindOf(form["kind"]), form["code"], cancellation);
        if (outcome is ContactOutcome.Verified) return Back(ticket, Notices.ContactVerified);
        if (outcome is ContactOutcome.Closed) return await pages.RefusedAsync(http, ticket, new TicketOutcome.NotAllowed(ticket.State, []));
        return await pages.InvalidAsync(http, ticket, new OwnTicketForms { Code = form.Fail("code", Reason(outcome)) });
    }

    private static async Task<IResult> ForgetContact(long number, [FromForm] string? kind, HttpContext http, PortalPages pages, ContactVerification contacts, CancellationToken cancellation)
    {
        if (await pages.FindAsync(http, number) is not { } ticket) return Problem.NotFound("ticket");
        await contacts.ForgetAsync(ticket, KindOf(kind), cancellation);
        return Back(ticket, Notices.ContactForgotten);
    }

    private static async Task<IResult> UseRegistered(long number, [FromForm] string? use, HttpContext http, PortalPages pages, TicketsContext context, CancellationToken cancellation)
    {
        if (await pages.FindAsync(http, number) is not { } ticket) return Problem.NotFound("ticket");
        var ticked = use == "true";
        await context.InTransactionAsync(
            token => context.Tickets.Where(t => t.Id == ticket.Id).ExecuteUpdateAsync(set => set.SetProperty(t => t.UseRegisteredContact, ticked), token),
            cancellation);
        return Back(ticket, "saved");
    }

    private static async Task<IResult> KeepConfidential(long number, [FromForm] IFormCollection posted, HttpContext http, PortalPages pages, TicketTexts texts, TicketsContext context, CancellationToken cancellation)
    {
        if (await pages.FindAsync(http, number) is not { } ticket) return Problem.NotFound("ticket");
        var form = new FormState(posted);
        var text = FreeText.Clean(form.Exact("confidential"));
        if (text.Length is < 1 or > ConfidentialNote.MostCharacters)
            return await pages.InvalidAsync(http, ticket, new OwnTicketForms { Confidential = form.Fail("confidential", Texts.Of("Rule_confidential")) });
        var kept = await context.InTransactionAsync(
            async token =>
            {
                if (!await context.Tickets.AnyAsync(t => t.Id == ticket.Id && !Transitions.Closed.Contains(t.State), token)) return false;
                await texts.AddConfidentialAsync(ticket, text, token);
                await context.SaveChangesAsync(token);
                return true;
            },
            cancellation);
        return kept ? Back(ticket, Notices.Kept) : await pages.RefusedAsync(http, ticket, new TicketOutcome.NotAllowed(ticket.State, []));
    }

    private static async Task<IResult> Grant(long number, [FromForm] IFormCollection posted, HttpContext http, PortalPages pages, Grants grants, CancellationToken cancellation)
    {
        if (await pages.FindAsync(http, number) is not { } ticket) return Problem.NotFound("ticket");
        var form = new FormState(posted);
        // A day means until its end, in UTC as everywhere on the pages.
        var until = DateOnly.TryParseExact(form["until"], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? new DateTimeOffset(day.AddDays(1), TimeOnly.MinValue, TimeSpan.Zero)
            : (DateTimeOffset?)null;
        var staff = Guid.TryParse(form["grantedTo"], out var person) ? person : (Guid?)null;
        var input = new NewGrant(form["scope"], form["host"], form["systemAccount"], form.Exact("password"), staff, until);
        return await grants.GrantAsync(http.Caller(), ticket, input, cancellation) switch
        {
            TicketOutcome.Done => Back(ticket, Notices.Granted),
            TicketOutcome.Invalid invalid => await pages.InvalidAsync(http, ticket, new OwnTicketForms { Grant = PortalEndpoints.Failed(form, invalid) }),
            var refused => await pages.RefusedAsync(http, ticket, refused),
        };
    }

    // The form is bound although it holds nothing more, so that the framework checks its token.
    private static async Task<IResult> Revoke(long number, Guid grant, [FromForm] IFormCollection posted, HttpContext http, PortalPages pages, Grants grants, CancellationToken cancellation)
    {
        if (await pages.FindAsync(http, number) is not { } ticket) return Problem.NotFound("ticket");
        return await grants.RevokeAsync(ticket, grant, cancellation) ? Back(ticket, Notices.Revoked) : Problem.NotFound("authorisation");
    }

    private static ContactKind KindOf(string? word) => word == "mobile" ? ContactKind.Mobile : ContactKind.Email;

    private static SeeOther Back(Ticket ticket, string note) => new($"/support/{ticket.Directory}/tickets/{ticket.Number}?note={note}");

    private static string Reason(ContactOutcome outcome) => outcome switch
    {
        ContactOutcome.Invalid invalid => Texts.Of($"Rule_{invalid.Field}"),
        ContactOutcome.IsRegistered => Texts.Of("ContactIsRegistered"),
        ContactOutcome.TooMany => Texts.Of("ContactTooMany"),
        ContactOutcome.NoCode => Texts.Of("ContactNoCode"),
        ContactOutcome.WrongCode wrong => Texts.Of("ContactWrongCode", wrong.TriesLeft),
        _ => Texts.Of("StepNotAllowed"),
    };
}
