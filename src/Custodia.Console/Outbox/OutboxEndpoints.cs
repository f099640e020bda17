using Custodia.Kernel.Access;
using Custodia.Kernel.Delivery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Custodia.Console.Outbox;

/// <summary>Shows, in Development, the mails and SMS that no provider carried.</summary>
public static class OutboxEndpoints
{
    private const string Reason = "Development outbox";
    private const int Shown = 100;

    /// <summary>Maps <c>/outbox</c> and, for tests, <c>/outbox.json</c>; both take <c>?to=</c> as an address or number. Call it in Development only.</summary>
    public static void MapOutbox(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/outbox", ShowAsync).AllowAnyone(Reason).ExcludeFromDescription();
        routes.MapGet("/outbox.json", ListAsync).AllowAnyone(Reason).ExcludeFromDescription();
    }

    private static async Task<RazorComponentResult<OutboxPage>> ShowAsync(DevelopmentOutbox outbox, string? to, HttpContext http, CancellationToken cancellation)
    {
        http.Response.Headers.CacheControl = "no-store";
        return Page.Show<OutboxPage>(new { Messages = await outbox.NewestAsync(to, Shown, cancellation), Filtered = !string.IsNullOrEmpty(to) });
    }

    private static async Task<Ok<IReadOnlyList<OutboxEntry>>> ListAsync(DevelopmentOutbox outbox, string? to, HttpContext http, CancellationToken cancellation)
    {
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(await outbox.NewestAsync(to, Shown, cancellation));
    }
}
