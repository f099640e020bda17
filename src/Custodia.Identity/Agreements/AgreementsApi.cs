using Custodia.Identity.Administration;
using Custodia.Kernel.Access;
using Custodia.Kernel.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Custodia.Identity.Agreements;

/// <summary><c>/api/v1/directories/{name}/agreements</c>.</summary>
internal static class AgreementsApi
{
    private const string Area = "directories.agreements";

    public static void MapAgreementsApi(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/v1/directories/{name}/agreements").WithTags("Agreements");
        api.MapGet("", ListAsync).RequirePermission(Permissions.DirectoriesRead).Produces<ListAnswer<AgreementAnswer>>()
            .Describe("listAgreements", "Versions of a directory's agreements, newest first, with how many people have accepted each");
        api.MapPost("", AddAsync).RequirePermission(Permissions.DirectoriesWrite, Area).Produces<AgreementAnswer>(StatusCodes.Status201Created)
            .Describe("addAgreement", "Adds a version of an agreement; a mandatory one is asked for again at the next sign-in", 409);
        api.MapPost("/{id:guid}/retire", RetireAsync).RequirePermission(Permissions.DirectoriesWrite, Area).Produces(StatusCodes.Status204NoContent)
            .Describe("retireAgreement", "Stops asking for a version; what was accepted stays");
        api.MapDelete("/{id:guid}", DeleteAsync).RequirePermission(Permissions.DirectoriesWrite, Area).Produces(StatusCodes.Status204NoContent)
            .Describe("deleteAgreement", "Deletes a version that nobody has accepted", 409);
    }

    private static async Task<IResult> ListAsync(
        HttpContext http, string name, UserQueries queries, AgreementStore agreements, TimeProvider time, CancellationToken cancellation)
    {
        if (await queries.DirectoryAsync(http.Caller().Account, name, cancellation) is not { } directory) return Problem.NotFound("directory");
        return Results.Ok(new ListAnswer<AgreementAnswer>(await AgreementAnswer.AllAsync(agreements, directory.Id, time, cancellation), null));
    }

    private static async Task<IResult> AddAsync(
        HttpContext http, string name, NewAgreementRequest body, UserQueries queries, AgreementChanges changes, TimeProvider time, CancellationToken cancellation)
    {
        var findings = body.Check(time.GetUtcNow());
        if (findings.Any) return findings.ToProblem();
        if (await queries.DirectoryAsync(http.Caller().Account, name, cancellation) is not { } directory) return Problem.NotFound("directory");
        if (directory.IsStaff) return Problem.Conflict("staff-directory", "Members of staff are not asked for agreements.");
        return await changes.AddAsync(directory, body, cancellation) is { } agreement
            ? Results.Created($"/api/v1/directories/{name}/agreements/{agreement.Id}", AgreementAnswer.Of(agreement, 0, inForce: agreement.ValidFrom <= time.GetUtcNow()))
            : Problem.Conflict("taken", "This agreement has a version of this name.", ("field", "version"));
    }

    private static async Task<IResult> RetireAsync(
        HttpContext http, string name, Guid id, UserQueries queries, AgreementChanges changes, CancellationToken cancellation)
    {
        if (await queries.DirectoryAsync(http.Caller().Account, name, cancellation) is not { } directory) return Problem.NotFound("directory");
        return await changes.RetireAsync(directory.Id, id, cancellation) ? Results.NoContent() : Problem.NotFound("agreement");
    }

    private static async Task<IResult> DeleteAsync(
        HttpContext http, string name, Guid id, UserQueries queries, AgreementChanges changes, CancellationToken cancellation)
    {
        if (await queries.DirectoryAsync(http.Caller().Account, name, cancellation) is not { } directory) return Problem.NotFound("directory");
        return await changes.DeleteAsync(directory.Id, id, cancellation)
            ? Results.NoContent()
            : Problem.Conflict("accepted", "There is no such version, or somebody has accepted it; it can be retired.");
    }
}

/// <param name="TextHash">SHA-256 over name, version, titles, texts and link, in hexadecimal.</param>
/// <param name="InForce">Whether it is asked for now.</param>
/// <param name="Accepted">People who have accepted it and not taken it back.</param>
internal sealed record AgreementAnswer(
    Guid Id,
    string Name,
    string Version,
    string Title,
    string TitleZh,
    string? Text,
    string? TextZh,
    string? Link,
    bool Mandatory,
    DateTimeOffset ValidFrom,
    DateTimeOffset? RetiredAt,
    string TextHash,
    bool InForce,
    long Accepted)
{
    public static AgreementAnswer Of(Agreement a, long accepted, bool inForce) => new(
        a.Id, a.Name, a.Version, a.Title, a.TitleZh, a.Text, a.TextZh, a.Link, a.Mandatory, a.ValidFrom, a.RetiredAt, Convert.ToHexStringLower(a.TextHash), inForce, accepted);

    public static async Task<List<AgreementAnswer>> AllAsync(AgreementStore agreements, Guid directory, TimeProvider time, CancellationToken cancellation)
    {
        var all = await agreements.AllAsync(directory, cancellation);
        var counts = await agreements.CountsAsync(directory, cancellation);
        var inForce = AgreementStore.InForceOf(all, time.GetUtcNow()).Select(a => a.Id).ToHashSet();
        return all.ConvertAll(a => Of(a, counts.GetValueOrDefault(a.Id), inForce.Contains(a.Id)));
    }
}
