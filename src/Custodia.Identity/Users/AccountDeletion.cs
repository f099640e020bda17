using Custodia.Identity.Directories;
using Custodia.Identity.Sessions;
using Custodia.Kernel.Deletion;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Users;

/// <summary>Starts the deletion of a person: the request with its clock, and the end of everything they are signed in to.</summary>
internal sealed class AccountDeletion(IdentityContext database, DeletionRequests requests, BrowserSessions sessions, StatusEvents events)
{
    /// <summary>
    /// Opens the request and signs the person out everywhere. Within a grace they can sign in again to take it back; without one the
    /// user is frozen, because erasing has begun.
    /// </summary>
    public async Task<DeletionRequest> RequestAsync(Directory directory, Guid person, string requestedBy, CancellationToken cancellation)
    {
        var request = await requests.OpenAsync(new Subject(directory.Account, person), requestedBy, directory.GraceDays, cancellation);
        var stamp = SecurityStamp.New();
        // By statement and not through loaded rows: erasing may have taken the row already.
        await database.InTransactionAsync(
            async token =>
            {
                var users = database.Users.Where(u => u.Id == person && u.DirectoryId == directory.Id);
                await users.ExecuteUpdateAsync(u => u.SetProperty(x => x.SecurityStamp, stamp), token);
                var frozen = directory.GraceDays == 0
                    ? await users.Where(u => u.Status != UserStatus.Frozen).ExecuteUpdateAsync(u => u.SetProperty(x => x.Status, UserStatus.Frozen), token)
                    : 0;
                await sessions.EndAllAsync(person, except: null, token);
                if (frozen > 0) await events.PublishAsync(directory.Account, person, directory.Name, UserStatus.Frozen, token);
                await database.SaveChangesAsync(token);
            },
            cancellation);
        return request;
    }
}
