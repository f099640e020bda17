using System.Globalization;
using Custodia.Console;
using Custodia.Identity.Directories;
using Custodia.Kernel.Access;
using Custodia.Kernel.Hosting;
using Custodia.Kernel.Http;
using Custodia.Kernel.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace Custodia.Identity.Administration;

/// <summary><c>/console/directories</c>.</summary>
internal static class DirectoryConsolePages
{
    private const string Home = "/console/directories";

    public static void MapDirectoryPages(this IEndpointRouteBuilder routes)
    {
        var pages = routes.MapGroup(Home).ExcludeFromDescription();
        pages.MapGet("", ListAsync).RequirePermission(Permissions.DirectoriesRead);
        pages.MapGet("/new", () => View.Show<DirectoryPage>(new DirectoryModel(null, new FormState(), true))).RequirePermission(Permissions.DirectoriesWrite);
        pages.MapPost("/new", CreateAsync).RequirePermission(Permissions.DirectoriesWrite, "directories.create").WhileOpen(AccountServices.Identity);
        pages.MapGet("/{name}", ShowAsync).RequirePermission(Permissions.DirectoriesRead);
        pages.MapPost("/{name}", SaveAsync).RequirePermission(Permissions.DirectoriesWrite, "directories.update");
    }

    private static async Task<IResult> ListAsync(HttpContext http, UserQueries queries, IOptions<CustodiaOptions> options, CancellationToken cancellation)
    {
        var all = await queries.DirectoriesAsync(http.Caller().Account, cancellation);
        return View.Show<DirectoriesPage>(new DirectoriesModel(
            [.. all.Select(d => DirectoryAnswer.Of(d, options.Value.PublicUrl))], http.Caller().Can(Permissions.DirectoriesWrite)));
    }

    private static async Task<IResult> ShowAsync(HttpContext http, string name, UserQueries queries, IOptions<CustodiaOptions> options, CancellationToken cancellation)
    {
        if (await queries.DirectoryAsync(http.Caller().Account, name, cancellation) is not { } directory) return Problem.NotFound("directory");
        var answer = DirectoryAnswer.Of(directory, options.Value.PublicUrl);
        return View.Show<DirectoryPage>(new DirectoryModel(answer, FormOf(answer), http.Caller().Can(Permissions.DirectoriesWrite)));
    }

    private static async Task<IResult> CreateAsync(HttpContext http, [FromForm] IFormCollection posted, DirectorySettings settings, CancellationToken cancellation)
    {
        var form = new FormState(posted);
        var request = Read(form, form["name"]);
        if (form.IsValid && await settings.CreateAsync(http.Caller().Account, request, cancellation) is null) form.Fail("name", Texts.Rule("taken"));
        return form.IsValid ? new SeeOther($"{Home}/{request.Name}?note=created") : View.Invalid<DirectoryPage>(new DirectoryModel(null, form, true));
    }

    private static async Task<IResult> SaveAsync(
        HttpContext http, string name, [FromForm] IFormCollection posted, DirectorySettings settings, UserQueries queries, IOptions<CustodiaOptions> options, CancellationToken cancellation)
    {
        if (await queries.DirectoryAsync(http.Caller().Account, name, cancellation) is not { } directory) return Problem.NotFound("directory");
        var form = new FormState(posted);
        var request = Read(form, name);
        if (!form.IsValid) return View.Invalid<DirectoryPage>(new DirectoryModel(DirectoryAnswer.Of(directory, options.Value.PublicUrl), form, true));
        await settings.UpdateAsync(http.Caller().Account, name, request, cancellation);
        return new SeeOther($"{Home}/{name}?note=saved");
    }

    private static NewDirectoryRequest Read(FormState form, string name)
    {
        var request = new NewDirectoryRequest(name)
        {
            Title = form["title"],
            TitleZh = form["title-zh"],
            SignUp = Enum.TryParse<SignUpMode>(form["sign-up"], out var mode) ? mode : null,
            MandatoryFields = form.All("mandatory-fields"),
            GraceDays = Number(form, "grace-days"),
            DormantDays = Number(form, "dormant-days"),
            UserLimit = Number(form, "user-limit"),
        };
        foreach (var (field, rule) in DirectoryRules.Check(request).All) form.Fail(FormName(field), Texts.Rule(rule));
        return request;
    }

    private static int? Number(FormState form, string field)
    {
        if (form[field].Length == 0) return 0;
        if (int.TryParse(form[field], NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return number;
        form.Fail(field, Texts.Rule("positive"));
        return null;
    }

    private static FormState FormOf(DirectoryAnswer directory) => new(
    [
        new("title", directory.Title),
        new("title-zh", directory.TitleZh),
        new("sign-up", directory.SignUp.ToString()),
        new("grace-days", directory.GraceDays.ToString(CultureInfo.InvariantCulture)),
        new("dormant-days", directory.DormantDays?.ToString(CultureInfo.InvariantCulture)),
        new("user-limit", directory.UserLimit?.ToString(CultureInfo.InvariantCulture)),
    ]);

    private static string FormName(string apiName) =>
        string.Concat(apiName.Select(c => char.IsUpper(c) ? "-" + char.ToLowerInvariant(c) : c.ToString()));
}
