using Custodia.Identity.Directories;
using Custodia.Identity.Users;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Administration;

/// <summary>Makes and changes directories; the request has been checked by <see cref="DirectoryRules"/>.</summary>
internal sealed class DirectorySettings(IdentityContext database, TimeProvider time)
{
    /// <summary>A new customer directory; null when the name is taken on this server.</summary>
    public async Task<Directory?> CreateAsync(long account, NewDirectoryRequest request, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var directory = new Directory
        {
            Id = Guid.CreateVersion7(now),
            Account = account,
            Name = request.Name,
            Kind = DirectoryKind.Customer,
            Title = request.Title?.Trim() ?? request.Name,
            TitleZh = request.TitleZh?.Trim() ?? request.Title?.Trim() ?? request.Name,
            SignUp = SignUpMode.Open,
            MandatoryFields = "email",
            CreatedAt = now,
        };
        Apply(directory, request);
        database.Directories.Add(directory);
        try
        {
            await database.SaveChangesAsync(cancellation);
            return directory;
        }
        catch (DbUpdateException e) when (UniqueConflict.Caused(e))
        {
            database.ChangeTracker.Clear();
            return null;
        }
    }

    /// <summary>The directory after the change; null when the account has none of this name.</summary>
    public async Task<Directory?> UpdateAsync(long account, string name, DirectoryRequest request, CancellationToken cancellation)
    {
        if (await database.Directories.FirstOrDefaultAsync(d => d.Account == account && d.Name == name, cancellation) is not { } directory) return null;
        Apply(directory, request);
        await database.SaveChangesAsync(cancellation);
        return directory;
    }

    private static void Apply(Directory directory, DirectoryRequest request)
    {
        directory.Title = request.Title?.Trim() ?? directory.Title;
        directory.TitleZh = request.TitleZh?.Trim() ?? directory.TitleZh;
        // Staff are made by staff: nobody signs up to the console.
        directory.SignUp = directory.IsStaff ? SignUpMode.Closed : request.SignUp ?? directory.SignUp;
        if (request.MandatoryFields is { } fields) directory.MandatoryFields = string.Join(' ', fields.Distinct(StringComparer.Ordinal));
        // Nor does anybody of staff take their deletion back: it is decided by others, and holds at once.
        directory.GraceDays = directory.IsStaff ? 0 : request.GraceDays ?? directory.GraceDays;
        if (request.DormantDays is { } dormant) directory.DormantDays = dormant == 0 ? null : dormant;
        if (request.UserLimit is { } limit) directory.UserLimit = limit == 0 ? null : limit;
    }
}
