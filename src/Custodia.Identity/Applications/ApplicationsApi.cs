using Custodia.Kernel.Access;
using Custodia.Kernel.Http;
using Custodia.Kernel.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Custodia.Identity.Applications;

/// <summary><c>/api/v1/applications</c>: the OpenID Connect clients of an account's directories.</summary>
internal static class ApplicationsApi
{
    public const string Read = "identity.applications.read";
    public const string Write = "identity.applications.write";
    public const string Area = "applications";

    private const int DefaultLimit = 50;
    private const int MaxOverlapSeconds = 604_800;

    public static void MapApplicationsApi(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/v1/applications").WithTags("Applications");
        api.MapGet("", ListAsync).RequirePermission(Read).Produces<ApplicationList>()
            .Describe("listApplications", "Applications of the account or of one directory, newest first");
        api.MapPost("", CreateAsync).RequirePermission(Write, Area).WhileOpen(AccountServices.Identity).Produces<CreatedApplication>(StatusCodes.Status201Created)
            .Describe("createApplication", "Creates an application; the only answer that shows its secret", 409);
        api.MapGet("/{id:guid}", GetAsync).RequirePermission(Read).Produces<ApplicationView>()
            .Describe("getApplication", "An application");
        api.MapPatch("/{id:guid}", UpdateAsync).RequirePermission(Write, Area).Produces<ApplicationView>()
            .Describe("updateApplication", "Changes an application; what is left out stays");
        api.MapPost("/{id:guid}/secrets", RotateAsync).RequirePermission(Write, Area).Produces<RotatedSecret>(StatusCodes.Status201Created)
            .Describe("rotateApplicationSecret", "A new secret; older ones work on for a while", 409);
        api.MapDelete("/{id:guid}", DeleteAsync).RequirePermission(Write, Area).Produces(StatusCodes.Status204NoContent)
            .Describe("deleteApplication", "Deletes an application and everything given to it");
    }

    private static async Task<IResult> ListAsync(
        HttpContext http, ApplicationQueries queries, string? directory, string? cursor, int? limit, CancellationToken cancellation)
    {
        Guid before = default;
        if (cursor is not null && !Guid.TryParseExact(cursor, "N", out before)) return Problem.Invalid(("cursor", "a cursor of an earlier answer"));
        if (limit is < 1 or > ApplicationQueries.MaxLimit) return Problem.Invalid(("limit", $"1 to {ApplicationQueries.MaxLimit}"));
        var (items, next) = await queries.ListAsync(
            http.Caller().Account, directory, cursor is null ? null : before, limit ?? DefaultLimit, cancellation);
        return Results.Ok(new ApplicationList(items, next?.ToString("N")));
    }

    private static async Task<IResult> GetAsync(HttpContext http, Guid id, ApplicationQueries queries, CancellationToken cancellation) =>
        await queries.FindAsync(http.Caller().Account, id, cancellation) is { } application
            ? Results.Ok(application)
            : Problem.NotFound("application");

    private static async Task<IResult> CreateAsync(
        HttpContext http, NewApplication body, ApplicationChanges changes, ApplicationQueries queries, CancellationToken cancellation)
    {
        var caller = http.Caller();
        var outcome = await changes.CreateAsync(caller, body.Directory, body.Kind, body, cancellation);
        if (outcome is not ApplicationOutcome.Created created) return Answer(outcome);
        var view = (await queries.FindAsync(caller.Account, created.Id, cancellation))!;
        return Results.Created($"/api/v1/applications/{created.Id}", new CreatedApplication(view, created.Secret));
    }

    private static async Task<IResult> UpdateAsync(
        HttpContext http, Guid id, ApplicationSettings body, ApplicationChanges changes, ApplicationQueries queries, CancellationToken cancellation)
    {
        var caller = http.Caller();
        var outcome = await changes.UpdateAsync(caller, id, body, cancellation);
        return outcome is ApplicationOutcome.Done ? Results.Ok(await queries.FindAsync(caller.Account, id, cancellation)) : Answer(outcome);
    }

    private static async Task<IResult> RotateAsync(
        HttpContext http, Guid id, SecretRotation? body, ApplicationChanges changes, TimeProvider time, CancellationToken cancellation)
    {
        if (body?.OverlapSeconds is < 0 or > MaxOverlapSeconds) return Problem.Invalid(("overlapSeconds", $"0 to {MaxOverlapSeconds}"));
        var overlap = body?.OverlapSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : ApplicationRegistry.SecretOverlap;
        var outcome = await changes.RotateSecretAsync(http.Caller(), id, overlap, cancellation);
        return outcome is ApplicationOutcome.Created created
            ? Results.Json(new RotatedSecret(created.Secret!, time.GetUtcNow() + overlap), statusCode: StatusCodes.Status201Created)
            : Answer(outcome);
    }

    private static async Task<IResult> DeleteAsync(HttpContext http, Guid id, ApplicationChanges changes, CancellationToken cancellation) =>
        await changes.DeleteAsync(http.Caller(), id, cancellation) is var outcome and not ApplicationOutcome.Done ? Answer(outcome) : Results.NoContent();

    private static IResult Answer(ApplicationOutcome outcome) => outcome switch
    {
        ApplicationOutcome.NotFound => Problem.NotFound("application"),
        ApplicationOutcome.Invalid invalid => Problem.Invalid([.. invalid.Findings]),
        ApplicationOutcome.NoSecret => Problem.Conflict("no-secret", "This application has no secret."),
        _ => throw new InvalidOperationException($"No answer for {outcome.GetType().Name}."),
    };
}
