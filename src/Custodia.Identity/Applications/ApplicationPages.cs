using Custodia.Console;
using Custodia.Identity.Protocol;
using Custodia.Identity.Rules;
using Custodia.Kernel.Access;
using Custodia.Kernel.Http;
using Custodia.Kernel.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Custodia.Identity.Applications;

/// <summary><c>/console/applications</c>.</summary>
internal static class ApplicationPages
{
    public const string Home = "/console/applications";

    private const int PageSize = 50;

    public static void MapApplicationPages(this IEndpointRouteBuilder routes)
    {
        var pages = routes.MapGroup(Home).ExcludeFromDescription();
        pages.MapGet("", ListAsync).RequirePermission(ApplicationsApi.Read);
        pages.MapGet("/new", NewAsync).RequirePermission(ApplicationsApi.Write);
        pages.MapPost("/new", CreateAsync).RequirePermission(ApplicationsApi.Write, ApplicationsApi.Area).WhileOpen(AccountServices.Identity);
        pages.MapGet("/{id:guid}", ShowAsync).RequirePermission(ApplicationsApi.Read);
        pages.MapPost("/{id:guid}", SaveAsync).RequirePermission(ApplicationsApi.Write, ApplicationsApi.Area);
        pages.MapPost("/{id:guid}/sign-in", DemandAsync).RequirePermission(ApplicationsApi.Write, "applications.sign-in");
        pages.MapPost("/{id:guid}/secret", RotateAsync).RequirePermission(ApplicationsApi.Write, ApplicationsApi.Area);
        pages.MapPost("/{id:guid}/delete", DeleteAsync).RequirePermission(ApplicationsApi.Write, ApplicationsApi.Area);
    }

    private static async Task<IResult> ListAsync(HttpContext http, ApplicationQueries queries, string? cursor, CancellationToken cancellation)
    {
        Guid? before = Guid.TryParseExact(cursor, "N", out var id) ? id : null;
        var (items, next) = await queries.ListAsync(http.Caller().Account, null, before, PageSize, cancellation);
        return View.Show<ApplicationsPage>(new ApplicationsModel(items, next is { } more ? $"{Home}?cursor={more:N}" : null, http.Caller().Can(ApplicationsApi.Write)));
    }

    private static async Task<IResult> NewAsync(HttpContext http, ApplicationQueries queries, CancellationToken cancellation) =>
        View.Show<NewApplicationPage>(new NewApplicationModel(new FormState(), await DirectoriesAsync(http, queries, cancellation)));

    private static async Task<IResult> CreateAsync(
        HttpContext http, [FromForm] IFormCollection posted, ApplicationQueries queries, ApplicationChanges changes, CancellationToken cancellation)
    {
        var form = new FormState(posted);
        if (!Enum.TryParse<ApplicationKind>(form["kind"], ignoreCase: true, out var kind)) form.Fail("kind", ProtocolTexts.Of("KindMissing"));
        if (form.IsValid)
        {
            var outcome = await changes.CreateAsync(http.Caller(), form["directory"], kind, ApplicationForm.Read(form, kind), cancellation);
            if (outcome is ApplicationOutcome.Created created)
                return await SecretAsync(http, created, queries, cancellation) ?? new SeeOther($"{Home}/{created.Id}?note=created");
            ApplicationForm.Explain(form, outcome);
        }

        return View.Invalid<NewApplicationPage>(new NewApplicationModel(form, await DirectoriesAsync(http, queries, cancellation)));
    }

    private static async Task<IResult> ShowAsync(HttpContext http, Guid id, ApplicationQueries queries, SignInRuleStore rules, CancellationToken cancellation)
    {
        if (await queries.FindAsync(http.Caller().Account, id, cancellation) is not { } application) return Problem.NotFound("application");
        var demands = await rules.DemandsSecondFactorAsync(id, cancellation);
        return View.Show<ApplicationPage>(new ApplicationPageModel(application, ApplicationForm.Of(application.Settings), http.Caller().Can(ApplicationsApi.Write), demands));
    }

    private static async Task<IResult> DemandAsync(
        HttpContext http, Guid id, [FromForm] IFormCollection posted, ApplicationQueries queries, SignInRuleStore rules, CancellationToken cancellation)
    {
        var account = http.Caller().Account;
        if (await queries.FindAsync(account, id, cancellation) is not { Kind: not ApplicationKind.M2m }) return Problem.NotFound("application");
        await rules.DemandSecondFactorAsync(id, account, new FormState(posted).Ticked("second-factor"), cancellation);
        return new SeeOther($"{Home}/{id}?note=saved");
    }

    private static async Task<IResult> SaveAsync(
        HttpContext http, Guid id, [FromForm] IFormCollection posted, ApplicationQueries queries, ApplicationChanges changes, SignInRuleStore rules, CancellationToken cancellation)
    {
        if (await queries.FindAsync(http.Caller().Account, id, cancellation) is not { } application) return Problem.NotFound("application");
        var form = new FormState(posted);
        var outcome = await changes.UpdateAsync(http.Caller(), id, ApplicationForm.Read(form, application.Kind), cancellation);
        if (outcome is ApplicationOutcome.Done) return new SeeOther($"{Home}/{id}?note=saved");
        ApplicationForm.Explain(form, outcome);
        return View.Invalid<ApplicationPage>(new ApplicationPageModel(application, form, MayWrite: true, await rules.DemandsSecondFactorAsync(id, cancellation)));
    }

    // Not a redirect: the answer to this post is the only page that ever shows the secret.
    private static async Task<IResult> RotateAsync(
        HttpContext http, Guid id, [FromForm] IFormCollection posted, ApplicationQueries queries, ApplicationChanges changes, CancellationToken cancellation)
    {
        _ = posted;
        var outcome = await changes.RotateSecretAsync(http.Caller(), id, ApplicationRegistry.SecretOverlap, cancellation);
        return outcome is ApplicationOutcome.Created created && await SecretAsync(http, created, queries, cancellation) is { } page
            ? page
            : Problem.NotFound("application");
    }

    private static async Task<IResult> DeleteAsync(
        HttpContext http, Guid id, [FromForm] IFormCollection posted, ApplicationChanges changes, CancellationToken cancellation)
    {
        _ = posted;
        return await changes.DeleteAsync(http.Caller(), id, cancellation) is ApplicationOutcome.Done
            ? new SeeOther($"{Home}?note=deleted")
            : Problem.NotFound("application");
    }

    private static async Task<IResult?> SecretAsync(HttpContext http, ApplicationOutcome.Created created, ApplicationQueries queries, CancellationToken cancellation)
    {
        if (created.Secret is null || await queries.FindAsync(http.Caller().Account, created.Id, cancellation) is not { } application) return null;
        ProtocolAnswers.NoStore(http);
        return View.Show<SecretPage>(new SecretModel(application, created.Secret));
    }

    private static async Task<IReadOnlyList<Choice>> DirectoriesAsync(HttpContext http, ApplicationQueries queries, CancellationToken cancellation) =>
        [.. (await queries.DirectoriesAsync(http.Caller().Account, cancellation)).Select(d => new Choice(d.Name, d.Title))];
}
