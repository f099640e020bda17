using Custodia.Console;
using Custodia.Identity.Administration;
using Custodia.Kernel.Access;
using Custodia.Kernel.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Directory = Custodia.Identity.Directories.Directory;

namespace Custodia.Identity.Templates;

/// <summary><c>/console/directories/{name}/templates</c>: the messages of a directory, and an editor with a preview that follows what is typed.</summary>
internal static class TemplatePages
{
    // A page of its own, so that the mail's styles apply; it can run, fetch and leave nothing, images excepted.
    private const string FramePolicy =
        "default-src 'none'; style-src 'unsafe-inline'; img-src https:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox";

    public static void MapTemplatePages(this IEndpointRouteBuilder routes)
    {
        var pages = routes.MapGroup("/console/directories/{name}/templates").ExcludeFromDescription();
        pages.MapGet("", ListAsync).RequirePermission(Permissions.DirectoriesRead);
        pages.MapPost("", SaveDefaultAsync).RequirePermission(Permissions.DirectoriesWrite, TemplatesApi.Area);
        pages.MapGet("/{id}", OtherLanguageAsync).RequirePermission(Permissions.DirectoriesRead);
        var one = pages.MapGroup("/{id}/{language}");
        one.MapGet("", ShowAsync).RequirePermission(Permissions.DirectoriesRead);
        one.MapPost("", SaveAsync).RequirePermission(Permissions.DirectoriesWrite, TemplatesApi.Area);
        one.MapPost("/reset", ResetAsync).RequirePermission(Permissions.DirectoriesWrite, TemplatesApi.Area);
        one.MapPost("/preview", PreviewAsync).RequirePermission(Permissions.DirectoriesRead);
        one.MapPost("/preview/html", FrameAsync).RequirePermission(Permissions.DirectoriesRead);
        one.MapPost("/test", TestAsync).RequirePermission(Permissions.DirectoriesWrite, TemplatesApi.TestArea);
    }

    private static async Task<IResult> ListAsync(HttpContext http, string name, UserQueries queries, MessageTemplates templates, CancellationToken cancellation)
    {
        if (await queries.DirectoryAsync(http.Caller().Account, name, cancellation) is not { } directory) return Problem.NotFound("directory");
        return View.Show<TemplateListPage>(await ListModelAsync(http, directory, templates, null, cancellation));
    }

    private static async Task<IResult> SaveDefaultAsync(
        HttpContext http, string name, [FromForm] IFormCollection posted, UserQueries queries, MessageTemplates templates, TemplateChanges changes, CancellationToken cancellation)
    {
        if (await queries.DirectoryAsync(http.Caller().Account, name, cancellation) is not { } directory) return Problem.NotFound("directory");
        var form = new FormState(posted);
        string? language = null;
        if (form["default-language"].Length > 0 && !LanguageTag.TryRead(form["default-language"], out language)) form.Fail("default-language", TemplateTexts.Of("Rule_language-tag"));
        if (!form.IsValid) return View.Invalid<TemplateListPage>(await ListModelAsync(http, directory, templates, form, cancellation));
        await changes.SetDefaultAsync(directory, language, cancellation);
        return new SeeOther($"/console/directories/{directory.Name}/templates?note=saved");
    }

    // Where the form for a further language leads.
    private static async Task<IResult> OtherLanguageAsync(HttpContext http, string name, string id, string? language, UserQueries queries, CancellationToken cancellation)
    {
        if (await queries.DirectoryAsync(http.Caller().Account, name, cancellation) is not { } directory) return Problem.NotFound("directory");
        if (MessageCatalogue.Find(id) is not { } kind || !kind.IsFor(directory)) return Problem.NotFound("message");
        return LanguageTag.TryRead(language?.Trim() ?? LanguageChoice.Supported[0], out var tag)
            ? new SeeOther($"/console/directories/{directory.Name}/templates/{kind.Id}/{tag}")
            : Problem.Invalid(("language", TemplateTexts.Of("Rule_language-tag")));
    }

    private static async Task<IResult> ShowAsync(HttpContext http, [AsParameters] TemplateRoute route, CancellationToken cancellation)
    {
        var (target, refusal) = await route.FindAsync(http, cancellation);
        if (target is null) return refusal;
        SecurityHeaders.AllowFrames(http);
        return View.Show<TemplatePage>(TemplateModel.Stored(target, MayWrite(http)));
    }

