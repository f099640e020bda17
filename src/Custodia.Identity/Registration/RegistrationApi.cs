using Custodia.Identity.Administration;
using Custodia.Kernel.Access;
using Custodia.Kernel.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Custodia.Identity.Registration;

/// <summary><c>/api/v1/directories/{name}/registration</c>, <c>…/attributes</c> and <c>…/age-gate</c>.</summary>
internal static class RegistrationApi
{
    private const string Area = "directories.registration";

    public static void MapRegistrationApi(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/v1/directories/{name}").WithTags("Registration");
        api.MapGet("/registration", GetAsync).RequirePermission(Permissions.DirectoriesRead).Produces<RegistrationAnswer>()
            .Describe("getRegistration", "What a directory asks of people who join");
        api.MapPatch("/registration", UpdateAsync).RequirePermission(Permissions.DirectoriesWrite, Area).Produces<RegistrationAnswer>()
            .Describe("updateRegistration", "Changes who may join and which profile fields are asked; what is left out stays");
        api.MapPut("/attributes/{attribute}", DefineAsync).RequirePermission(Permissions.DirectoriesWrite, Area).Produces<AttributeAnswer>()
            .Describe("defineAttribute", "Defines a custom attribute, or defines it anew; values that people have are kept", 409);
        api.MapDelete("/attributes/{attribute}", ForgetAsync).RequirePermission(Permissions.DirectoriesWrite, Area).Produces(StatusCodes.Status204NoContent)
            .Describe("deleteAttribute", "Forgets the definition of a custom attribute; values that people have are kept");
        api.MapPut("/age-gate", SetGateAsync).RequirePermission(Permissions.DirectoriesWrite, Area).Produces<AgeGateAnswer>()
            .Describe("setAgeGate", "Sets how old people must be who join, by country");
    }

    private static async Task<IResult> GetAsync(HttpContext http, string name, UserQueries queries, RegistrationChanges changes, CancellationToken cancellation) =>
        await queries.DirectoryAsync(http.Caller().Account, name, cancellation) is { } directory
            ? Results.Ok(await changes.AnswerAsync(directory, cancellation))
            : Problem.NotFound("directory");

    private static async Task<IResult> UpdateAsync(
        HttpContext http, string name, RegistrationRequest body, UserQueries queries, RegistrationChanges changes, CancellationToken cancellation)
    {
        var findings = body.Check();
        if (findings.Any) return findings.ToProblem();
        if (await queries.DirectoryAsync(http.Caller().Account, name, cancellation) is not { } directory) return Problem.NotFound("directory");
        return Results.Ok(await changes.AnswerAsync(await changes.UpdateAsync(directory.Id, body, cancellation), cancellation));
    }

    private static async Task<IResult> DefineAsync(
        HttpContext http, string name, string attribute, AttributeRequest body, UserQueries queries, RegistrationChanges changes, CancellationToken cancellation)
    {
        var findings = body.Check(attribute);
        if (findings.Any) return findings.ToProblem();
        if (await queries.DirectoryAsync(http.Caller().Account, name, cancellation) is not { } directory) return Problem.NotFound("directory");
        return await changes.DefineAsync(directory, attribute, body, cancellation) is { } definition
            ? Results.Ok(AttributeAnswer.Of(definition))
            : Problem.Conflict("too-many", $"A directory has at most {AttributeLimits.PerDirectory} custom attributes.");
    }

    private static async Task<IResult> ForgetAsync(
        HttpContext http, string name, string attribute, UserQueries queries, RegistrationChanges changes, CancellationToken cancellation)
    {
        if (await queries.DirectoryAsync(http.Caller().Account, name, cancellation) is not { } directory) return Problem.NotFound("directory");
        return await changes.ForgetAsync(directory.Id, attribute, cancellation) ? Results.NoContent() : Problem.NotFound("attribute");
    }

    private static async Task<IResult> SetGateAsync(
        HttpContext http, string name, AgeGateRequest body, UserQueries queries, RegistrationChanges changes, CancellationToken cancellation)
    {
        var findings = body.Check();
        if (findings.Any) return findings.ToProblem();
        if (await queries.DirectoryAsync(http.Caller().Account, name, cancellation) is not { } directory) return Problem.NotFound("directory");
        return Results.Ok(AgeGateAnswer.Of(await changes.SetGateAsync(directory, body, cancellation)));
    }
}
