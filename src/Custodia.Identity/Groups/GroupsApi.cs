using Custodia.Identity.Administration;
using Custodia.Kernel.Access;
using Custodia.Kernel.Http;
using Custodia.Kernel.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Custodia.Identity.Groups;

/// <summary><c>/api/v1/groups</c>.</summary>
internal static class GroupsApi
{
    public static void MapGroupsApi(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/v1/groups").WithTags("Groups");
        api.MapGet("", ListAsync).RequirePermission(Permissions.UsersRead).Produces<ListAnswer<GroupAnswer>>()
            .Describe("listUserGroups", "Groups of a directory whose names hold q, newest first");
        api.MapPost("", CreateAsync).RequirePermission(Permissions.UsersWrite, "groups.create").WhileOpen(AccountServices.Identity).Produces<GroupAnswer>(StatusCodes.Status201Created)
            .Describe("createUserGroup", "Creates a group", 404, 409);
        api.MapGet("/{id:guid}", GetAsync).RequirePermission(Permissions.UsersRead).Produces<GroupAnswer>()
            .Describe("getUserGroup", "A group");
        api.MapPut("/{id:guid}", ChangeAsync).RequirePermission(Permissions.UsersWrite, "groups.update").Produces<GroupAnswer>()
            .Describe("changeUserGroup", "Replaces name and description of a group", 409);
        api.MapDelete("/{id:guid}", DeleteAsync).RequirePermission(Permissions.UsersWrite, "groups.delete").Produces(StatusCodes.Status204NoContent)
            .Describe("deleteUserGroup", "Deletes a group; its members stay users");
        api.MapGet("/{id:guid}/members", MembersAsync).RequirePermission(Permissions.UsersRead).Produces<ListAnswer<UserAnswer>>()
            .Describe("listUserGroupMembers", "Members of a group, with masks for personal values");
        api.MapPost("/{id:guid}/members", AddAsync).RequirePermission(Permissions.UsersWrite, "groups.members").Produces<GroupAnswer>()
            .Describe("addUserGroupMembers", "Adds users to a group; who is in it already stays", 409);
        api.MapDelete("/{id:guid}/members/{user:guid}", RemoveAsync).RequirePermission(Permissions.UsersWrite, "groups.members").Produces(StatusCodes.Status204NoContent)
            .Describe("removeUserGroupMember", "Takes a user out of a group");
    }

    private static async Task<IResult> ListAsync(
        HttpContext http, UserQueries users, GroupQueries groups, string directory, string? q, string? cursor, int? limit, CancellationToken cancellation)
    {
        if (Cursor.Read(cursor, limit, out var before) is { } invalid) return invalid;
        if (q?.Length > Group.MaxName) return Problem.Invalid(("q", $"at most {Group.MaxName} characters"));
        if (await users.DirectoryAsync(http.Caller().Account, directory, cancellation) is not { } found) return Problem.NotFound("directory");
        var wanted = limit ?? Cursor.DefaultLimit;
        var (page, next) = Cursor.Cut(await groups.PageAsync(found, q, before, wanted, cancellation), wanted, g => g.Id);
        return Results.Ok(new ListAnswer<GroupAnswer>(page, next));
    }

    private static async Task<IResult> CreateAsync(
        HttpContext http, NewGroupRequest body, UserQueries users, GroupQueries groups, GroupChanges changes, CancellationToken cancellation)
    {
        if (GroupRules.Check(body.Name, body.Description) is { Any: true } findings) return findings.ToProblem();
        if (await users.DirectoryAsync(http.Caller().Account, body.Directory, cancellation) is not { } directory) return Problem.NotFound("directory");
        return await changes.CreateAsync(directory, new GroupText(body.Name.Trim(), body.Description, null), [], cancellation) is GroupOutcome.Stored stored
            ? Results.Created($"/api/v1/groups/{stored.Group.Id}", await groups.AnswerAsync(stored.Group.Id, cancellation))
            : Taken();
    }

    private static async Task<IResult> GetAsync(HttpContext http, Guid id, GroupQueries groups, CancellationToken cancellation) =>
        await groups.FindAsync(http.Caller().Account, id, cancellation) is null ? Problem.NotFound("group") : await AnswerAsync(groups, id, cancellation);

