using System.Linq.Expressions;
using System.Text.Json;
using Custodia.Identity.Administration;
using Custodia.Identity.Directories;
using Custodia.Identity.Groups;
using Custodia.Kernel.Access;
using Custodia.Kernel.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Scim;

/// <summary><c>/scim/v2/{directory}/Groups</c>.</summary>
internal static class ScimGroups
{
    public static void MapScimGroups(this RouteGroupBuilder scim)
    {
        var groups = scim.MapGroup("/Groups");
        groups.MapGet("", ListAsync).RequirePermission(Permissions.Scim, "scim.groups.read");
        groups.MapPost("/.search", SearchAsync).RequirePermission(Permissions.Scim, "scim.groups.read");
        groups.MapPost("", CreateAsync).RequirePermission(Permissions.Scim, "scim.groups.create").WhileOpen(AccountServices.Identity);
        groups.MapGet("/{id}", GetAsync).RequirePermission(Permissions.Scim, "scim.groups.read");
        groups.MapPut("/{id}", ReplaceAsync).RequirePermission(Permissions.Scim, "scim.groups.update");
        groups.MapPatch("/{id}", PatchAsync).RequirePermission(Permissions.Scim, "scim.groups.update");
        groups.MapDelete("/{id}", DeleteAsync).RequirePermission(Permissions.Scim, "scim.groups.delete");
    }

    private static async Task<IResult> ListAsync(HttpContext http, string directory, IdentityContext database, ScimResources resources, CancellationToken cancellation)
    {
        var of = await ScimRequest.DirectoryAsync(http, database, directory, cancellation);
        return await AnswerAsync(of, ScimQuestion.Of(http), database, resources, cancellation);
    }

    private static async Task<IResult> SearchAsync(HttpContext http, string directory, IdentityContext database, ScimResources resources, CancellationToken cancellation)
    {
        var of = await ScimRequest.DirectoryAsync(http, database, directory, cancellation);
        return await AnswerAsync(of, await ScimQuestion.PostedAsync(http, cancellation), database, resources, cancellation);
    }

    private static async Task<IResult> AnswerAsync(Directory of, ScimQuestion asked, IdentityContext database, ScimResources resources, CancellationToken cancellation)
    {
        var groups = database.Set<Group>().AsNoTracking().Where(g => g.DirectoryId == of.Id);
        if (!string.IsNullOrWhiteSpace(asked.Filter))
            groups = groups.Where(await new ScimPredicate<Group>((path, one) => Task.FromResult(Compare(database, path, one))).OfAsync(ScimFilter.Parse(asked.Filter)));
        var total = await groups.CountAsync(cancellation);
        var page = asked.Count == 0 ? [] : await groups.OrderBy(g => g.Id).Skip(asked.Start - 1).Take(asked.Count).ToListAsync(cancellation);
        var members = !asked.Choice.LeavesOut("members");
        List<System.Text.Json.Nodes.JsonObject> all = [];
        foreach (var group in page) all.Add(asked.Choice.From(await resources.GroupAsync(of, group, members, cancellation)));
        return ScimAnswer.List(all, total, asked.Start);
    }

    private static async Task<IResult> GetAsync(
        HttpContext http, string directory, string id, IdentityContext database, ScimResources resources, CancellationToken cancellation)
    {
        var of = await ScimRequest.DirectoryAsync(http, database, directory, cancellation);
        return await ShowAsync(http, of, await FindAsync(database, of, id, cancellation), resources, StatusCodes.Status200OK, cancellation);
    }

    private static async Task<IResult> CreateAsync(
        HttpContext http, string directory, IdentityContext database, GroupChanges changes, ScimResources resources, CancellationToken cancellation)
    {
        var of = await ScimRequest.DirectoryAsync(http, database, directory, cancellation);
        var wanted = ScimGroupState.Read(await ScimAnswer.BodyAsync(http, ScimSchemas.Group, cancellation));
        var group = Stored(await changes.CreateAsync(of, wanted.Text, wanted.Members ?? [], cancellation));
        return await ShowAsync(http, of, group, resources, StatusCodes.Status201Created, cancellation);
    }

    private static async Task<IResult> ReplaceAsync(
        HttpContext http, string directory, string id, IdentityContext database, GroupChanges changes, ScimResources resources, CancellationToken cancellation)
    {
        var of = await ScimRequest.DirectoryAsync(http, database, directory, cancellation);
        var group = await FindAsync(database, of, id, cancellation);
        ScimRequest.CheckMatch(http, ScimResources.VersionOf(group));
        var wanted = ScimGroupState.Read(await ScimAnswer.BodyAsync(http, ScimSchemas.Group, cancellation));
        Stored(await changes.ChangeAsync(group, wanted.Text with { Description = group.Description }, wanted.Members ?? [], cancellation));
        return await ShowAsync(http, of, await FindAsync(database, of, id, cancellation), resources, StatusCodes.Status200OK, cancellation);
    }

