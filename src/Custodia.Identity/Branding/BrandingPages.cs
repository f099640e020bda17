using System.IO;
using Custodia.Console;
using Custodia.Identity.Administration;
using Custodia.Kernel.Access;
using Custodia.Kernel.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Directory = Custodia.Identity.Directories.Directory;

namespace Custodia.Identity.Branding;

/// <summary><c>/console/directories/{name}/branding</c>: the look, with a preview that follows what is typed.</summary>
internal static class BrandingPages
{
    private const int MaxUpload = 48 * 1024;

    private static readonly string[] Images = ["image/png", "image/jpeg", "image/gif", "image/webp", "image/svg+xml"];

    public static void MapBrandingPages(this IEndpointRouteBuilder routes)
    {
        var pages = routes.MapGroup("/console/directories/{name}/branding").ExcludeFromDescription();
        pages.MapGet("", ShowAsync).RequirePermission(Permissions.DirectoriesRead);
        pages.MapPost("", SaveAsync).RequirePermission(Permissions.DirectoriesWrite, BrandingApi.Area);
        pages.MapPost("/preview", PreviewAsync).RequirePermission(Permissions.DirectoriesWrite);
    }

    private static async Task<IResult> ShowAsync(HttpContext http, string name, UserQueries queries, Brandings brandings, CancellationToken cancellation)
    {
        if (await queries.DirectoryAsync(http.Caller().Account, name, cancellation) is not { } directory) return Problem.NotFound("directory");
        var branding = await brandings.FindAsync(directory.Id, cancellation);
        return View.Show<BrandingPage>(new BrandingModel(directory, FormOf(BrandingSettings.Of(branding)), branding, http.Caller().Can(Permissions.DirectoriesWrite)));
    }

    private static async Task<IResult> SaveAsync(
        HttpContext http, string name, [FromForm] IFormCollection posted, UserQueries queries, Brandings brandings, BrandingChanges changes, CancellationToken cancellation)
    {
        if (await queries.DirectoryAsync(http.Caller().Account, name, cancellation) is not { } directory) return Problem.NotFound("directory");
        var form = new FormState(posted);
        var settings = await ReadAsync(form, posted, cancellation);
        if (form.IsValid && await changes.ApplyAsync(directory, settings, cancellation) is BrandingOutcome.Invalid invalid)
        {
            foreach (var (field, rule) in invalid.Findings.All) form.Fail(field, BrandingTexts.Rule(rule));
        }

        return form.IsValid
            ? new SeeOther($"/console/directories/{name}/branding?note=saved")
            : View.Invalid<BrandingPage>(new BrandingModel(directory, form, Drafted(directory, await brandings.FindAsync(directory.Id, cancellation), new BrandingSettings()), MayWrite: true));
    }

    // The whole page again, so that it works without scripts; with them only the preview is taken from it.
    private static async Task<IResult> PreviewAsync(
        HttpContext http, string name, [FromForm] IFormCollection posted, UserQueries queries, Brandings brandings, CancellationToken cancellation)
    {
        if (await queries.DirectoryAsync(http.Caller().Account, name, cancellation) is not { } directory) return Problem.NotFound("directory");
        var form = new FormState(posted);
        var settings = await ReadAsync(form, posted, cancellation);
        var findings = BrandingRules.Check(settings);
        foreach (var (field, rule) in findings.All) form.Fail(field, BrandingTexts.Rule(rule));
        var stored = await brandings.FindAsync(directory.Id, cancellation);
        // Half a colour while it is typed shows the look of before.
        return View.Show<BrandingPage>(new BrandingModel(directory, form, findings.Any ? stored : Drafted(directory, stored, settings), MayWrite: true));
    }

    private static DirectoryBranding Drafted(Directory directory, DirectoryBranding? stored, BrandingSettings settings)
    {
        var draft = new DirectoryBranding { Account = directory.Account, DirectoryId = directory.Id };
        BrandingSettings.Of(stored).ApplyTo(draft);
        settings.ApplyTo(draft);
        return draft;
    }

    private static async Task<BrandingSettings> ReadAsync(FormState form, IFormCollection posted, CancellationToken cancellation) => new(
        form["colour"],
        form.Ticked("noLogo") ? "" : await LogoAsync(form, posted.Files.GetFile("logo"), cancellation),
        form["lead"],
        form["leadZh"],
        form["supportAddress"],
        form["termsAddress"],
        form["privacyAddress"],
        form["customDomain"]);

    /// <summary>An uploaded image as a data: address; null leaves the logo as it is.</summary>
    private static async Task<string?> LogoAsync(FormState form, IFormFile? file, CancellationToken cancellation)
    {
        if (file is null or { Length: 0 }) return null;
        if (file.Length > MaxUpload || !Images.Contains(file.ContentType, StringComparer.Ordinal))
        {
            form.Fail("logo", BrandingTexts.Rule("logo"));
            return null;
        }

        using var kept = new MemoryStream((int)file.Length);
        await file.CopyToAsync(kept, cancellation);
        return $"data:{file.ContentType};base64,{Convert.ToBase64String(kept.GetBuffer(), 0, (int)kept.Length)}";
    }

    private static FormState FormOf(BrandingSettings settings) => new(
    [
        new("colour", settings.Colour),
        new("lead", settings.Lead),
        new("leadZh", settings.LeadZh),
        new("supportAddress", settings.SupportAddress),
        new("termsAddress", settings.TermsAddress),
        new("privacyAddress", settings.PrivacyAddress),
        new("customDomain", settings.CustomDomain),
    ]);
}

/// <param name="Shown">The look that the preview shows.</param>
internal sealed record BrandingModel(Directory Directory, FormState Form, DirectoryBranding? Shown, bool MayWrite)
{
    public string Home => $"/console/directories/{Directory.Name}/branding";
}
