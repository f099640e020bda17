using System.Globalization;
using Custodia.Console;
using Custodia.Identity.Administration;
using Custodia.Identity.Directories;
using Custodia.Identity.Registration;
using Custodia.Kernel.Access;
using Custodia.Kernel.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Custodia.Identity.Agreements;

/// <summary><c>/console/directories/{name}/agreements</c>.</summary>
internal static class AgreementConsole
{
    private const string Area = "directories.agreements";

    public static void MapAgreementConsole(this IEndpointRouteBuilder routes)
    {
        var pages = routes.MapGroup("/console/directories/{name}/agreements").ExcludeFromDescription();
        pages.MapGet("", ShowAsync).RequirePermission(Permissions.DirectoriesRead);
        pages.MapPost("", AddAsync).RequirePermission(Permissions.DirectoriesWrite, Area);
        pages.MapPost("/{id:guid}/retire", RetireAsync).RequirePermission(Permissions.DirectoriesWrite, Area);
        pages.MapPost("/{id:guid}/delete", DeleteAsync).RequirePermission(Permissions.DirectoriesWrite, Area);
    }

    private static async Task<IResult> ShowAsync(HttpContext http, string name, [AsParameters] AgreementListParts parts, CancellationToken cancellation) =>
        await parts.ModelAsync(http, name, new FormState(), cancellation) is { } model ? View.Show<AgreementListPage>(model) : Problem.NotFound("directory");

    private static async Task<IResult> AddAsync(
        HttpContext http, string name, [FromForm] IFormCollection posted, AgreementChanges changes, [AsParameters] AgreementListParts parts, CancellationToken cancellation)
    {
        var form = new FormState(posted);
        if (await parts.ModelAsync(http, name, form, cancellation) is not { } model) return Problem.NotFound("directory");
        var request = Read(form);
        foreach (var (field, rule) in request.Check(parts.Time.GetUtcNow()).All) form.Fail(FieldOf(field), RegistrationTexts.Of("Rule_" + rule));
        if (form.IsValid && await changes.AddAsync(model.Directory, request, cancellation) is null) form.Fail("version", RegistrationTexts.Of("Rule_version-taken"));
        return form.IsValid ? new SeeOther($"/console/directories/{name}/agreements?note=created") : View.Invalid<AgreementListPage>(model);
    }

    private static async Task<IResult> RetireAsync(
        HttpContext http, string name, Guid id, [FromForm] IFormCollection posted, UserQueries queries, AgreementChanges changes, CancellationToken cancellation)
    {
        _ = posted;
        if (await queries.DirectoryAsync(http.Caller().Account, name, cancellation) is not { } directory) return Problem.NotFound("directory");
        if (!await changes.RetireAsync(directory.Id, id, cancellation)) return Problem.NotFound("agreement");
        return new SeeOther($"/console/directories/{name}/agreements?note=saved");
    }

    private static async Task<IResult> DeleteAsync(
        HttpContext http, string name, Guid id, [FromForm] IFormCollection posted, UserQueries queries, AgreementChanges changes, CancellationToken cancellation)
    {
        _ = posted;
        if (await queries.DirectoryAsync(http.Caller().Account, name, cancellation) is not { } directory) return Problem.NotFound("directory");
        if (!await changes.DeleteAsync(directory.Id, id, cancellation)) return Problem.Conflict("accepted", "Somebody has accepted it; it can be retired.");
        return new SeeOther($"/console/directories/{name}/agreements?note=deleted");
    }

    private static NewAgreementRequest Read(FormState form) => new(
        form["name"],
        form["version"],
        form["title"],
        form["title-zh"],
        form.Exact("text"),
        form.Exact("text-zh"),
        form["link"],
        form.Ticked("mandatory"),
        ValidFrom(form));

    private static DateTimeOffset? ValidFrom(FormState form)
    {
        if (form["valid-from"].Length == 0) return null;
        if (DateOnly.TryParseExact(form["valid-from"], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            return new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
        form.Fail("valid-from", RegistrationTexts.Of("Rule_date"));
        return null;
    }

    private static string FieldOf(string apiName) => apiName switch { "titleZh" => "title-zh", "textZh" => "text-zh", "validFrom" => "valid-from", _ => apiName };
}

internal sealed record AgreementListModel(Directory Directory, IReadOnlyList<AgreementAnswer> Versions, FormState Form, bool MayWrite);

/// <summary>What the page is made from.</summary>
internal readonly record struct AgreementListParts(UserQueries Queries, AgreementStore Agreements, TimeProvider Time)
{
    public async Task<AgreementListModel?> ModelAsync(HttpContext http, string name, FormState form, CancellationToken cancellation) =>
        await Queries.DirectoryAsync(http.Caller().Account, name, cancellation) is { IsStaff: false } directory
            ? new AgreementListModel(directory, await AgreementAnswer.AllAsync(Agreements, directory.Id, Time, cancellation), form, http.Caller().Can(Permissions.DirectoriesWrite))
            : null;
}
