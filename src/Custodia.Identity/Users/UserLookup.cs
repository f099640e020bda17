using Custodia.Identity.Directories;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Users;

/// <summary>Finds a user by exact user name, address or mobile number, through the keyed indexes.</summary>
internal sealed class UserLookup(IdentityContext database, UserProfiles profiles)
{
    /// <summary>By what somebody types at sign-in: an address when it has an @, else a user name (which never has one).</summary>
    public Task<User?> FindTypedAsync(Directory directory, string typed, CancellationToken cancellation) =>
        FindAsync(directory, typed.Contains('@', StringComparison.Ordinal) ? UserField.Email : UserField.UserName, typed, cancellation);

    public async Task<User?> FindAsync(Directory directory, UserField field, string value, CancellationToken cancellation)
    {
        var index = await profiles.IndexAsync(directory.Account, field, value, cancellation);
        var users = database.Users.Where(u => u.DirectoryId == directory.Id);
        users = field.Name switch
        {
            "user-name" => users.Where(u => u.UserNameIndex == index),
            "email" => users.Where(u => u.EmailIndex == index),
            "mobile" => users.Where(u => u.MobileIndex == index),
            _ => throw new ArgumentException("This field has no exact lookup.", nameof(field)),
        };

        // A mobile number may belong to a family; the oldest user answers.
        return await users.OrderBy(u => u.Id).FirstOrDefaultAsync(cancellation);
    }
}
