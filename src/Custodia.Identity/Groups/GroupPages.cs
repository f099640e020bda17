using Custodia.Console;
using Custodia.Identity.Administration;
using Custodia.Identity.Users;
using Custodia.Kernel.Access;
using Custodia.Kernel.Http;
using Custodia.Kernel.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Directory = Custodia.Identity.Directories.Directory;

namespace Custodia.Identity.Groups;

/// <summary><c>/console/directories/{name}/groups</c>.</summary>
internal static class GroupPages
{
    public const string Section = "groups";

    /// <summary>Registered notices.</summary>
    public const string Joined = "group-joined";
    public const string Left = "group-left";

    private const int PageSize = 50;

    public static void MapGroupPages(this IEndpointRouteBuilder routes)
    {
        var pages = routes.MapGroup("/console/directories/{name}/" + Section).ExcludeFromDescription();
        pages.MapGet("", ListAsync).RequirePermission(Permissions.UsersRead);
        pages.MapGet("/new", NewAsync).RequirePermission(Permissions.UsersWrite);
        pages.MapPost("/new", CreateAsync).RequirePermission(Permissions.UsersWrite, "groups.create").WhileOpen(AccountServices.Identity);
        pages.MapGet("/{id:guid}", ShowAsync).RequirePermission(Permissions.UsersRead);
        pages.MapPost("/{id:guid}", SaveAsync).RequirePermission(Permissions.UsersWrite, "groups.update");
        pages.MapPost("/{id:guid}/delete", DeleteAsync).RequirePermission(Permissions.UsersWrite, "groups.delete");
        pages.MapPost("/{id:guid}/members", AddAsync).RequirePermission(Permissions.UsersWrite, "groups.members");
        pages.MapPost("/{id:guid}/members/{user:guid}/remove", RemoveAsync).RequirePermission(Permissions.UsersWrite, "groups.members");
    }

    private static async Task<IResult> ListAsync(HttpContext http, string name, string? q, string? cursor, [AsParameters] GroupParts parts, CancellationToken cancellation)
    {
        if (Cursor.Read(cursor, null, out var before) is { } invalid) return invalid;
        if (q?.Length > Group.MaxName) return Problem.Invalid(("q", $"at most {Group.MaxName} characters"));
        if (await parts.Users.DirectoryAsync(http.Caller().Account, name, cancellation) is not { } directory) return Problem.NotFound("directory");
        var (page, next) = Cursor.Cut(await parts.Groups.PageAsync(directory, q, before, PageSize, cancellation), PageSize, g => g.Id);
        var older = next is null ? null : $"{HomeOf(directory)}?q={Uri.EscapeDataString(q ?? "")}&cursor={next}";
        return View.Show<GroupsPage>(new GroupsModel(directory, page, older, http.Caller().Can(Permissions.UsersWrite)));
    }

    private static async Task<IResult> NewAsync(HttpContext http, string name, [AsParameters] GroupParts parts, CancellationToken cancellation)
    {
        if (await parts.Users.DirectoryAsync(http.Caller().Account, name, cancellation) is not { } directory) return Problem.NotFound("directory");
        return View.Show<NewGroupPage>(new NewGroupModel(directory, new FormState()));
    }

    private static async Task<IResult> CreateAsync(
        HttpContext http, string name, [FromForm] IFormCollection posted, [AsParameters] GroupParts parts, CancellationToken cancellation)
    {
        if (await parts.Users.DirectoryAsync(http.Caller().Account, name, cancellation) is not { } directory) return Problem.NotFound("directory");
        var form = new FormState(posted);
        if (Read(form, externalId: null) is { } text)
        {
            if (await parts.Changes.CreateAsync(directory, text, [], cancellation) is GroupOutcome.Stored stored)
                return new SeeOther($"{HomeOf(directory)}/{stored.Group.Id}?note=created");
            form.Fail("name", Texts.Rule("taken"));
        }

        return View.Invalid<NewGroupPage>(new NewGroupModel(directory, form));
    }

    private static async Task<IResult> ShowAsync(HttpContext http, string name, Guid id, string? cursor, [AsParameters] GroupParts parts, CancellationToken cancellation)
    {
        if (Cursor.Read(cursor, null, out var before) is { } invalid) return invalid;
        if (await parts.FindAsync(http, name, id, cancellation) is not { } found) return Problem.NotFound("group");
        return View.Show<GroupPage>(await parts.ModelAsync(http, found, before, new FormState(), new FormState(), cancellation));
    }

    private static async Task<IResult> SaveAsync(
        HttpContext http, string name, Guid id, [FromForm] IFormCollection posted, [AsParameters] GroupParts parts, CancellationToken cancellation)
    {
        if (await parts.FindAsync(http, name, id, cancellation) is not { } found) return Problem.NotFound("group");
        var form = new FormState(posted);
        if (Read(form, found.Group.ExternalId) is { } text)
        {
            if (await parts.Changes.ChangeAsync(found.Group, text, null, cancellation) is GroupOutcome.Stored) return new SeeOther($"{HomeOf(found.Directory)}/{id}?note=saved");
            form.Fail("name", Texts.Rule("taken"));
        }

        return View.Invalid<GroupPage>(await parts.ModelAsync(http, found, null, form, new FormState(), cancellation));
    }

