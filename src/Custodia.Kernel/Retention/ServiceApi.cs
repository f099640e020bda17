using Custodia.Kernel.Access;
using Custodia.Kernel.Http;
using Custodia.Kernel.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Custodia.Kernel.Retention;

/// <summary>An account's services, and their end.</summary>
internal static class ServiceApi
{
    public const string Read = "protection.services.read";
    public const string Write = "protection.services.write";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/v1/services").WithTags("Protection");
        api.MapGet("/", ListAsync).RequirePermission(Read).Produces<IReadOnlyList<ServiceTerm>>()
            .Describe("listServices", "The account's services");
        api.MapPost("/{service}/terminate", TerminateAsync).RequirePermission(Write, "protection/service-termination")
            .Produces<IReadOnlyList<ServiceTerm>>()
            .Describe("terminateService", "Ends a service: its data goes as the policy says", 409);
    }

    private static async Task<Ok<IReadOnlyList<ServiceTerm>>> ListAsync(AccountServices terms, HttpContext http, CancellationToken cancellation) =>
        TypedResults.Ok(await terms.OfAsync(http.Caller().Account, cancellation));

    /// <summary>The body repeats the service's name, so that nobody ends one by a slip.</summary>
    private static async Task<IResult> TerminateAsync(string service, Termination termination, AccountServices terms, HttpContext http, CancellationToken cancellation)
    {
        if (!AccountServices.Names.Contains(service, StringComparer.Ordinal)) return Problem.NotFound("service");
        if (termination.Confirm != service) return Problem.Invalid(("confirm", $"must be '{service}'"));
        return await terms.TerminateAsync(http.Caller().Account, service, cancellation)
            ? TypedResults.Ok(await terms.OfAsync(http.Caller().Account, cancellation))
            : Problem.Conflict("not-open", "The service is not open.");
    }
}

/// <param name="Confirm">The service's name again.</param>
internal sealed record Termination(string? Confirm);
