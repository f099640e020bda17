using System.Linq.Expressions;
using Custodia.Identity.Directories;
using Custodia.Identity.Groups;
using Custodia.Identity.Users;
using Custodia.Kernel.Vault;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Scim;

/// <summary>Users as a provisioning client may ask for them. What is sealed can only be asked whether it equals.</summary>
internal sealed class ScimUserQuery(IdentityContext database, UserProfiles profiles, DataVault vault)
{
    /// <summary>All users that the client sees: those that are being deleted are gone for it.</summary>
    public IQueryable<User> All(Directory directory) => database.Users.AsNoTracking().Where(u =>
        u.DirectoryId == directory.Id
        // A freeze by staff has a reason, one by a deletion has none.
        && (u.Status != UserStatus.Frozen || u.StatusReason != null)
        && !database.Set<ProvisionedUser>().Any(p => p.UserId == u.Id && p.DeletedAt != null));

    public async Task<IQueryable<User>> WhereAsync(Directory directory, string? filter, CancellationToken cancellation)
    {
        var users = All(directory);
        if (string.IsNullOrWhiteSpace(filter)) return users;
        return users.Where(await new ScimPredicate<User>((path, one) => CompareAsync(directory, path, one, cancellation)).OfAsync(ScimFilter.Parse(filter)));
    }

    public async Task<byte[]> ExternalIndexAsync(Directory directory, string value, CancellationToken cancellation) =>
        await vault.IndexAsync(directory.Account, ProvisionedUser.Category, "external-id", value, cancellation);

    private async Task<Expression<Func<User, bool>>> CompareAsync(Directory directory, string path, ScimFilter.Compare one, CancellationToken cancellation)
    {
        switch (path)
        {
            case "id":
                return Equals(one, path, Guid.TryParse(one.Value, out var id) ? u => u.Id == id : u => false, u => true);
            case "username":
                return Equals(one, path, await UserNameAsync(directory, one.Value, cancellation), u => u.UserNameIndex != null || u.EmailIndex != null);
            case "emails" or "emails.value":
                var email = await IndexAsync(directory, UserField.Email, one.Value, cancellation);
                return Equals(one, path, u => u.EmailIndex == email, u => u.EmailIndex != null);
            case "phonenumbers" or "phonenumbers.value":
                var mobile = await IndexAsync(directory, UserField.Mobile, one.Value, cancellation);
                return Equals(one, path, u => u.MobileIndex == mobile, u => u.MobileIndex != null);
            case "externalid":
                var external = one.Value is null ? null : await ExternalIndexAsync(directory, one.Value, cancellation);
                return Equals(
                    one, path,
                    u => database.Set<ProvisionedUser>().Any(p => p.UserId == u.Id && p.ExternalIdIndex == external),
                    u => database.Set<ProvisionedUser>().Any(p => p.UserId == u.Id && p.ExternalIdIndex != null));
            case "active":
                var isActive = one.Value == "true";
                return Equals(one, path, u => (u.Status == UserStatus.Normal) == isActive, u => true);
            case "groups" or "groups.value":
                var group = Guid.TryParse(one.Value, out var number) ? number : Guid.Empty;
                return Equals(
                    one, path,
                    u => database.Set<GroupMember>().Any(m => m.UserId == u.Id && m.GroupId == group),
                    u => database.Set<GroupMember>().Any(m => m.UserId == u.Id));
            case "meta.created":
                return ScimPredicate<User>.Moment(u => u.CreatedAt, one);
            case "meta.lastmodified":
                return ScimPredicate<User>.Moment(u => u.UpdatedAt, one);
            case "emails.type" or "emails.primary" or "phonenumbers.type" or "phonenumbers.primary":
                // Every user has at most one of each: it is the primary one, of type work or mobile.
                return Equals(one, path, ScimPredicate<User>.Always(one.Value is "true" or "work" or "mobile"), u => true);
            default:
                throw ScimFault.InvalidFilter($"'{path}' is kept sealed or is not known; it cannot be asked for.");
        }
    }

    /// <summary>What a client calls the user name is an address where it has an @.</summary>
    private async Task<Expression<Func<User, bool>>> UserNameAsync(Directory directory, string? value, CancellationToken cancellation)
    {
        if (value is null) return u => false;
        var isEmail = value.Contains('@', StringComparison.Ordinal);
        var index = await profiles.IndexAsync(directory.Account, isEmail ? UserField.Email : UserField.UserName, value, cancellation);
        return isEmail ? u => u.UserNameIndex == null && u.EmailIndex == index : u => u.UserNameIndex == index;
    }

    private async Task<byte[]?> IndexAsync(Directory directory, UserField field, string? value, CancellationToken cancellation) =>
        value is null ? null : await profiles.IndexAsync(directory.Account, field, value, cancellation);

    private static Expression<Func<User, bool>> Equals(ScimFilter.Compare one, string path, Expression<Func<User, bool>> equal, Expression<Func<User, bool>> present) => one.Operator switch
    {
        "eq" => equal,
        "ne" => ScimPredicate<User>.Negate(equal),
        "pr" => present,
        _ => throw ScimFault.InvalidFilter($"'{path}' is kept sealed or has no order; it can be asked eq, ne and pr, not {one.Operator}."),
    };
}
