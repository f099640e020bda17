using Custodia.Identity.Directories;
using Custodia.Identity.Users;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Administration;

/// <summary>Finds users for staff, always within the account, always masked.</summary>
internal sealed class UserQueries(IdentityContext database, UserProfiles profiles, UserLookup lookup)
{
    public Task<Directory?> DirectoryAsync(long account, string name, CancellationToken cancellation) =>
        database.Directories.AsNoTracking().FirstOrDefaultAsync(d => d.Account == account && d.Name == name, cancellation);

    public Task<List<Directory>> DirectoriesAsync(long account, CancellationToken cancellation) =>
        database.Directories.AsNoTracking().Where(d => d.Account == account).OrderBy(d => d.Id).Take(500).ToListAsync(cancellation);

    /// <summary>A user of the account with their directory.</summary>
    public async Task<(User User, Directory Directory)?> FindAsync(long account, Guid id, CancellationToken cancellation)
    {
        var found = await (
            from user in database.Users
            where user.Id == id && user.Account == account
            join directory in database.Directories on user.DirectoryId equals directory.Id
            select new { user, directory }).AsNoTracking().FirstOrDefaultAsync(cancellation);
        return found is null ? null : (found.user, found.directory);
    }

    /// <summary>The one user with this exact value.</summary>
    public Task<User?> ByValueAsync(Directory directory, UserField field, string value, CancellationToken cancellation) =>
        lookup.FindAsync(directory, field, value, cancellation);

    /// <summary>Newest first; one row more than <paramref name="limit"/>, see <see cref="Cursor.Cut"/>.</summary>
    public Task<List<User>> PageAsync(Directory directory, UserSelection selection, Guid? before, int limit, CancellationToken cancellation)
    {
        var users = selection.Of(database, directory.Id).AsNoTracking();
        if (before is { } cursor) users = users.Where(u => u.Id < cursor);
        return users.OrderByDescending(u => u.Id).Take(limit + 1).ToListAsync(cancellation);
    }

    /// <summary>Hashes to find the beginning of a name by; empty for no name, null when a word of it is too short.</summary>
    public async Task<IReadOnlyList<byte[]>?> NamesAsync(Directory directory, string? name, CancellationToken cancellation)
    {
        if (string.IsNullOrWhiteSpace(name)) return [];
        if (name.Length > UserField.DisplayName.MaxLength || NamePrefixes.Sought(name) is not { Count: > 0 } sought) return null;
        List<byte[]> hashes = [];
        foreach (var beginning in sought) hashes.Add(await profiles.PrefixAsync(directory.Account, directory.Id, beginning, cancellation));
        return hashes;
    }

    public async Task<UserAnswer> AnswerAsync(User user, Directory directory, CancellationToken cancellation) => new(
        user.Id,
        directory.Name,
        StatusName(user.Status),
        user.EmailVerified,
        user.Credentials is not null,
        user.CreatedAt,
        user.UpdatedAt,
        user.LastSignInAt,
        MaskedProfile.Of(await profiles.MaskAsync(user, cancellation)));

    public async Task<List<UserAnswer>> AnswersAsync(IEnumerable<User> users, Directory directory, CancellationToken cancellation)
    {
        List<UserAnswer> answers = [];
        foreach (var user in users) answers.Add(await AnswerAsync(user, directory, cancellation));
        return answers;
    }

    public static string StatusName(UserStatus status) => status.ToString().ToUpperInvariant();

    public static bool TryStatus(string? name, out UserStatus? status)
    {
        status = null;
        if (string.IsNullOrEmpty(name)) return true;
        foreach (var known in Enum.GetValues<UserStatus>())
        {
            if (string.Equals(StatusName(known), name, StringComparison.Ordinal)) status = known;
        }

        return status is not null;
    }
}
