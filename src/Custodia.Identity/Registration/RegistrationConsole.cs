using System.Globalization;
using Custodia.Console;
using Custodia.Identity.Administration;
using Custodia.Identity.AgeGates;
using Custodia.Identity.Directories;
using Custodia.Kernel.Access;
using Custodia.Kernel.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Custodia.Identity.Registration;

/// <summary><c>/console/directories/{name}/registration</c>: fields, custom attributes and the age gate of a directory.</summary>
internal static class RegistrationConsole
{
    private const string Area = "directories.registration";

    public static void MapRegistrationConsole(this IEndpointRouteBuilder routes)
    {
        var pages = routes.MapGroup("/console/directories/{name}/registration").ExcludeFromDescription();
        pages.MapGet("", ShowAsync).RequirePermission(Permissions.DirectoriesRead);
        pages.MapPost("", SaveAsync).RequirePermission(Permissions.DirectoriesWrite, Area);
        pages.MapPost("/age-gate", SaveGateAsync).RequirePermission(Permissions.DirectoriesWrite, Area);
        pages.MapGet("/attributes/new", NewAttributeAsync).RequirePermission(Permissions.DirectoriesWrite);
        pages.MapGet("/attributes/{attribute}", ShowAttributeAsync).RequirePermission(Permissions.DirectoriesWrite);
        pages.MapPost("/attributes", SaveAttributeAsync).RequirePermission(Permissions.DirectoriesWrite, Area);
        pages.MapPost("/attributes/{attribute}/delete", DeleteAttributeAsync).RequirePermission(Permissions.DirectoriesWrite, Area);
    }

    private static string Home(string name) => $"/console/directories/{name}/registration";

    private static async Task<IResult> ShowAsync(HttpContext http, string name, [AsParameters] RegistrationParts parts, CancellationToken cancellation) =>
        await parts.ModelAsync(http, name, new FormState(), new FormState(), cancellation) is { } model ? View.Show<RegistrationPage>(model) : Problem.NotFound("directory");

    private static async Task<IResult> SaveAsync(
        HttpContext http, string name, [FromForm] IFormCollection posted, [AsParameters] RegistrationParts parts, CancellationToken cancellation)
    {
        var form = new FormState(posted);
        if (await parts.ModelAsync(http, name, form, new FormState(), cancellation) is not { } model) return Problem.NotFound("directory");
        var request = new RegistrationRequest(
            Enum.TryParse<SignUpMode>(form["sign-up"], out var mode) ? mode : null, form.All("asked"), form.All("mandatory"));
        foreach (var (_, rule) in request.Check().All) form.Fail(Texts.Rule(rule));
        if (!form.IsValid) return View.Invalid<RegistrationPage>(model);
        await parts.Changes.UpdateAsync(model.Directory.Id, request, cancellation);
        return new SeeOther($"{Home(name)}?note=saved");
    }

    private static async Task<IResult> SaveGateAsync(
        HttpContext http, string name, [FromForm] IFormCollection posted, [AsParameters] RegistrationParts parts, CancellationToken cancellation)
    {
        var form = new FormState(posted);
        if (await parts.ModelAsync(http, name, new FormState(), form, cancellation) is not { } model) return Problem.NotFound("directory");
        var request = new AgeGateRequest(
            form.Ticked("enabled"),
            Enum.TryParse<CountrySource>(form["country-source"], out var source) ? source : CountrySource.Stated,
            Ages(form),
            Whole(form["other-countries"]));
        foreach (var (field, rule) in request.Check().All) form.Fail(field == "minimumAges" ? "ages" : "other-countries", RegistrationTexts.Of("Rule_" + rule));
        if (!form.IsValid) return View.Invalid<RegistrationPage>(model);
        await parts.Changes.SetGateAsync(model.Directory, request, cancellation);
        return new SeeOther($"{Home(name)}?note=saved");
    }

