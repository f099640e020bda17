using Custodia.Identity.Applications;
using Custodia.Kernel.Access;
using Custodia.Kernel.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Custodia.Identity.ClientRegistration;

/// <summary><c>/api/v1/directories/{name}/registration-tokens</c>: who may register applications by themselves (RFC 7591).</summary>
internal static class RegistrationTokensApi
{
    private const int DefaultLimit = 50;
    private const int MaxLimit = 200;

    public static void MapRegistrationTokensApi(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/v1/directories/{name}/registration-tokens").WithTags("Applications");
        api.MapGet("", ListAsync).RequirePermission(ApplicationsApi.Read).Produces<RegistrationTokenList>()
            .Describe("listRegistrationTokens", "Initial access tokens of a directory, newest first");
        api.MapPost("", CreateAsync).RequirePermission(ApplicationsApi.Write, ApplicationsApi.Area).Produces<CreatedRegistrationToken>(StatusCodes.Status201Created)
            .Describe("createRegistrationToken", "An initial access token for dynamic client registration; the only answer that shows it");
        api.MapDelete("/{id:guid}", DeleteAsync).RequirePermission(ApplicationsApi.Write, ApplicationsApi.Area).Produces(StatusCodes.Status204NoContent)
            .Describe("deleteRegistrationToken", "Takes an initial access token back; applications registered with it stay");
    }

    private static async Task<IResult> ListAsync(
        HttpContext http, string name, ApplicationQueries queries, RegistrationTokens tokens, string? cursor, int? limit, CancellationToken cancellation)
    {
        Guid before = default;
        if (cursor is not null && !Guid.TryParseExact(cursor, "N", out before)) return Problem.Invalid(("cursor", "a cursor of an earlier answer"));
        if (limit is < 1 or > MaxLimit) return Problem.Invalid(("limit", $"1 to {MaxLimit}"));
        if (await queries.DirectoryAsync(http.Caller().Account, name, cancellation) is not { } directory) return Problem.NotFound("directory");
        var (items, next) = await tokens.ListAsync(directory.Id, cursor is null ? null : before, limit ?? DefaultLimit, cancellation);
        return Results.Ok(new RegistrationTokenList([.. items.Select(RegistrationTokenView.Of)], next?.ToString("N")));
    }

    private static async Task<IResult> CreateAsync(
        HttpContext http, string name, NewRegistrationToken body, ApplicationQueries queries, RegistrationTokens tokens, CancellationToken cancellation)
    {
        if (await queries.DirectoryAsync(http.Caller().Account, name, cancellation) is not { } directory) return Problem.NotFound("directory");
        if (RegistrationTokens.Check(body).ToArray() is { Length: > 0 } findings) return Problem.Invalid(findings);
        var (token, text) = await tokens.AddAsync(directory, body, http.Caller().SubAccountUin, cancellation);
        return Results.Json(new CreatedRegistrationToken(RegistrationTokenView.Of(token), text), statusCode: StatusCodes.Status201Created);
    }

    private static async Task<IResult> DeleteAsync(
        HttpContext http, string name, Guid id, ApplicationQueries queries, RegistrationTokens tokens, CancellationToken cancellation) =>
        await queries.DirectoryAsync(http.Caller().Account, name, cancellation) is { } directory && await tokens.RemoveAsync(directory.Id, id, cancellation)
            ? Results.NoContent()
            : Problem.NotFound("registration-token");
}

/// <param name="Uses">How many applications were registered with it.</param>
/// <param name="CreatedBy"><c>uin</c> of the sub-account who made it; 0 for an application.</param>
internal sealed record RegistrationTokenView(Guid Id, string Name, int Uses, int MaxUses, long CreatedBy, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt)
{
    public static RegistrationTokenView Of(RegistrationToken token) =>
        new(token.Id, token.Name, token.Uses, token.MaxUses, token.CreatedBy, token.CreatedAt, token.ExpiresAt);
}

internal sealed record RegistrationTokenList(IReadOnlyList<RegistrationTokenView> Items, string? NextCursor);

/// <summary>The only answer that shows the token.</summary>
internal sealed record CreatedRegistrationToken(RegistrationTokenView RegistrationToken, string Token);
