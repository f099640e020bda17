using Custodia.Identity.Users;
using Custodia.Kernel.Access;
using Custodia.Kernel.Http;
using Custodia.Kernel.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Custodia.Identity.Administration;

/// <summary><c>/api/v1/sub-accounts</c>: members of staff and their roles.</summary>
internal static class SubAccountsApi
{
    public static void MapSubAccountsApi(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/v1/sub-accounts").WithTags("Sub-accounts");
        api.MapGet("", ListAsync).RequirePermission(Permissions.SubAccountsRead).Produces<ListAnswer<SubAccountAnswer>>()
            .Describe("listSubAccounts", "Members of staff, newest first");
        api.MapPost("", CreateAsync).RequirePermission(Permissions.SubAccountsWrite, "sub-accounts.create").WhileOpen(AccountServices.Identity).Produces<SubAccountAnswer>(StatusCodes.Status201Created)
            .Describe("createSubAccount", "Creates a member of staff", 409);
        api.MapGet("/{uin:long}", GetAsync).RequirePermission(Permissions.SubAccountsRead).Produces<SubAccountAnswer>()
            .Describe("getSubAccount", "A member of staff");
        api.MapPatch("/{uin:long}", SetRolesAsync).RequirePermission(Permissions.SubAccountsWrite, "sub-accounts.roles").Produces<SubAccountAnswer>()
            .Describe("setSubAccountRoles", "Replaces the roles of a member of staff", 409);
        api.MapDelete("/{uin:long}", DeleteAsync).RequirePermission(Permissions.SubAccountsWrite, "sub-accounts.delete").Produces<DeletionAnswer>(StatusCodes.Status202Accepted)
            .Describe("deleteSubAccount", "Asks for the deletion of a member of staff", 409);
    }

    private static async Task<IResult> ListAsync(HttpContext http, SubAccountQueries members, string? cursor, int? limit, CancellationToken cancellation)
    {
        if (Cursor.Read(cursor, limit, out var before) is { } invalid) return invalid;
        var wanted = limit ?? Cursor.DefaultLimit;
        var (page, next) = Cursor.Cut(await members.PageAsync(http.Caller().Account, before, wanted, cancellation), wanted, m => m.User.Id);
        List<SubAccountAnswer> answers = [];
        foreach (var found in page) answers.Add(await members.AnswerAsync(found, cancellation));
        return Results.Ok(new ListAnswer<SubAccountAnswer>(answers, next));
    }

    private static async Task<IResult> GetAsync(HttpContext http, long uin, SubAccountQueries members, CancellationToken cancellation) =>
        await members.FindAsync(http.Caller().Account, uin, cancellation) is { } found
            ? Results.Ok(await members.AnswerAsync(found, cancellation))
            : Problem.NotFound("sub-account");

    private static async Task<IResult> CreateAsync(
        HttpContext http, NewSubAccountRequest body, SubAccountChanges changes, SubAccountQueries members, CancellationToken cancellation)
    {
        var findings = changes.Check(http.Caller(), body);
        if (findings.Any) return findings.ToProblem();
        var (outcome, member) = await changes.CreateAsync(http.Caller().Account, body, cancellation);
        if (outcome is RegistrationOutcome.Taken taken)
            return Problem.Conflict("taken", "Somebody of the directory has this value already.", ("field", Findings.ApiName(taken.Field.Name)));
        var found = (await members.FindAsync(http.Caller().Account, member!.Uin, cancellation))!;
        return Results.Created($"/api/v1/sub-accounts/{member.Uin}", await members.AnswerAsync(found, cancellation));
    }

    private static async Task<IResult> SetRolesAsync(
        HttpContext http, long uin, RolesRequest body, SubAccountChanges changes, SubAccountQueries members, CancellationToken cancellation)
    {
        var findings = changes.CheckRoles(http.Caller(), body.Roles);
        if (findings.Any) return findings.ToProblem();
        return await changes.SetRolesAsync(http.Caller(), uin, body.Roles, cancellation) switch
        {
            MemberOutcome.Done => await GetAsync(http, uin, members, cancellation),
            var other => Answer(other),
        };
    }

    private static async Task<IResult> DeleteAsync(HttpContext http, long uin, SubAccountChanges changes, CancellationToken cancellation) =>
        await changes.DeleteAsync(http.Caller(), uin, "api", cancellation) switch
        {
            MemberOutcome.Deleting { Request: var r } => Results.Accepted(value: new DeletionAnswer(r.Id, r.State.ToString(), r.RequestedAt, r.ExecuteAfter, r.DueAt)),
            var other => Answer(other),
        };

    private static IResult Answer(MemberOutcome outcome) => outcome switch
    {
        MemberOutcome.LastOwner => Problem.Conflict("last-owner", "The account keeps at least one owner."),
        MemberOutcome.Yourself => Problem.Conflict("yourself", "Nobody deletes themselves here."),
        MemberOutcome.TooHigh => StaffRankFilter.TooHigh(),
        _ => Problem.NotFound("sub-account"),
    };
}

/// <summary>A member of staff as the API shows them: personal values as masks.</summary>
internal sealed record SubAccountAnswer(
    long Uin, Guid UserId, IReadOnlyList<string> Roles, string Status, DateTimeOffset CreatedAt, DateTimeOffset? LastSignInAt, MaskedProfile Masked);

/// <param name="Roles">At least one; nobody gives away more than they may do themselves.</param>
internal sealed record NewSubAccountRequest(string UserName, string Password, IReadOnlyList<string> Roles, string? Email = null, string? DisplayName = null)
{
    /// <summary>Never the content.</summary>
    public override string ToString() => "(new sub-account)";
}

internal sealed record RolesRequest(IReadOnlyList<string> Roles);
