using Custodia.Console;
using Custodia.Kernel.Access;
using Custodia.Kernel.Policy;
using Custodia.Tickets.Pages;
using Custodia.Tickets.Reveals;
using Custodia.Tickets.Tickets;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Tickets.Desk;

/// <summary>Builds the desk's ticket page, after a visit and after a form that was not valid.</summary>
internal sealed class DeskPages(TicketReader reader, SealedReader secrets, RevealHistory history, Participants participants, TimeProvider time)
{
    private const int Messages = 200;

    public DateTimeOffset Now => time.GetUtcNow();

    public Task<Ticket?> FindAsync(HttpContext http, Guid id) => reader.FindAsync(http.Caller().Account, id, http.RequestAborted);

    public async Task<IResult> ShowAsync(HttpContext http, Ticket ticket, DeskForms? forms = null, int status = StatusCodes.Status200OK)
    {
        var cancellation = http.RequestAborted;
        http.Response.Headers.CacheControl = "no-store";
        return View.Show<DeskTicketPage>(
            new DeskTicketModel(
                http.Caller(),
                ticket,
                await reader.ConversationAsync(ticket, withInternal: true, null, Messages, cancellation),
                await secrets.ReadAsync(ticket, cancellation),
                await history.OfAsync(ticket, cancellation),
                [.. Transitions.Allowed(ticket.State, Side.Staff, ticket.ClosedAt, Now).Select(t => t.Action)],
                await participants.StaffAsync(ticket.Account, cancellation),
                http.RequestServices.GetRequiredService<LoadedPolicy>(),
                forms ?? new DeskForms()),
            status);
    }

    public Task<IResult> InvalidAsync(HttpContext http, Ticket ticket, DeskForms forms) => ShowAsync(http, ticket, forms, StatusCodes.Status422UnprocessableEntity);

    /// <summary>Shows why a change was refused, on the page.</summary>
    public async Task<IResult> RefusedAsync(HttpContext http, Ticket ticket, TicketOutcome outcome)
    {
        var general = new FormState().Fail(Texts.Of(outcome is TicketOutcome.Conflict ? "ChangedMeanwhile" : "StepNotAllowed"));
        var fresh = await FindAsync(http, ticket.Id) ?? ticket;
        return await ShowAsync(http, fresh, new DeskForms { General = general }, StatusCodes.Status409Conflict);
    }
}
