using System.Globalization;
using Custodia.Console;
using Custodia.Identity.Administration;
using Custodia.Kernel.Access;
using Custodia.Kernel.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Directory = Custodia.Identity.Directories.Directory;

namespace Custodia.Identity.Templates;

/// <summary><c>/api/v1/directories/{name}/templates</c>.</summary>
internal static class TemplatesApi
{
    public const string Area = "directories.templates";
    public const string TestArea = "directories.templates.test";

    public static void MapTemplatesApi(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/v1/directories/{name}/templates").WithTags("Directories");
        api.MapGet("", ListAsync).RequirePermission(Permissions.DirectoriesRead).Produces<TemplatesAnswer>()
            .Describe("listTemplates", "The mails and SMS of a directory, what they can name and which of them it has written itself");
        api.MapPatch("", SetDefaultAsync).RequirePermission(Permissions.DirectoriesWrite, Area).Produces<TemplatesAnswer>()
            .Describe("updateTemplateSettings", "Sets the language of people in whose language there is no template; empty for none");
        var one = api.MapGroup("/{id}/{language}");
        one.MapGet("", GetAsync).RequirePermission(Permissions.DirectoriesRead).Produces<TemplateAnswer>()
            .Describe("getTemplate", "What people get who read this language");
        one.MapPut("", PutAsync).RequirePermission(Permissions.DirectoriesWrite, Area).Produces<TemplateAnswer>()
            .Describe("putTemplate", "Writes a template of the directory's own", 409);
        one.MapDelete("", DeleteAsync).RequirePermission(Permissions.DirectoriesWrite, Area).Produces(StatusCodes.Status204NoContent)
            .Describe("deleteTemplate", "Goes back to the built-in text");
        one.MapPost("/preview", PreviewAsync).RequirePermission(Permissions.DirectoriesRead).Produces<PreviewAnswer>()
            .Describe("previewTemplate", "A template with sample values; what is left out comes from the one in force. Nothing is stored or sent");
        one.MapPost("/test", TestAsync).RequirePermission(Permissions.DirectoriesWrite, TestArea).Produces<TestAnswer>()
            .Describe("testTemplate", "Sends it with sample values to the caller's own verified address or number", 409, 429);
    }

    private static async Task<IResult> ListAsync(HttpContext http, string name, UserQueries queries, MessageTemplates templates, CancellationToken cancellation) =>
        await queries.DirectoryAsync(http.Caller().Account, name, cancellation) is { } directory
            ? Results.Ok(await AnswerAsync(directory, templates, cancellation))
            : Problem.NotFound("directory");

    private static async Task<IResult> SetDefaultAsync(
        HttpContext http, string name, TemplateSettingsRequest body, UserQueries queries, MessageTemplates templates, TemplateChanges changes, CancellationToken cancellation)
    {
        if (await queries.DirectoryAsync(http.Caller().Account, name, cancellation) is not { } directory) return Problem.NotFound("directory");
        string? language = null;
        if (!string.IsNullOrWhiteSpace(body.DefaultLanguage) && !LanguageTag.TryRead(body.DefaultLanguage.Trim(), out language)) return Problem.Invalid(("defaultLanguage", "language-tag"));
        if (body.DefaultLanguage is not null) await changes.SetDefaultAsync(directory, language, cancellation);
        return Results.Ok(await AnswerAsync(directory, templates, cancellation));
    }

    private static async Task<IResult> GetAsync(HttpContext http, [AsParameters] TemplateRoute route, CancellationToken cancellation)
    {
        var (target, refusal) = await route.FindAsync(http, cancellation);
        return target is null ? refusal : Results.Ok(TemplateAnswer.Of(target.InForce, target.Language));
    }

    private static async Task<IResult> PutAsync(
        HttpContext http, [AsParameters] TemplateRoute route, TemplateRequest body, TemplateChanges changes, CancellationToken cancellation)
    {
        var (target, refusal) = await route.FindAsync(http, cancellation);
        if (target is null) return refusal;
        var draft = body.ToDraft();
        var findings = TemplateRules.Check(target.Kind, draft, target.Directory);
        if (findings.Count > 0) return Invalid(findings);
        if (!await changes.PutAsync(target.Directory, target.Kind, target.Language, draft, cancellation)) return TooMany();
        (target, refusal) = await route.FindAsync(http, cancellation);
        return target is null ? refusal : Results.Ok(TemplateAnswer.Of(target.InForce, target.Language));
    }

    private static async Task<IResult> DeleteAsync(HttpContext http, [AsParameters] TemplateRoute route, TemplateChanges changes, CancellationToken cancellation)
    {
        var (target, refusal) = await route.FindAsync(http, cancellation);
        if (target is null) return refusal;
        return await changes.DeleteAsync(target.Directory, target.Kind, target.Language, cancellation) ? Results.NoContent() : Problem.NotFound("template");
    }

    private static async Task<IResult> PreviewAsync(HttpContext http, [AsParameters] TemplateRoute route, TemplateRequest body, CancellationToken cancellation)
    {
        var (target, refusal) = await route.FindAsync(http, cancellation);
        if (target is null) return refusal;
        var template = target.With(body);
        var findings = TemplateRules.Check(target.Kind, template.Draft, target.Directory);
        return findings.Count > 0
            ? Invalid(findings)
            : Results.Ok(PreviewAnswer.Of(target.Kind, RenderedMessage.Of(template, target.Directory, MessageSamples.Of)));
    }

    private static async Task<IResult> TestAsync(
        HttpContext http, [AsParameters] TemplateRoute route, TemplateRequest body, TestMessages tests, CancellationToken cancellation)
    {
        var (target, refusal) = await route.FindAsync(http, cancellation);
        if (target is null) return refusal;
        var template = target.With(body);
        var findings = TemplateRules.Check(target.Kind, template.Draft, target.Directory);
        if (findings.Count > 0) return Invalid(findings);
        switch (await tests.SendAsync(http, target.Directory, template, cancellation))
        {
            case TestOutcome.Sent sent:
                return Results.Ok(new TestAnswer(sent.To));
            case TestOutcome.Throttled throttled:
                http.Response.Headers.RetryAfter = Math.Ceiling(throttled.Wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
                return Problem.Of(StatusCodes.Status429TooManyRequests, "throttled", "Too many messages; see Retry-After.");
            default:
                return Problem.Conflict("no-address", "Tests go to the caller's own verified address or number, and there is none.");
        }
    }

    private static async Task<TemplatesAnswer> AnswerAsync(Directory directory, MessageTemplates templates, CancellationToken cancellation)
    {
        var own = await templates.OfAsync(directory.Id, cancellation);
        return new TemplatesAnswer(own.DefaultLanguage, [.. MessageCatalogue.All.Where(k => k.IsFor(directory)).Select(k => new MessageAnswer(
            k.Id, k.IsSms ? "sms" : "mail", k.Required, k.Offered, LanguageChoice.Supported, own.LanguagesOf(k)))]);
    }

    private static IResult Invalid(IEnumerable<TemplateFinding> findings) => Problem.Invalid([.. findings.Select(f => (f.Field, f.Text))]);

    private static IResult TooMany() => Problem.Conflict("too-many", "The directory has as many templates as it can have.");
}
