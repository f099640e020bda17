using Custodia.Identity.Administration;
using Custodia.Identity.Contracts;
using Custodia.Kernel.Messaging;
using Custodia.Kernel.Vault;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Users;

/// <summary>Publishes that a user's status has changed, inside the transaction of the change.</summary>
internal sealed class StatusEvents(IdentityContext database, Outbox outbox)
{
    public async Task PublishAsync(User user, CancellationToken cancellation) =>
        await PublishAsync(
            user.Account,
            user.Id,
            await database.Directories.Where(d => d.Id == user.DirectoryId).Select(d => d.Name).SingleAsync(cancellation),
            user.Status,
            cancellation);

    public async Task PublishAsync(long account, Guid user, string directory, UserStatus status, CancellationToken cancellation)
    {
        try
        {
            await outbox.PublishAsync(database, account, user, new UserStatusChanged(user, directory, UserQueries.StatusName(status)), cancellation);
        }
        catch (KeyDestroyedException)
        {
            // Erased meanwhile: that is what is told, and no more about the person.
        }
    }
}
