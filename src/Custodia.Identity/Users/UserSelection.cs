using Custodia.Identity.Groups;

namespace Custodia.Identity.Users;

/// <summary>Which users of a directory are meant; everything that is set must hold.</summary>
/// <param name="SignedInAfter">Last sign-in at or after.</param>
/// <param name="SignedInBefore">Last sign-in before.</param>
/// <param name="Group">Members of this group.</param>
/// <param name="Names">Hashes of beginnings that the display name must have, see <see cref="NamePrefixes.Sought"/>; empty for any name.</param>
internal sealed record UserSelection(UserStatus? Status = null, Guid? Group = null, DateTimeOffset? SignedInAfter = null, DateTimeOffset? SignedInBefore = null, IReadOnlyList<byte[]>? Names = null)
{
    public IQueryable<User> Of(IdentityContext database, Guid directory)
    {
        var users = Named(database, directory);
        if (Status is { } status) users = users.Where(u => u.Status == status);
        if (SignedInAfter is { } after) users = users.Where(u => u.LastSignInAt >= after);
        if (SignedInBefore is { } before) users = users.Where(u => u.LastSignInAt < before);
        if (Group is { } group) users = users.Where(u => database.Set<GroupMember>().Any(m => m.UserId == u.Id && m.GroupId == group));
        return users;
    }

    // The first word leads, because few have it: from its rows to the users, not the other way round.
    private IQueryable<User> Named(IdentityContext database, Guid directory)
    {
        if (Names is not { Count: > 0 }) return database.Users.Where(u => u.DirectoryId == directory);
        var first = Names[0];
        var users =
            from prefix in database.NamePrefixes
            join user in database.Users on prefix.UserId equals user.Id
            where prefix.DirectoryId == directory && prefix.Account == user.Account && prefix.Hash == first
            select user;
        foreach (var hash in Names.Skip(1)) users = users.Where(u => database.NamePrefixes.Any(p => p.Account == u.Account && p.DirectoryId == directory && p.Hash == hash && p.UserId == u.Id));
        return users;
    }
}
