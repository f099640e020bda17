using Custodia.Identity.Administration;
using Custodia.Identity.Applications;
using Custodia.Kernel.Access;
using Custodia.Kernel.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Rules;

/// <summary><c>/api/v1/directories/{name}/sign-in</c> and <c>/api/v1/applications/{id}/sign-in</c>.</summary>
internal static class SignInRulesApi
{
    public static void MapSignInRulesApi(this IEndpointRouteBuilder routes)
    {
        var directories = routes.MapGroup("/api/v1/directories/{name}/sign-in").WithTags("Directories");
        directories.MapGet("", GetAsync).RequirePermission(Permissions.DirectoriesRead).Produces<SignInRulesAnswer>()
            .Describe("getSignInRules", "How people of a directory sign in");
        directories.MapPatch("", ChangeAsync).RequirePermission(Permissions.DirectoriesWrite, "directories.sign-in").Produces<SignInRulesAnswer>()
            .Describe("updateSignInRules", "Changes how people of a directory sign in; what is left out stays");
        var applications = routes.MapGroup("/api/v1/applications/{id:guid}/sign-in").WithTags("Applications");
        applications.MapGet("", GetApplicationAsync).RequirePermission(ApplicationsApi.Read).Produces<ApplicationSignInAnswer>()
            .Describe("getApplicationSignIn", "What an application asks for beyond its directory's rules");
        applications.MapPut("", ChangeApplicationAsync).RequirePermission(ApplicationsApi.Write, "applications.sign-in").Produces<ApplicationSignInAnswer>()
            .Describe("setApplicationSignIn", "Sets what an application asks for beyond its directory's rules");
    }

    private static async Task<IResult> GetAsync(HttpContext http, string name, UserQueries queries, SignInRuleStore store, CancellationToken cancellation) =>
        await queries.DirectoryAsync(http.Caller().Account, name, cancellation) is { } directory
            ? Results.Ok(SignInRulesAnswer.Of(await store.OfAsync(directory, cancellation)))
            : Problem.NotFound("directory");

    private static async Task<IResult> ChangeAsync(
        HttpContext http, string name, SignInRulesChange body, UserQueries queries, SignInRuleStore store, CancellationToken cancellation)
    {
        var findings = body.Check();
        if (findings.Any) return findings.ToProblem();
        return await queries.DirectoryAsync(http.Caller().Account, name, cancellation) is { } directory
            ? Results.Ok(SignInRulesAnswer.Of(await store.ChangeAsync(directory, body.Apply, cancellation)))
            : Problem.NotFound("directory");
    }

    private static async Task<IResult> GetApplicationAsync(
        HttpContext http, Guid id, IdentityContext database, SignInRuleStore store, CancellationToken cancellation) =>
        await IsOursAsync(http, id, database, cancellation)
            ? Results.Ok(new ApplicationSignInAnswer(await store.DemandsSecondFactorAsync(id, cancellation)))
            : Problem.NotFound("application");

    private static async Task<IResult> ChangeApplicationAsync(
        HttpContext http, Guid id, ApplicationSignInAnswer body, IdentityContext database, SignInRuleStore store, CancellationToken cancellation)
    {
        if (!await IsOursAsync(http, id, database, cancellation)) return Problem.NotFound("application");
        await store.DemandSecondFactorAsync(id, http.Caller().Account, body.DemandsSecondFactor, cancellation);
        return Results.Ok(body);
    }

    private static Task<bool> IsOursAsync(HttpContext http, Guid id, IdentityContext database, CancellationToken cancellation)
    {
        var account = http.Caller().Account;
        return database.Applications.AnyAsync(a => a.Id == id && a.Account == account, cancellation);
    }
}