    private static async Task<IResult> DeleteAsync(
        HttpContext http, string name, Guid id, [FromForm] IFormCollection posted, [AsParameters] GroupParts parts, CancellationToken cancellation)
    {
        if (posted["confirmed"] != "true") return Problem.Invalid(("confirmed", "is required"));
        return await parts.FindAsync(http, name, id, cancellation) is { } found && await parts.Changes.DeleteAsync(found.Group, cancellation)
            ? new SeeOther($"{HomeOf(found.Directory)}?note=deleted")
            : Problem.NotFound("group");
    }

    private static async Task<IResult> AddAsync(
        HttpContext http, string name, Guid id, [FromForm] IFormCollection posted, [AsParameters] GroupParts parts, CancellationToken cancellation)
    {
        if (await parts.FindAsync(http, name, id, cancellation) is not { } found) return Problem.NotFound("group");
        var form = new FormState(posted);
        var field = form["who"].Contains('@', StringComparison.Ordinal) ? UserField.Email : UserField.UserName;
        var user = form["who"].Length == 0 ? null : await parts.Users.ByValueAsync(found.Directory, field, form["who"], cancellation);
        if (user is not null && await parts.Changes.AddAsync(found.Group, [user.Id], cancellation) is GroupOutcome.Stored)
            return new SeeOther($"{HomeOf(found.Directory)}/{id}?note={Joined}");
        form.Fail("who", GroupTexts.Of("Nobody"));
        return View.Invalid<GroupPage>(await parts.ModelAsync(http, found, null, new FormState(), form, cancellation));
    }

    private static async Task<IResult> RemoveAsync(
        HttpContext http, string name, Guid id, Guid user, [FromForm] IFormCollection posted, [AsParameters] GroupParts parts, CancellationToken cancellation)
    {
        _ = posted;
        if (await parts.FindAsync(http, name, id, cancellation) is not { } found) return Problem.NotFound("group");
        await parts.Changes.RemoveAsync(found.Group, [user], cancellation);
        return new SeeOther($"{HomeOf(found.Directory)}/{id}?note={Left}");
    }

    /// <summary>What is entered; null when something is wrong with it, which the form then says.</summary>
    private static GroupText? Read(FormState form, string? externalId)
    {
        foreach (var (field, _) in GroupRules.Check(form["name"], form["description"]).All) form.Fail(field, GroupTexts.Of("Rule_" + field));
        return form.IsValid ? new GroupText(form["name"], form["description"] is { Length: > 0 } description ? description : null, externalId) : null;
    }

    private static string HomeOf(Directory directory) => $"/console/directories/{directory.Name}/{Section}";
}

/// <summary>What the pages about groups are made from.</summary>
internal readonly record struct GroupParts(UserQueries Users, GroupQueries Groups, GroupChanges Changes)
{
    private const int PageSize = 50;

    /// <summary>A group of a directory of the caller's account.</summary>
    public async Task<(Directory Directory, Group Group)?> FindAsync(HttpContext http, string name, Guid id, CancellationToken cancellation) =>
        await Users.DirectoryAsync(http.Caller().Account, name, cancellation) is { } directory
        && await Groups.FindAsync(http.Caller().Account, id, cancellation) is { } group && group.DirectoryId == directory.Id
            ? (directory, group)
            : null;

    public async Task<GroupModel> ModelAsync(
        HttpContext http, (Directory Directory, Group Group) found, Guid? before, FormState form, FormState joining, CancellationToken cancellation)
    {
        var (members, next) = Cursor.Cut(await Groups.MembersAsync(found.Group, before, PageSize, cancellation), PageSize, u => u.Id);
        return new GroupModel(
            found.Directory,
            await Groups.AnswerAsync(found.Group.Id, cancellation) ?? GroupAnswer.Of(found.Group, found.Directory.Name, members: 0),
            members,
            next is null ? null : $"/console/directories/{found.Directory.Name}/{GroupPages.Section}/{found.Group.Id}?cursor={next}",
            form,
            joining,
            http.Caller().Can(Permissions.UsersWrite));
    }
}

internal sealed record GroupsModel(Directory Directory, IReadOnlyList<GroupAnswer> Groups, string? Older, bool MayWrite)
{
    public string Home => $"/console/directories/{Directory.Name}/groups";
}

internal sealed record NewGroupModel(Directory Directory, FormState Form)
{
    public string Home => $"/console/directories/{Directory.Name}/groups";
}

/// <param name="Form">Name and description.</param>
/// <param name="Joining">Who is to be added.</param>
internal sealed record GroupModel(
    Directory Directory, GroupAnswer Group, IReadOnlyList<UserAnswer> Members, string? Older, FormState Form, FormState Joining, bool MayWrite)
{
    public string Home => $"/console/directories/{Directory.Name}/groups";

    public string Path => $"{Home}/{Group.Id}";
}