    private static async Task<IResult> PatchAsync(
        HttpContext http, string directory, string id, IdentityContext database, GroupChanges changes, ScimResources resources, CancellationToken cancellation)
    {
        var of = await ScimRequest.DirectoryAsync(http, database, directory, cancellation);
        var group = await FindAsync(database, of, id, cancellation);
        ScimRequest.CheckMatch(http, ScimResources.VersionOf(group));
        var operations = ScimOperation.Read(await ScimAnswer.BodyAsync(http, ScimSchemas.PatchOp, cancellation));
        await database.InTransactionAsync(
            async token =>
            {
                foreach (var operation in operations) await ScimGroupPatch.ApplyAsync(changes, await FindAsync(database, of, id, token), operation, token);
            },
            cancellation);
        return await ShowAsync(http, of, await FindAsync(database, of, id, cancellation), resources, StatusCodes.Status200OK, cancellation);
    }

    private static async Task<IResult> DeleteAsync(HttpContext http, string directory, string id, IdentityContext database, GroupChanges changes, CancellationToken cancellation)
    {
        var of = await ScimRequest.DirectoryAsync(http, database, directory, cancellation);
        var group = await FindAsync(database, of, id, cancellation);
        ScimRequest.CheckMatch(http, ScimResources.VersionOf(group));
        await changes.DeleteAsync(group, cancellation);
        return Results.NoContent();
    }

    public static Group Stored(GroupOutcome outcome) => outcome switch
    {
        GroupOutcome.Stored stored => stored.Group,
        GroupOutcome.Gone => throw ScimFault.NotFound(),
        GroupOutcome.Taken => throw ScimFault.Uniqueness("A group of the directory has this displayName already."),
        _ => throw ScimFault.InvalidValue("A member is not a user of the directory."),
    };

    private static Expression<Func<Group, bool>> Compare(IdentityContext database, string path, ScimFilter.Compare one)
    {
        var key = one.Value is null ? "" : Group.KeyOf(one.Value);
        var number = Guid.TryParse(one.Value, out var id) ? id : Guid.Empty;
        return (path, one.Operator) switch
        {
            ("id", "eq") => g => g.Id == number,
            ("displayname", "eq") => g => g.NameKey == key,
            ("displayname", "ne") => g => g.NameKey != key,
            ("displayname", "co") => g => g.NameKey.Contains(key),
            ("displayname", "sw") => g => g.NameKey.StartsWith(key),
            ("displayname", "ew") => g => g.NameKey.EndsWith(key),
            ("displayname" or "id", "pr") => g => true,
            ("externalid", "eq") => g => g.ExternalId == one.Value,
            ("externalid", "pr") => g => g.ExternalId != null,
            ("members" or "members.value", "eq") => g => database.Set<GroupMember>().Any(m => m.GroupId == g.Id && m.UserId == number),
            ("members" or "members.value", "pr") => g => database.Set<GroupMember>().Any(m => m.GroupId == g.Id),
            ("meta.created", _) => ScimPredicate<Group>.Moment(g => g.CreatedAt, one),
            ("meta.lastmodified", _) => ScimPredicate<Group>.Moment(g => g.UpdatedAt, one),
            _ => throw ScimFault.InvalidFilter($"'{path}' cannot be asked '{one.Operator}'."),
        };
    }

    private static async Task<Group> FindAsync(IdentityContext database, Directory directory, string id, CancellationToken cancellation) =>
        Guid.TryParse(id, out var number) && await database.Set<Group>().AsNoTracking().FirstOrDefaultAsync(g => g.Id == number && g.DirectoryId == directory.Id, cancellation) is { } group
            ? group
            : throw ScimFault.NotFound();

    private static async Task<IResult> ShowAsync(HttpContext http, Directory directory, Group group, ScimResources resources, int status, CancellationToken cancellation)
    {
        var version = ScimResources.VersionOf(group);
        if (ScimRequest.Unchanged(http, version) is { } unchanged) return unchanged;
        var resource = ScimRequest.Choose(http, await resources.GroupAsync(directory, group, members: true, cancellation));
        return new ScimAnswer(resource, status, resources.PathOf(directory, "Groups", group.Id), version);
    }
}

