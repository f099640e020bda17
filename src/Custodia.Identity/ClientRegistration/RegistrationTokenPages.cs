using System.Globalization;
using Custodia.Console;
using Custodia.Identity.Applications;
using Custodia.Identity.Protocol;
using Custodia.Kernel.Access;
using Custodia.Kernel.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Directory = Custodia.Identity.Directories.Directory;

namespace Custodia.Identity.ClientRegistration;

/// <summary><c>/console/directories/{name}/client-registration</c>.</summary>
internal static class RegistrationTokenPages
{
    public const string Section = "client-registration";

    private const string Home = "/console/directories/{name}/" + Section;
    private const int PageSize = 50;

    public static void MapRegistrationTokenPages(this IEndpointRouteBuilder routes)
    {
        var pages = routes.MapGroup(Home).ExcludeFromDescription();
        pages.MapGet("", ShowAsync).RequirePermission(ApplicationsApi.Read);
        pages.MapPost("", CreateAsync).RequirePermission(ApplicationsApi.Write, ApplicationsApi.Area);
        pages.MapPost("/{id:guid}/delete", DeleteAsync).RequirePermission(ApplicationsApi.Write, ApplicationsApi.Area);
    }

    public static string PathOf(string directory) => $"/console/directories/{directory}/{Section}";

    private static async Task<IResult> ShowAsync(
        HttpContext http, string name, ApplicationQueries queries, RegistrationTokens tokens, string? cursor, CancellationToken cancellation)
    {
        if (await queries.DirectoryAsync(http.Caller().Account, name, cancellation) is not { } directory) return Problem.NotFound("directory");
        Guid? before = Guid.TryParseExact(cursor, "N", out var id) ? id : null;
        return View.Show<RegistrationTokensPage>(await ModelAsync(http, directory, tokens, before, new FormState(), cancellation));
    }

    // Not a redirect: the answer to this post is the only page that ever shows the token.
    private static async Task<IResult> CreateAsync(
        HttpContext http, string name, [FromForm] IFormCollection posted, ApplicationQueries queries, RegistrationTokens tokens, CancellationToken cancellation)
    {
        if (await queries.DirectoryAsync(http.Caller().Account, name, cancellation) is not { } directory) return Problem.NotFound("directory");
        var form = new FormState(posted);
        var wanted = new NewRegistrationToken(form["name"], Number(form, "expiresInHours"), Number(form, "maxUses"));
        foreach (var (field, rule) in RegistrationTokens.Check(wanted)) form.Fail(field, ProtocolTexts.Of("FieldRule", rule));
        if (!form.IsValid) return View.Invalid<RegistrationTokensPage>(await ModelAsync(http, directory, tokens, null, form, cancellation));
        var (_, text) = await tokens.AddAsync(directory, wanted, http.Caller().SubAccountUin, cancellation);
        ProtocolAnswers.NoStore(http);
        return View.Show<RegistrationTokensPage>(await ModelAsync(http, directory, tokens, null, new FormState(), cancellation) with { Token = text });
    }

    private static async Task<IResult> DeleteAsync(
        HttpContext http, string name, Guid id, [FromForm] IFormCollection posted, ApplicationQueries queries, RegistrationTokens tokens, CancellationToken cancellation)
    {
        _ = posted;
        return await queries.DirectoryAsync(http.Caller().Account, name, cancellation) is { } directory && await tokens.RemoveAsync(directory.Id, id, cancellation)
            ? new SeeOther($"{PathOf(name)}?note=deleted")
            : Problem.NotFound("registration-token");
    }

    private static async Task<RegistrationTokensModel> ModelAsync(
        HttpContext http, Directory directory, RegistrationTokens tokens, Guid? before, FormState form, CancellationToken cancellation)
    {
        var (items, next) = await tokens.ListAsync(directory.Id, before, PageSize, cancellation);
        return new RegistrationTokensModel(
            directory.Name,
            directory.IsStaff,
            [.. items.Select(RegistrationTokenView.Of)],
            next is { } more ? $"{PathOf(directory.Name)}?cursor={more:N}" : null,
            form,
            http.Caller().Can(ApplicationsApi.Write));
    }

    // What is no number fails by its range.
    private static int? Number(FormState form, string name) =>
        form[name].Length == 0 ? null : int.TryParse(form[name], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;
}

/// <param name="Directory">Its name.</param>
internal sealed record RegistrationTokensModel(
    string Directory, bool Staff, IReadOnlyList<RegistrationTokenView> Items, string? Older, FormState Form, bool MayWrite)
{
    /// <summary>The token that was made just now: shown on this page and never again.</summary>
    public string? Token { get; init; }

    /// <summary>Never the token.</summary>
    public override string ToString() => "(registration tokens)";
}