    private static async Task<IResult> NewAttributeAsync(HttpContext http, string name, UserQueries queries, CancellationToken cancellation) =>
        await queries.DirectoryAsync(http.Caller().Account, name, cancellation) is { } directory
            ? View.Show<AttributePage>(new AttributeModel(directory, null, new FormState()))
            : Problem.NotFound("directory");

    private static async Task<IResult> ShowAttributeAsync(
        HttpContext http, string name, string attribute, UserQueries queries, AttributeRules rules, CancellationToken cancellation)
    {
        if (await queries.DirectoryAsync(http.Caller().Account, name, cancellation) is not { } directory) return Problem.NotFound("directory");
        return (await rules.OfAsync(directory.Id, cancellation)).Find(a => a.Name == attribute) is { } definition
            ? View.Show<AttributePage>(new AttributeModel(directory, definition.Name, AttributeFormState.Of(definition)))
            : Problem.NotFound("attribute");
    }

    private static async Task<IResult> SaveAttributeAsync(
        HttpContext http, string name, [FromForm] IFormCollection posted, UserQueries queries, RegistrationChanges changes, AttributeRules rules, CancellationToken cancellation)
    {
        if (await queries.DirectoryAsync(http.Caller().Account, name, cancellation) is not { } directory) return Problem.NotFound("directory");
        var form = new FormState(posted);
        var known = form["known"] is { Length: > 0 } before ? before : null;
        var attribute = known ?? form["name"];
        var request = AttributeFormState.Read(form);
        foreach (var (field, rule) in request.Check(attribute).All) form.Fail(AttributeFormState.FieldOf(field), RegistrationTexts.Of("Rule_" + rule));
        if (known is null && (await rules.OfAsync(directory.Id, cancellation)).Exists(a => a.Name == attribute)) form.Fail("name", RegistrationTexts.Of("Rule_attribute-taken"));
        if (form.IsValid && await changes.DefineAsync(directory, attribute, request, cancellation) is null) form.Fail(RegistrationTexts.Of("Rule_too-many"));
        return form.IsValid ? new SeeOther($"{Home(name)}?note=saved") : View.Invalid<AttributePage>(new AttributeModel(directory, known, form));
    }

    private static async Task<IResult> DeleteAttributeAsync(
        HttpContext http, string name, string attribute, [FromForm] IFormCollection posted, UserQueries queries, RegistrationChanges changes, CancellationToken cancellation)
    {
        _ = posted;
        if (await queries.DirectoryAsync(http.Caller().Account, name, cancellation) is not { } directory) return Problem.NotFound("directory");
        await changes.ForgetAsync(directory.Id, attribute, cancellation);
        return new SeeOther($"{Home(name)}?note=deleted");
    }

    // A line each: the country's two letters and the age.
    private static Dictionary<string, int> Ages(FormState form)
    {
        var ages = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var line in form["ages"].Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var words = line.Split([' ', '=', ':', '\t'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 2) ages[words[0].ToUpperInvariant()] = Whole(words[1]);
            else form.Fail("ages", RegistrationTexts.Of("Rule_unknown-country"));
        }

        return ages;
    }

    private static int Whole(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;
}

/// <param name="Form">State of the form of fields.</param>
/// <param name="GateForm">State of the form of the age gate.</param>
internal sealed record RegistrationModel(Directory Directory, RegistrationAnswer Now, FormState Form, FormState GateForm, bool MayWrite);

/// <param name="Name">Null for a new one.</param>
internal sealed record AttributeModel(Directory Directory, string? Name, FormState Form);

/// <summary>What the pages are made from.</summary>
internal readonly record struct RegistrationParts(UserQueries Queries, RegistrationChanges Changes)
{
    public async Task<RegistrationModel?> ModelAsync(HttpContext http, string name, FormState form, FormState gateForm, CancellationToken cancellation) =>
        await Queries.DirectoryAsync(http.Caller().Account, name, cancellation) is { IsStaff: false } directory
            ? new RegistrationModel(directory, await Changes.AnswerAsync(directory, cancellation), form, gateForm, http.Caller().Can(Permissions.DirectoriesWrite))
            : null;
}
