using Custodia.Kernel.Access;
using Custodia.Kernel.Http;
using Custodia.Kernel.Streams;
using Custodia.Tickets.Tickets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Tickets.Api;

/// <summary>An account's own settings: <c>/api/v1/ticket-settings</c>, and the clearing of its access log.</summary>
internal static class SettingsApi
{
    private const int LeastDays = 30;
    private const int MostDays = 36_500;

    public static void MapSettingsApi(this IEndpointRouteBuilder routes)
    {
        var settings = routes.MapGroup("/api/v1/ticket-settings").WithTags("Tickets");
        settings.MapGet("", Get).RequirePermission(Permissions.ReadSettings).Produces<TicketSettingsBody>()
            .Describe("getTicketSettings", "The account's own settings of Tickets");
        settings.MapPut("", Put).RequirePermission(Permissions.WriteSettings, "ticket-settings").Produces<TicketSettingsBody>()
            .Describe("replaceTicketSettings", "Replaces the account's own settings of Tickets");
        // Outside the tickets' group: clearing must not write the first line of the cleared log.
        routes.MapDelete("/api/v1/ticket-access-log", ClearAccessLog).WithTags("Tickets").RequirePermission(Permissions.ClearAccessLog, "ticket-access-log").Produces<ClearedAnswer>()
            .Describe("clearTicketAccessLog", "Removes the account's records from the ticket access log for good");
    }

    /// <summary>The policy's trigger <c>logs-cleared</c>: removes the account's records for good.</summary>
    private static async Task<IResult> ClearAccessLog(HttpContext http, LogStreams logs, CancellationToken cancellation)
    {
        var erased = await logs.EraseAccountAsync(AccessLog.TicketAccess.Category, http.Caller().Account, "logs-cleared", cancellation);
        return TypedResults.Ok(new ClearedAnswer(erased.Removed));
    }

    private static async Task<IResult> Get(HttpContext http, TicketsContext context, CancellationToken cancellation)
    {
        var account = http.Caller().Account;
        var row = await context.AccountSettings.AsNoTracking().FirstOrDefaultAsync(s => s.Account == account, cancellation);
        return TypedResults.Ok(new TicketSettingsBody(row?.ContentLimitDays));
    }

    private static async Task<IResult> Put(TicketSettingsBody body, HttpContext http, TicketsContext context, CancellationToken cancellation)
    {
        if (body.ContentLimitDays is < LeastDays or > MostDays) return Problem.Invalid(("contentLimitDays", $"must be {LeastDays} to {MostDays}, or null for no limit"));
        var account = http.Caller().Account;
        await context.InTransactionAsync(
            async token =>
            {
                var changed = await context.AccountSettings.Where(s => s.Account == account)
                    .ExecuteUpdateAsync(set => set.SetProperty(s => s.ContentLimitDays, body.ContentLimitDays), token);
                if (changed > 0) return;
                context.AccountSettings.Add(new AccountSettings { Account = account, ContentLimitDays = body.ContentLimitDays });
                await context.SaveChangesAsync(token);
            },
            cancellation);
        return TypedResults.Ok(body);
    }
}
