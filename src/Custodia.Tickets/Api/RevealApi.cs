using Custodia.Kernel.Access;
using Custodia.Kernel.Http;
using Custodia.Kernel.Vault;
using Custodia.Tickets.Reveals;
using Custodia.Tickets.Tickets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Custodia.Tickets.Api;

/// <summary>Sealed values, on the record: <c>POST</c> with purpose and reason.</summary>
internal static class RevealApi
{
    public static void MapRevealApi(this IEndpointRouteBuilder tickets)
    {
        tickets.MapPost("/{id:guid}/contacts/{kind}/reveal", Contact).RequirePermission(Permissions.RevealContacts).Produces<RevealedValue>()
            .Describe("revealTicketContact", "Opens a contact of a ticket, on the record", 410);
        tickets.MapPost("/{id:guid}/confidential/{note:guid}/reveal", Note).RequirePermission(Permissions.RevealConfidential).Produces<RevealedValue>()
            .Describe("revealTicketNote", "Opens a confidential note, on the record", 410);
        tickets.MapPost("/{id:guid}/authorisations/{grant:guid}/{field}/reveal", Grant).RequirePermission(Permissions.RevealAuthorisations).Produces<RevealedValue>()
            .Describe("revealTicketAuthorisation", "Opens a field of an authorisation, on the record", 410);
        tickets.MapGet("/{id:guid}/reveals", History).RequirePermission(Permissions.Read).Produces<ListAnswer<PastReveal>>()
            .Describe("listTicketReveals", "Who opened sealed values of a ticket, when and why");
    }

    /// <summary>The answer to a reveal, for the API.</summary>
    public static IResult Answer(RevealOutcome<string>? outcome) => outcome switch
    {
        null => Problem.NotFound("sealed value"),
        RevealOutcome<string>.Revealed revealed => new Once(revealed.Value),
        RevealOutcome<string>.NotOnWhitelist refused => Problem.Forbidden(
            "not-on-whitelist",
            "None of your roles is on the whitelist of this category. The attempt is on record.",
            ("category", refused.Category),
            ("whitelist", refused.Whitelist)),
        RevealOutcome<string>.NotNamed => Problem.Forbidden("not-named", "This authorisation was granted to somebody else. The attempt is on record."),
        RevealOutcome<string>.Invalid invalid => Problem.Invalid((invalid.Field, invalid.Rule)),
        RevealOutcome<string>.Shredded => Problem.Of(StatusCodes.Status410Gone, "shredded", "The value is gone: its key was destroyed."),
        _ => throw new ArgumentOutOfRangeException(nameof(outcome)),
    };

    private static Task<IResult> Contact(Guid id, string kind, RevealBody body, HttpContext http, TicketReader reader, RevealSecret reveal, CancellationToken cancellation) =>
        RevealTarget.Contact(kind) is { } target
            ? RevealAsync(id, target, body, http, reader, reveal, cancellation)
            : Task.FromResult(Problem.NotFound("kind of contact"));

    private static Task<IResult> Note(Guid id, Guid note, RevealBody body, HttpContext http, TicketReader reader, RevealSecret reveal, CancellationToken cancellation) =>
        RevealAsync(id, new RevealTarget.Note(note), body, http, reader, reveal, cancellation);

    private static Task<IResult> Grant(Guid id, Guid grant, string field, RevealBody body, HttpContext http, TicketReader reader, RevealSecret reveal, CancellationToken cancellation) =>
        RevealAsync(id, new RevealTarget.Grant(grant, field), body, http, reader, reveal, cancellation);

    private static async Task<IResult> RevealAsync(Guid id, RevealTarget target, RevealBody body, HttpContext http, TicketReader reader, RevealSecret reveal, CancellationToken cancellation)
    {
        var caller = http.Caller();
        if (await reader.FindAsync(caller.Account, id, cancellation) is not { } ticket) return Problem.NotFound("ticket");
        return Answer(await reveal.RunAsync(ticket, target, new RevealReason(caller, http.Facts(), body.Purpose, body.Reason), cancellation));
    }

    private static async Task<IResult> History(Guid id, HttpContext http, TicketReader reader, RevealHistory history, CancellationToken cancellation)
    {
        if (await reader.FindAsync(http.Caller().Account, id, cancellation) is not { } ticket) return Problem.NotFound("ticket");
        return TypedResults.Ok(new ListAnswer<PastReveal>(await history.OfAsync(ticket, cancellation), null));
    }

    /// <summary>A revealed value is shown once and kept by no cache.</summary>
    private sealed class Once(string value) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.Headers.CacheControl = "no-store";
            return TypedResults.Ok(new RevealedValue(value)).ExecuteAsync(httpContext);
        }
    }
}