    private static async Task<IResult> ChangeAsync(HttpContext http, Guid id, GroupRequest body, GroupQueries groups, GroupChanges changes, CancellationToken cancellation)
    {
        if (GroupRules.Check(body.Name, body.Description) is { Any: true } findings) return findings.ToProblem();
        if (await groups.FindAsync(http.Caller().Account, id, cancellation) is not { } group) return Problem.NotFound("group");
        return await changes.ChangeAsync(group, new GroupText(body.Name.Trim(), body.Description, group.ExternalId), null, cancellation) switch
        {
            GroupOutcome.Stored => await AnswerAsync(groups, id, cancellation),
            GroupOutcome.Gone => Problem.NotFound("group"),
            _ => Taken(),
        };
    }

    private static async Task<IResult> DeleteAsync(HttpContext http, Guid id, GroupQueries groups, GroupChanges changes, CancellationToken cancellation) =>
        await groups.FindAsync(http.Caller().Account, id, cancellation) is { } group && await changes.DeleteAsync(group, cancellation) ? Results.NoContent() : Problem.NotFound("group");

    private static async Task<IResult> MembersAsync(HttpContext http, Guid id, GroupQueries groups, string? cursor, int? limit, CancellationToken cancellation)
    {
        if (Cursor.Read(cursor, limit, out var before) is { } invalid) return invalid;
        if (await groups.FindAsync(http.Caller().Account, id, cancellation) is not { } group) return Problem.NotFound("group");
        var wanted = limit ?? Cursor.DefaultLimit;
        var (page, next) = Cursor.Cut(await groups.MembersAsync(group, before, wanted, cancellation), wanted, u => u.Id);
        return Results.Ok(new ListAnswer<UserAnswer>(page, next));
    }

    private static async Task<IResult> AddAsync(HttpContext http, Guid id, MembersRequest body, GroupQueries groups, GroupChanges changes, CancellationToken cancellation)
    {
        if (body.Users.Count is 0 or > GroupChanges.MaxMembers) return Problem.Invalid(("users", $"1 to {GroupChanges.MaxMembers}"));
        if (await groups.FindAsync(http.Caller().Account, id, cancellation) is not { } group) return Problem.NotFound("group");
        return await changes.AddAsync(group, body.Users, cancellation) switch
        {
            GroupOutcome.Stored => await AnswerAsync(groups, id, cancellation),
            GroupOutcome.Gone => Problem.NotFound("group"),
            _ => Problem.Invalid(("users", "users of the group's directory")),
        };
    }

    private static async Task<IResult> RemoveAsync(HttpContext http, Guid id, Guid user, GroupQueries groups, GroupChanges changes, CancellationToken cancellation)
    {
        if (await groups.FindAsync(http.Caller().Account, id, cancellation) is not { } group) return Problem.NotFound("group");
        await changes.RemoveAsync(group, [user], cancellation);
        return Results.NoContent();
    }

    private static async Task<IResult> AnswerAsync(GroupQueries groups, Guid id, CancellationToken cancellation) =>
        await groups.AnswerAsync(id, cancellation) is { } answer ? Results.Ok(answer) : Problem.NotFound("group");

    private static IResult Taken() => Problem.Conflict("taken", "A group of the directory has this name already.", ("field", "name"));
}

internal static class GroupRules
{
    public static Findings Check(string name, string? description)
    {
        var findings = new Findings();
        if (!ShownText.IsLine(name, Group.MaxName)) findings.Add("name", ShownText.RuleOf(Group.MaxName));
        if (description?.Length > Group.MaxDescription) findings.Add("description", $"at most {Group.MaxDescription} characters");
        return findings;
    }
}

internal sealed record GroupAnswer(Guid Id, string Directory, string Name, string? Description, int Members, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    public static GroupAnswer Of(Group group, string directory, int members) =>
        new(group.Id, directory, group.Name, group.Description, members, group.CreatedAt, group.UpdatedAt);
}

/// <param name="Name">1 to 100 characters, unique in the directory whatever the case.</param>
/// <param name="Description">At most 500 characters.</param>
internal sealed record NewGroupRequest(string Directory, string Name, string? Description = null);

internal sealed record GroupRequest(string Name, string? Description = null);

/// <param name="Users">Person numbers of users of the group's directory, 1 to 1000.</param>
internal sealed record MembersRequest(IReadOnlyList<Guid> Users);
