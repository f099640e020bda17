using System.Globalization;
using Custodia.Console;
using Custodia.Identity.Administration;
using Custodia.Identity.Directories;
using Custodia.Kernel.Access;
using Custodia.Kernel.Http;
using Custodia.Kernel.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Custodia.Identity.Invitations;

/// <summary><c>/console/directories/{name}/invitations</c>.</summary>
internal static class InvitationConsole
{
    public const string Revoked = "invitation-revoked";

    public static void MapInvitationConsole(this IEndpointRouteBuilder routes)
    {
        var pages = routes.MapGroup("/console/directories/{name}/invitations").ExcludeFromDescription();
        pages.MapGet("", ShowAsync).RequirePermission(Permissions.UsersRead);
        pages.MapPost("", InviteAsync).RequirePermission(Permissions.UsersWrite, "invitations.create").WhileOpen(AccountServices.Identity);
        pages.MapPost("/{id:guid}/revoke", RevokeAsync).RequirePermission(Permissions.UsersWrite, "invitations.revoke");
    }

    private static async Task<IResult> ShowAsync(HttpContext http, string name, string? cursor, [AsParameters] InvitationListParts parts, CancellationToken cancellation)
    {
        if (Cursor.Read(cursor, null, out var before) is { } invalid) return invalid;
        return await parts.ModelAsync(http, name, before, new FormState(), cancellation) is { } model ? View.Show<InvitationsPage>(model) : Problem.NotFound("directory");
    }

    private static async Task<IResult> InviteAsync(
        HttpContext http, string name, [FromForm] IFormCollection posted, [AsParameters] InvitationListParts parts, CancellationToken cancellation)
    {
        var form = new FormState(posted);
        if (await parts.ModelAsync(http, name, null, form, cancellation) is not { } model) return Problem.NotFound("directory");
        var request = new NewInvitationRequest(form["email"], int.TryParse(form["days"], NumberStyles.None, CultureInfo.InvariantCulture, out var days) ? days : 0);
        foreach (var (field, rule) in request.Check().All) form.Fail(field, field == "email" ? Texts.Rule(rule) : InvitationTexts.Of("Rule_" + rule));
        if (model.Directory.SignUp == SignUpMode.Closed) form.Fail(InvitationTexts.Of("Closed"));
        if (form.IsValid && await parts.Invitations.InviteAsync(model.Directory, request.Email, request.Days, http.Caller().SubAccountUin, cancellation) is null)
            form.Fail("email", Texts.Rule("taken"));
        return form.IsValid ? new SeeOther($"/console/directories/{name}/invitations?note=sent") : View.Invalid<InvitationsPage>(model);
    }

    private static async Task<IResult> RevokeAsync(
        HttpContext http, string name, Guid id, [FromForm] IFormCollection posted, UserQueries queries, InvitationStore invitations, CancellationToken cancellation)
    {
        _ = posted;
        if (await queries.DirectoryAsync(http.Caller().Account, name, cancellation) is not { } directory) return Problem.NotFound("directory");
        if (!await invitations.RevokeAsync(directory.Id, id, cancellation)) return Problem.Conflict("not-open", "There is no such open invitation.");
        return new SeeOther($"/console/directories/{name}/invitations?note={Revoked}");
    }
}

internal sealed record InvitationsModel(Directory Directory, IReadOnlyList<InvitationAnswer> Invitations, string? Older, FormState Form, bool MayWrite);

/// <summary>What the page is made from.</summary>
internal readonly record struct InvitationListParts(UserQueries Queries, InvitationStore Invitations, TimeProvider Time)
{
    private const int PageSize = 50;

    public async Task<InvitationsModel?> ModelAsync(HttpContext http, string name, Guid? before, FormState form, CancellationToken cancellation)
    {
        if (await Queries.DirectoryAsync(http.Caller().Account, name, cancellation) is not { IsStaff: false } directory) return null;
        var (page, next) = Cursor.Cut(await Invitations.PageAsync(directory.Id, before, PageSize, cancellation), PageSize, i => i.Id);
        return new InvitationsModel(
            directory,
            await InvitationAnswer.OfAsync(page, Invitations, Time.GetUtcNow(), cancellation),
            next is null ? null : $"/console/directories/{name}/invitations?cursor={next}",
            form,
            http.Caller().Can(Permissions.UsersWrite));
    }
}
