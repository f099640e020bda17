using Custodia.Console;
using Custodia.Kernel.Access;
using Custodia.Tickets.Pages;
using Custodia.Tickets.Reveals;
using Custodia.Tickets.Tickets;
using Microsoft.AspNetCore.Http;

namespace Custodia.Tickets.Portal;

/// <summary>Builds the portal's ticket page, after a visit and after a form that was not valid.</summary>
internal sealed class PortalPages(TicketReader reader, SealedReader secrets, RevealHistory history, Participants participants, TimeProvider time)
{
    private const int Messages = 200;

    public DateTimeOffset Now => time.GetUtcNow();

    /// <summary>The person's own ticket, or null.</summary>
    public Task<Ticket?> FindAsync(HttpContext http, long number) => reader.OwnAsync(http.Caller(), number, http.RequestAborted);

    public async Task<IResult> ShowAsync(HttpContext http, Ticket ticket, OwnTicketForms? forms = null, int status = StatusCodes.Status200OK)
    {
        var cancellation = http.RequestAborted;
        var spoken = await reader.ConversationAsync(ticket, withInternal: false, null, Messages, cancellation);
        http.Response.Headers.CacheControl = "no-store";
        return View.Show<OwnTicketPage>(
            new OwnTicketModel(
                ticket.Directory,
                ticket,
                spoken,
                await secrets.ReadAsync(ticket, cancellation),
                await history.OfAsync(ticket, cancellation),
                [.. Transitions.Allowed(ticket.State, Side.Customer, ticket.ClosedAt, Now).Select(t => t.Action).Where(a => a != TicketAction.Answer)],
                await StaffAsync(ticket, spoken, cancellation),
                forms ?? new OwnTicketForms()),
            status);
    }

    public Task<IResult> InvalidAsync(HttpContext http, Ticket ticket, OwnTicketForms forms) => ShowAsync(http, ticket, forms, StatusCodes.Status422UnprocessableEntity);

    /// <summary>Shows why a change was refused, on the page.</summary>
    public async Task<IResult> RefusedAsync(HttpContext http, Ticket ticket, TicketOutcome outcome)
    {
        var general = new FormState().Fail(Texts.Of(outcome is TicketOutcome.Conflict ? "ChangedMeanwhile" : "StepNotAllowed"));
        var fresh = await FindAsync(http, ticket.Number) ?? ticket;
        return await ShowAsync(http, fresh, new OwnTicketForms { General = general }, StatusCodes.Status409Conflict);
    }

    // Access is lent to somebody who works on the ticket: who has it, and who has answered.
    private async Task<IReadOnlyList<Named>> StaffAsync(Ticket ticket, Conversation spoken, CancellationToken cancellation)
    {
        var people = spoken.Messages.Where(m => m.Message.AuthorKind == AuthorKind.Staff).Select(m => m.Message.Author).Append(ticket.Assignee);
        var names = await participants.NamesAsync(ticket.Account, people, cancellation);
        return [.. names.Select(n => new Named(n.Key, n.Value))];
    }
}
