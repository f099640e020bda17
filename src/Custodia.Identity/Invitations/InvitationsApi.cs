using Custodia.Identity.Administration;
using Custodia.Identity.Directories;
using Custodia.Identity.Users;
using Custodia.Kernel.Access;
using Custodia.Kernel.Http;
using Custodia.Kernel.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Custodia.Identity.Invitations;

/// <summary><c>/api/v1/directories/{name}/invitations</c>.</summary>
internal static class InvitationsApi
{
    public static void MapInvitationsApi(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/v1/directories/{name}/invitations").WithTags("Invitations");
        api.MapGet("", ListAsync).RequirePermission(Permissions.UsersRead).Produces<ListAnswer<InvitationAnswer>>()
            .Describe("listInvitations", "Invitations to a directory, newest first");
        api.MapPost("", InviteAsync).RequirePermission(Permissions.UsersWrite, "invitations.create").WhileOpen(AccountServices.Identity).Produces<InvitationAnswer>(StatusCodes.Status201Created)
            .Describe("createInvitation", "Mails somebody a link with which they join; earlier links to the address stop working", 409);
        api.MapDelete("/{id:guid}", RevokeAsync).RequirePermission(Permissions.UsersWrite, "invitations.revoke").Produces(StatusCodes.Status204NoContent)
            .Describe("revokeInvitation", "Takes an open invitation back", 409);
    }

    private static async Task<IResult> ListAsync(
        HttpContext http, string name, UserQueries queries, InvitationStore invitations, TimeProvider time, string? cursor, int? limit, CancellationToken cancellation)
    {
        if (Cursor.Read(cursor, limit, out var before) is { } invalid) return invalid;
        if (await queries.DirectoryAsync(http.Caller().Account, name, cancellation) is not { } directory) return Problem.NotFound("directory");
        var wanted = limit ?? Cursor.DefaultLimit;
        var (page, next) = Cursor.Cut(await invitations.PageAsync(directory.Id, before, wanted, cancellation), wanted, i => i.Id);
        return Results.Ok(new ListAnswer<InvitationAnswer>(await InvitationAnswer.OfAsync(page, invitations, time.GetUtcNow(), cancellation), next));
    }

    private static async Task<IResult> InviteAsync(
        HttpContext http, string name, NewInvitationRequest body, UserQueries queries, InvitationStore invitations, TimeProvider time, CancellationToken cancellation)
    {
        var findings = body.Check();
        if (findings.Any) return findings.ToProblem();
        if (await queries.DirectoryAsync(http.Caller().Account, name, cancellation) is not { } directory) return Problem.NotFound("directory");
        if (directory.IsStaff) return Problem.Conflict("staff-directory", "Members of staff are created as sub-accounts.");
        if (directory.SignUp == SignUpMode.Closed) return Problem.Conflict("closed", "Nobody joins this directory.");
        if (await invitations.InviteAsync(directory, body.Email.Trim(), body.Days, http.Caller().SubAccountUin, cancellation) is not { } invitation)
            return Problem.Conflict("taken", "Somebody of the directory has this address already.", ("field", "email"));
        var answer = await InvitationAnswer.OfAsync([invitation], invitations, time.GetUtcNow(), cancellation);
        return Results.Created($"/api/v1/directories/{name}/invitations/{invitation.Id}", answer[0]);
    }

    private static async Task<IResult> RevokeAsync(HttpContext http, string name, Guid id, UserQueries queries, InvitationStore invitations, CancellationToken cancellation)
    {
        if (await queries.DirectoryAsync(http.Caller().Account, name, cancellation) is not { } directory) return Problem.NotFound("directory");
        return await invitations.RevokeAsync(directory.Id, id, cancellation)
            ? Results.NoContent()
            : Problem.Conflict("not-open", "There is no such open invitation.");
    }
}

/// <param name="Days">Days for which the link works, 1 to 30.</param>
internal sealed record NewInvitationRequest(string Email, int Days = 7)
{
    public Findings Check()
    {
        var findings = new Findings();
        if (!ProfileRules.IsEmail(Email.Trim())) findings.Add("email", "email-shape");
        if (Days < 1 || Days > Invitation.MaxLife.Days) findings.Add("days", "range-1-30");
        return findings;
    }

    /// <summary>Never the address.</summary>
    public override string ToString() => "(invitation)";
}

/// <param name="Email">The address as a mask.</param>
/// <param name="InvitedBy">UIN of the sub-account that invited.</param>
internal sealed record InvitationAnswer(
    Guid Id, string? Email, InvitationState State, long InvitedBy, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, DateTimeOffset? UsedAt)
{
    public static async Task<List<InvitationAnswer>> OfAsync(IEnumerable<Invitation> invitations, InvitationStore store, DateTimeOffset now, CancellationToken cancellation)
    {
        List<InvitationAnswer> answers = [];
        foreach (var i in invitations)
            answers.Add(new InvitationAnswer(i.Id, await store.MaskAsync(i, cancellation), i.StateAt(now), i.InvitedBy, i.CreatedAt, i.ExpiresAt, i.UsedAt));
        return answers;
    }
}