    private static async Task<IResult> SaveAsync(
        HttpContext http, [AsParameters] TemplateRoute route, [FromForm] IFormCollection posted, TemplateChanges changes, CancellationToken cancellation)
    {
        var (target, refusal) = await route.FindAsync(http, cancellation);
        if (target is null) return refusal;
        var model = TemplateModel.Typed(target, new FormState(posted), MayWrite(http));
        if (model.Form.IsValid && !await changes.PutAsync(target.Directory, target.Kind, target.Language, model.Template.Draft, cancellation)) model.Form.Fail(TemplateTexts.Of("TooMany"));
        if (model.Form.IsValid) return new SeeOther($"{model.Address}?note=saved");
        SecurityHeaders.AllowFrames(http);
        return View.Invalid<TemplatePage>(model);
    }

    private static async Task<IResult> ResetAsync(
        HttpContext http, [AsParameters] TemplateRoute route, [FromForm] IFormCollection posted, TemplateChanges changes, CancellationToken cancellation)
    {
        _ = posted;
        var (target, refusal) = await route.FindAsync(http, cancellation);
        if (target is null) return refusal;
        await changes.DeleteAsync(target.Directory, target.Kind, target.Language, cancellation);
        return new SeeOther($"/console/directories/{target.Directory.Name}/templates/{target.Kind.Id}/{target.Language}?note=template-reset");
    }

    // The whole page again, so that it works without scripts; with them only the preview is taken from it.
    private static async Task<IResult> PreviewAsync(HttpContext http, [AsParameters] TemplateRoute route, [FromForm] IFormCollection posted, CancellationToken cancellation)
    {
        var (target, refusal) = await route.FindAsync(http, cancellation);
        if (target is null) return refusal;
        SecurityHeaders.AllowFrames(http);
        return View.Show<TemplatePage>(TemplateModel.Typed(target, new FormState(posted), MayWrite(http)));
    }

    private static async Task<IResult> FrameAsync(HttpContext http, [AsParameters] TemplateRoute route, [FromForm] IFormCollection posted, CancellationToken cancellation)
    {
        var (target, refusal) = await route.FindAsync(http, cancellation);
        if (target is null) return refusal;
        http.Response.Headers.ContentSecurityPolicy = FramePolicy;
        var model = TemplateModel.Typed(target, new FormState(posted), MayWrite(http));
        return Results.Content(model.Form.IsValid ? model.Shown?.Html ?? "" : "", "text/html; charset=utf-8");
    }

    private static async Task<IResult> TestAsync(
        HttpContext http, [AsParameters] TemplateRoute route, [FromForm] IFormCollection posted, TestMessages tests, CancellationToken cancellation)
    {
        var (target, refusal) = await route.FindAsync(http, cancellation);
        if (target is null) return refusal;
        SecurityHeaders.AllowFrames(http);
        var model = TemplateModel.Typed(target, new FormState(posted), MayWrite(http));
        if (!model.Form.IsValid) return View.Invalid<TemplatePage>(model);
        switch (await tests.SendAsync(http, target.Directory, model.Template, cancellation))
        {
            case TestOutcome.Sent sent:
                return View.Show<TemplatePage>(model with { TestSentTo = sent.To });
            case TestOutcome.Throttled:
                model.Form.Fail(TemplateTexts.Of("TestThrottled"));
                break;
            default:
                model.Form.Fail(TemplateTexts.Of(target.Kind.IsSms ? "TestNoNumber" : "TestNoAddress"));
                break;
        }

        return View.Invalid<TemplatePage>(model);
    }

    private static async Task<TemplateListModel> ListModelAsync(HttpContext http, Directory directory, MessageTemplates templates, FormState? form, CancellationToken cancellation)
    {
        var own = await templates.OfAsync(directory.Id, cancellation);
        return new TemplateListModel(directory, own, form ?? new FormState([new("default-language", own.DefaultLanguage)]), MayWrite(http));
    }

    private static bool MayWrite(HttpContext http) => http.Caller().Can(Permissions.DirectoriesWrite);
}
