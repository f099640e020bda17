using Custodia.Identity.Administration;
using Custodia.Identity.Directories;
using Custodia.Identity.Users;
using Custodia.Kernel.Access;
using Custodia.Kernel.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Scim;

/// <summary><c>/scim/v2/{directory}/Users</c>.</summary>
internal static class ScimUsers
{
    public static void MapScimUsers(this RouteGroupBuilder scim)
    {
        var users = scim.MapGroup("/Users");
        users.MapGet("", ListAsync).RequirePermission(Permissions.Scim, "scim.users.read");
        users.MapPost("/.search", SearchAsync).RequirePermission(Permissions.Scim, "scim.users.read");
        users.MapPost("", CreateAsync).RequirePermission(Permissions.Scim, "scim.users.create").WhileOpen(AccountServices.Identity);
        users.MapGet("/{id}", GetAsync).RequirePermission(Permissions.Scim, "scim.users.read");
        users.MapPut("/{id}", ReplaceAsync).RequirePermission(Permissions.Scim, "scim.users.update");
        users.MapPatch("/{id}", PatchAsync).RequirePermission(Permissions.Scim, "scim.users.update");
        users.MapDelete("/{id}", DeleteAsync).RequirePermission(Permissions.Scim, "scim.users.delete");
    }

    private static async Task<IResult> ListAsync(
        HttpContext http, string directory, IdentityContext database, ScimUserQuery query, ScimResources resources, CancellationToken cancellation)
    {
        var of = await ScimRequest.DirectoryAsync(http, database, directory, cancellation);
        return await AnswerAsync(of, ScimQuestion.Of(http), query, resources, cancellation);
    }

    private static async Task<IResult> SearchAsync(
        HttpContext http, string directory, IdentityContext database, ScimUserQuery query, ScimResources resources, CancellationToken cancellation)
    {
        var of = await ScimRequest.DirectoryAsync(http, database, directory, cancellation);
        return await AnswerAsync(of, await ScimQuestion.PostedAsync(http, cancellation), query, resources, cancellation);
    }

    private static async Task<IResult> AnswerAsync(Directory of, ScimQuestion asked, ScimUserQuery query, ScimResources resources, CancellationToken cancellation)
    {
        var users = await query.WhereAsync(of, asked.Filter, cancellation);
        var total = await users.CountAsync(cancellation);
        var page = asked.Count == 0 ? [] : await users.OrderBy(u => u.Id).Skip(asked.Start - 1).Take(asked.Count).ToListAsync(cancellation);
        var all = await resources.UsersAsync(of, page, cancellation);
        return ScimAnswer.List([.. all.Select(asked.Choice.From)], total, asked.Start);
    }

    private static async Task<IResult> GetAsync(
        HttpContext http, string directory, string id, IdentityContext database, ScimUserQuery query, ScimResources resources, CancellationToken cancellation)
    {
        var of = await ScimRequest.DirectoryAsync(http, database, directory, cancellation);
        return await ShowAsync(http, of, await FindAsync(query, of, id, cancellation), resources, StatusCodes.Status200OK, cancellation);
    }

    private static async Task<IResult> CreateAsync(
        HttpContext http, string directory, IdentityContext database, ScimUserQuery query, ScimUserWriting writing, ScimResources resources, CancellationToken cancellation)
    {
        var of = await ScimRequest.DirectoryAsync(http, database, directory, cancellation);
        var state = new ScimUserState();
        state.Read(await ScimAnswer.BodyAsync(http, ScimSchemas.User, cancellation));
        var id = await writing.CreateAsync(of, state, cancellation);
        return await ShowAsync(http, of, await FindAsync(query, of, id.ToString(), cancellation), resources, StatusCodes.Status201Created, cancellation);
    }

    private static Task<IResult> ReplaceAsync(
        HttpContext http, string directory, string id, IdentityContext database, ScimUserQuery query, ScimUserWriting writing, ScimResources resources, CancellationToken cancellation) =>
        ChangeAsync(http, (directory, id), database, query, writing, resources, before =>
        {
            // What a PUT leaves out is cleared, but for what SCIM does not know of the user.
            var state = new ScimUserState { Active = before.Active };
            foreach (var (name, value) in before.Attributes.Where(a => a.Key is not ("givenName" or "familyName"))) state.Attributes[name] = value;
            return (state, state.Read);
        }, ScimSchemas.User, cancellation);

    private static Task<IResult> PatchAsync(
        HttpContext http, string directory, string id, IdentityContext database, ScimUserQuery query, ScimUserWriting writing, ScimResources resources, CancellationToken cancellation) =>
        ChangeAsync(http, (directory, id), database, query, writing, resources, before => (before, body => ScimUserPatch.Apply(before, ScimOperation.Read(body))), ScimSchemas.PatchOp, cancellation);

    private static async Task<IResult> DeleteAsync(
        HttpContext http, string directory, string id, IdentityContext database, ScimUserQuery query, ScimUserDeletion deletion, CancellationToken cancellation)
    {
        var of = await ScimRequest.DirectoryAsync(http, database, directory, cancellation);
        var user = await FindAsync(query, of, id, cancellation);
        ScimRequest.CheckMatch(http, ScimResources.VersionOf(user));
        await deletion.DeleteAsync(of, user.Id, cancellation);
        return Results.NoContent();
    }

    private static async Task<IResult> ChangeAsync(
        HttpContext http,
        (string Directory, string Id) target,
        IdentityContext database,
        ScimUserQuery query,
        ScimUserWriting writing,
        ScimResources resources,
        Func<ScimUserState, (ScimUserState State, Action<System.Text.Json.JsonElement> Read)> how,
        string schema,
        CancellationToken cancellation)
    {
        var of = await ScimRequest.DirectoryAsync(http, database, target.Directory, cancellation);
        var user = await FindAsync(query, of, target.Id, cancellation);
        ScimRequest.CheckMatch(http, ScimResources.VersionOf(user));
        var (state, read) = how(await resources.StateAsync(user, cancellation));
        read(await ScimAnswer.BodyAsync(http, schema, cancellation));
        await writing.ReplaceAsync(of, user.Id, await resources.OpenAsync(user, cancellation), state, cancellation);
        return await ShowAsync(http, of, await FindAsync(query, of, target.Id, cancellation), resources, StatusCodes.Status200OK, cancellation);
    }

    private static async Task<User> FindAsync(ScimUserQuery query, Directory directory, string id, CancellationToken cancellation) =>
        Guid.TryParse(id, out var number) && await query.All(directory).FirstOrDefaultAsync(u => u.Id == number, cancellation) is { } user ? user : throw ScimFault.NotFound();

    private static async Task<IResult> ShowAsync(HttpContext http, Directory directory, User user, ScimResources resources, int status, CancellationToken cancellation)
    {
        var version = ScimResources.VersionOf(user);
        if (ScimRequest.Unchanged(http, version) is { } unchanged) return unchanged;
        var resource = ScimRequest.Choose(http, await resources.UserAsync(directory, user, cancellation));
        return new ScimAnswer(resource, status, resources.PathOf(directory, "Users", user.Id), version);
    }
}