/// <summary>A group as a body says it.</summary>
/// <param name="Members">Null when the body does not name them.</param>
internal sealed record ScimGroupState(GroupText Text, IReadOnlyList<Guid>? Members)
{
    public static ScimGroupState Read(JsonElement body)
    {
        string? name = null, external = null;
        IReadOnlyList<Guid>? members = null;
        foreach (var property in body.EnumerateObject())
        {
            switch (ScimFilter.PathOf(property.Name))
            {
                case "displayname": name = TextOf(property.Value); break;
                case "externalid": external = TextOf(property.Value); break;
                case "members": members = MembersOf(property.Value); break;
            }
        }

        return new ScimGroupState(new GroupText(Named(name), null, external), members);
    }

    public static string Named(string? name) =>
        name is not null && !GroupRules.Check(name, null).Any ? name.Trim() : throw ScimFault.InvalidValue($"displayName has 1 to {Group.MaxName} characters.");

    public static string? TextOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String when value.GetString()!.Length <= 200 => value.GetString(),
        JsonValueKind.Null => null,
        _ => throw ScimFault.InvalidValue("A text of at most 200 characters is expected."),
    };

    public static IReadOnlyList<Guid> MembersOf(JsonElement value)
    {
        JsonElement[] all = value.ValueKind switch
        {
            JsonValueKind.Array => [.. value.EnumerateArray()],
            JsonValueKind.Object => [value],
            JsonValueKind.Null => [],
            _ => throw ScimFault.InvalidValue("members is a list."),
        };
        if (all.Length > GroupChanges.MaxMembers) throw ScimFault.InvalidValue($"At most {GroupChanges.MaxMembers} members in a request.");
        return [.. all.Select(m => m.ValueKind == JsonValueKind.Object && m.TryGetProperty("value", out var id) && id.ValueKind == JsonValueKind.String && Guid.TryParse(id.GetString(), out var user)
            ? user
            : throw ScimFault.InvalidValue("A member has the id of a user as its value."))];
    }
}

/// <summary>Applies one operation to a group.</summary>
internal static class ScimGroupPatch
{
    public static async Task ApplyAsync(GroupChanges changes, Group group, ScimOperation operation, CancellationToken cancellation)
    {
        if (operation.Path.Length == 0)
        {
            if (operation.Value is not { ValueKind: JsonValueKind.Object } all) throw ScimFault.InvalidValue("Without a path the value is an object.");
            foreach (var property in all.EnumerateObject())
            {
                var path = ScimFilter.PathOf(property.Name);
                // Clients repeat the id here; it is read only and the same.
                if (path is "id" or "schemas") continue;
                await ApplyAsync(changes, group, new ScimOperation(operation.Kind, path, null, property.Value), cancellation);
            }

            return;
        }

        var text = new GroupText(group.Name, group.Description, group.ExternalId);
        var outcome = (operation.Path, operation.Kind) switch
        {
            ("displayname", "remove") => throw ScimFault.Mutability("displayName cannot be removed."),
            ("displayname", _) => await changes.ChangeAsync(group, text with { Name = ScimGroupState.Named(ScimGroupState.TextOf(operation.Value!.Value)) }, null, cancellation),
            ("externalid", "remove") => await changes.ChangeAsync(group, text with { ExternalId = null }, null, cancellation),
            ("externalid", _) => await changes.ChangeAsync(group, text with { ExternalId = ScimGroupState.TextOf(operation.Value!.Value) }, null, cancellation),
            ("members", "add") => await changes.AddAsync(group, ScimGroupState.MembersOf(operation.Value!.Value), cancellation),
            ("members", "replace") => await changes.ChangeAsync(group, text, ScimGroupState.MembersOf(operation.Value!.Value), cancellation),
            ("members", _) => await RemoveAsync(changes, group, text, operation, cancellation),
            ("id" or "meta" or "schemas", _) => throw ScimFault.Mutability($"'{operation.Path}' is read only."),
            _ => throw ScimFault.InvalidPath($"There is no attribute '{operation.Path}'."),
        };
        ScimGroups.Stored(outcome);
    }

    // By a filter of the path, by a list in the value (as some clients do), or all of them.
    private static Task<GroupOutcome> RemoveAsync(GroupChanges changes, Group group, GroupText text, ScimOperation operation, CancellationToken cancellation) => operation switch
    {
        { Filter: { } filter } => changes.RemoveAsync(group, [.. Named(filter)], cancellation),
        { Value: { ValueKind: JsonValueKind.Array or JsonValueKind.Object } value } => changes.RemoveAsync(group, ScimGroupState.MembersOf(value), cancellation),
        _ => changes.ChangeAsync(group, text, [], cancellation),
    };

    private static IEnumerable<Guid> Named(ScimFilter filter) => filter switch
    {
        ScimFilter.Compare { Path: "value", Operator: "eq" } one when Guid.TryParse(one.Value, out var id) => [id],
        ScimFilter.Or or => Named(or.Left).Concat(Named(or.Right)),
        _ => throw ScimFault.InvalidPath("Members are named by value eq."),
    };
}
