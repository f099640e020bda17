using Custodia.Identity.Groups;

namespace Custodia.Identity.Users;

/// <summary>Which users of a directory are meant; everything that is set must hold.</summary>
/// <param name="SignedInAfter">Last sign-in at or after.</param>
/// <param name="SignedInBefore">Last sign-in before.</param>
/// <param name="Group">Members of this group.</param>
internal sealed record UserSelection(UserStatus? Status = null, Guid? Group = null, DateTimeOffset? SignedInAfter = null, DateTimeOffset? SignedInBefore = null)
{
    public IQueryable<User> Of(IdentityContext database, Guid directory)
    {
        var users = database.Users.Where(u => u.DirectoryId == directory);
        if (Status is { } status) users = users.Where(u => u.Status == status);
        if (SignedInAfter is { } after) users = users.Where(u => u.LastSignInAt >= after);
        if (SignedInBefore is { } before) users = users.Where(u => u.LastSignInAt < before);
        if (Group is { } group) users = users.Where(u => database.Set<GroupMember>().Any(m => m.UserId == u.Id && m.GroupId == group));
        return users;
    }
}
