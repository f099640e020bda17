using System.Globalization;
using System.Text.Json.Nodes;
using Custodia.Identity.Directories;
using Custodia.Identity.Groups;
using Custodia.Identity.Users;
using Custodia.Kernel.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Custodia.Identity.Scim;

/// <summary>Users and groups as SCIM writes them.</summary>
internal sealed class ScimResources(IdentityContext database, UserProfiles profiles, ScimExternalIds externalIds, IOptions<CustodiaOptions> options)
{
    /// <summary>More members than these are left out of a group; they are asked for by filter of users.</summary>
    private const int MaxMembers = 10_000;

    public string PathOf(Directory directory, string type, Guid id) => $"{options.Value.PublicUrl}/scim/v2/{directory.Name}/{type}/{id}";

    public static string VersionOf(User user) => $"W/\"{user.UpdatedAt.ToUnixTimeMilliseconds():x}\"";

    public static string VersionOf(Group group) => $"W/\"{group.Version:x}\"";

    public Task<Profile> OpenAsync(User user, CancellationToken cancellation) => profiles.OpenAsync(user, ProfileUse.UserAdministration, cancellation);

    public async Task<ScimUserState> StateAsync(User user, CancellationToken cancellation) =>
        ScimUserState.Of(await OpenAsync(user, cancellation), user.Status == UserStatus.Normal, (await externalIds.OfAsync([user.Id], cancellation)).GetValueOrDefault(user.Id));

    public async Task<JsonObject> UserAsync(Directory directory, User user, CancellationToken cancellation) => (await UsersAsync(directory, [user], cancellation))[0];

    public async Task<IReadOnlyList<JsonObject>> UsersAsync(Directory directory, IReadOnlyList<User> users, CancellationToken cancellation)
    {
        var ids = users.Select(u => u.Id).ToArray();
        var external = await externalIds.OfAsync(ids, cancellation);
        var memberships = await (
            from member in database.Set<GroupMember>().AsNoTracking()
            where ids.Contains(member.UserId)
            join grp in database.Set<Group>() on member.GroupId equals grp.Id
            select new { member.UserId, grp.Id, grp.Name }).ToListAsync(cancellation);
        List<JsonObject> all = [];
        foreach (var user in users)
        {
            var state = ScimUserState.Of(await OpenAsync(user, cancellation), user.Status == UserStatus.Normal, external.GetValueOrDefault(user.Id));
            var groups = memberships.Where(m => m.UserId == user.Id).Select(m => (JsonNode)new JsonObject
            {
                ["value"] = m.Id.ToString(),
                ["display"] = m.Name,
                ["$ref"] = PathOf(directory, "Groups", m.Id),
                ["type"] = "direct",
            });
            all.Add(Write(directory, user, state, [.. groups]));
        }

        return all;
    }

    public async Task<JsonObject> GroupAsync(Directory directory, Group group, bool members, CancellationToken cancellation)
    {
        var resource = new JsonObject
        {
            ["schemas"] = new JsonArray(ScimSchemas.Group),
            ["id"] = group.Id.ToString(),
            ["displayName"] = group.Name,
        };
        if (group.ExternalId is not null) resource["externalId"] = group.ExternalId;
        if (members)
        {
            var ids = await database.Set<GroupMember>().AsNoTracking().Where(m => m.GroupId == group.Id).OrderBy(m => m.UserId).Take(MaxMembers).Select(m => m.UserId).ToListAsync(cancellation);
            resource["members"] = new JsonArray([.. ids.Select(id => (JsonNode)new JsonObject { ["value"] = id.ToString(), ["$ref"] = PathOf(directory, "Users", id), ["type"] = "User" })]);
        }

        resource["meta"] = Meta("Group", group.CreatedAt, group.UpdatedAt, PathOf(directory, "Groups", group.Id), VersionOf(group));
        return resource;
    }

    private JsonObject Write(Directory directory, User user, ScimUserState state, JsonNode[] groups)
    {
        var resource = new JsonObject { ["schemas"] = new JsonArray(ScimSchemas.User), ["id"] = user.Id.ToString(), ["userName"] = state.UserName, ["active"] = state.Active };
        if (state.ExternalId is not null) resource["externalId"] = state.ExternalId;
        if (state.DisplayName is not null) resource["displayName"] = state.DisplayName;
        var name = new JsonObject();
        if (state.DisplayName is not null) name["formatted"] = state.DisplayName;
        if (state.GivenName is not null) name["givenName"] = state.GivenName;
        if (state.FamilyName is not null) name["familyName"] = state.FamilyName;
        if (name.Count > 0) resource["name"] = name;
        if (state.Locale is not null) resource["locale"] = state.Locale;
        if (state.Email is not null) resource["emails"] = new JsonArray(new JsonObject { ["value"] = state.Email, ["type"] = "work", ["primary"] = true });
        if (state.Mobile is not null) resource["phoneNumbers"] = new JsonArray(new JsonObject { ["value"] = state.Mobile, ["type"] = "mobile", ["primary"] = true });
        if (groups.Length > 0) resource["groups"] = new JsonArray(groups);
        resource["meta"] = Meta("User", user.CreatedAt, user.UpdatedAt, PathOf(directory, "Users", user.Id), VersionOf(user));
        return resource;
    }

    private static JsonObject Meta(string type, DateTimeOffset created, DateTimeOffset changed, string location, string version) => new()
    {
        ["resourceType"] = type,
        ["created"] = created.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
        ["lastModified"] = changed.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
        ["location"] = location,
        ["version"] = version,
    };
}
